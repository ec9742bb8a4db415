import { SIDE_BUY, SIDE_SELL } from './columns.js';

/** Exact sums over a run of trades: lots by side, Σ lots·k, Σ s·lots·k (s = 1 buy, -1 sell) and Σ lots·k², k the tick offset. */
export interface Moments {
  buy: bigint;
  sell: bigint;
  unknown: bigint;
  first: bigint;
  signed: bigint;
  second: bigint;
}

const LIMB = 2097152; // 2^21
/** Products of two limbs stay under 2^42 and at most three share a place: 2^9 rows fit in 2^53. */
const FLUSH = 512;

/**
 * Sums of any size without a BigInt per row. Lots (< 2^62) and k² (< 2^62) are split into 21-bit limbs, their
 * products are collected by place in f64, and a BigInt is made once every 512 rows.
 */
export function exactMoments(
  tick: Int32Array,
  size: Uint32Array,
  sizeHi: Uint32Array | undefined,
  from: number,
  to: number,
): Moments {
  const out: Moments = { buy: 0n, sell: 0n, unknown: 0n, first: 0n, signed: 0n, second: 0n };
  for (let start = from; start < to; start += FLUSH) {
    const end = Math.min(to, start + FLUSH);
    let buy0 = 0;
    let buy1 = 0;
    let buy2 = 0;
    let sell0 = 0;
    let sell1 = 0;
    let sell2 = 0;
    let other0 = 0;
    let other1 = 0;
    let other2 = 0;
    // first moment: lots limbs times the high and low 16 bits of k
    let low0 = 0;
    let low1 = 0;
    let low2 = 0;
    let high0 = 0;
    let high1 = 0;
    let high2 = 0;
    // the same with the side's sign, whose k is that of the first moment or its negative
    let signed0 = 0;
    let signed1 = 0;
    let signed2 = 0;
    let signedHigh0 = 0;
    let signedHigh1 = 0;
    let signedHigh2 = 0;
    // second moment by place: 2^0, 2^21, … 2^84
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    for (let i = start; i < end; i++) {
      const word = size[i]!;
      const lo = word >>> 2;
      const hi = sizeHi ? sizeHi[i]! : 0;
      // lots = hi · 2^30 + lo, in limbs of 21 bits: 9 of hi's bits complete the second limb's upper part
      const q0 = lo & 0x1fffff;
      const q1 = ((lo >>> 21) | ((hi & 0xfff) << 9)) >>> 0;
      const q2 = hi >>> 12;
      const side = word & 3;
      if (side === SIDE_BUY) {
        buy0 += q0;
        buy1 += q1;
        buy2 += q2;
      } else if (side === SIDE_SELL) {
        sell0 += q0;
        sell1 += q1;
        sell2 += q2;
      } else {
        other0 += q0;
        other1 += q1;
        other2 += q2;
      }
      const k = tick[i]!;
      const kHigh = k >> 16;
      const kLow = k & 0xffff;
      low0 += q0 * kLow;
      low1 += q1 * kLow;
      low2 += q2 * kLow;
      high0 += q0 * kHigh;
      high1 += q1 * kHigh;
      high2 += q2 * kHigh;
      const sign = side === SIDE_BUY ? 1 : side === SIDE_SELL ? -1 : 0;
      signed0 += sign * q0 * kLow;
      signed1 += sign * q1 * kLow;
      signed2 += sign * q2 * kLow;
      signedHigh0 += sign * q0 * kHigh;
      signedHigh1 += sign * q1 * kHigh;
      signedHigh2 += sign * q2 * kHigh;
      const d = Math.abs(k);
      const dHigh = Math.floor(d / 65536);
      const dLow = d & 0xffff;
      // d² = dHigh² · 2^32 + rest, rest < 2^49; 2^32 = 2^11 · 2^21
      const rest = 2 * dHigh * dLow * 65536 + dLow * dLow;
      const restHigh = Math.floor(rest / LIMB);
      const e0 = rest - restHigh * LIMB;
      const upper = dHigh * dHigh * 2048 + restHigh;
      const e2 = Math.floor(upper / LIMB);
      const e1 = upper - e2 * LIMB;
      s0 += q0 * e0;
      s1 += q0 * e1 + q1 * e0;
      s2 += q0 * e2 + q1 * e1 + q2 * e0;
      s3 += q1 * e2 + q2 * e1;
      s4 += q2 * e2;
    }
    out.buy += join(buy0, buy1, buy2);
    out.sell += join(sell0, sell1, sell2);
    out.unknown += join(other0, other1, other2);
    out.first += join(low0, low1, low2) + join(high0, high1, high2) * 65536n;
    out.signed += join(signed0, signed1, signed2) + join(signedHigh0, signedHigh1, signedHigh2) * 65536n;
    out.second += join(s0, s1, s2) + (BigInt(s3) << 63n) + (BigInt(s4) << 84n);
  }
  return out;
}

const join = (a: number, b: number, c: number): bigint => BigInt(a) + (BigInt(b) << 21n) + (BigInt(c) << 42n);
