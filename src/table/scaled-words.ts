import { bigAt, DECIMAL128_MAX, type ExactColumn, SAFE } from '../core/exact.js';

const LIMB = 16777216;

/**
 * Writes rows `[from, to)` of `column · factor` as 128-bit two's complement words at `4·row`. Values at or
 * below 2^53 never become BigInt; factor > 0. Returns the first row beyond 38 digits, or -1.
 */
export function scaledWords(
  out: Uint32Array,
  column: ExactColumn,
  from: number,
  to: number,
  factor: bigint,
): number {
  const { values, wide } = column;
  const narrow = factor < 1n << 72n;
  /** The factor where value · factor may stay exact in f64; infinity rules the short way out. */
  const single = factor < 1n << 53n ? Number(factor) : Number.POSITIVE_INFINITY;
  // 24-bit limbs: three of the factor, three of the value, and sums of products stay below 2^53
  const f0 = Number(factor & 0xffffffn);
  const f1 = Number((factor >> 24n) & 0xffffffn);
  const f2 = Number((factor >> 48n) & 0xffffffn);
  const bound = factor > DECIMAL128_MAX ? 0 : Number(DECIMAL128_MAX / factor);
  for (let row = from, at = 4 * from; row < to; row++, at += 4) {
    const value = values[row]!;
    if (!narrow || wide?.has(row)) {
      if (!writeBig(out, at, bigAt(column, row) * factor)) return row;
      continue;
    }
    const scaled = value * single;
    if (scaled < SAFE && scaled > -SAFE) {
      const high = Math.floor(scaled / 4294967296);
      const sign = scaled < 0 ? 0xffffffff : 0;
      // the difference stays in u32: a conversion that has to wrap is several times slower
      out[at] = scaled - high * 4294967296;
      out[at + 1] = high;
      out[at + 2] = sign;
      out[at + 3] = sign;
      continue;
    }
    const magnitude = Math.abs(value);
    if (magnitude >= bound && value !== 0 && !writeBig(out, at, BigInt(value) * factor)) return row;
    const v2 = Math.floor(magnitude / 281474976710656);
    const v1 = Math.floor(magnitude / LIMB) - v2 * LIMB;
    const v0 = magnitude - (v2 * LIMB + v1) * LIMB;
    const p0 = v0 * f0;
    const p1 = v0 * f1 + v1 * f0 + Math.floor(p0 / LIMB);
    const p2 = v0 * f2 + v1 * f1 + v2 * f0 + Math.floor(p1 / LIMB);
    const p3 = v1 * f2 + v2 * f1 + Math.floor(p2 / LIMB);
    const p4 = v2 * f2 + Math.floor(p3 / LIMB);
    const l0 = p0 % LIMB;
    const l1 = p1 % LIMB;
    const l2 = p2 % LIMB;
    const l3 = p3 % LIMB;
    let w0 = (l0 | (l1 << 24)) >>> 0;
    let w1 = ((l1 >>> 8) | (l2 << 16)) >>> 0;
    let w2 = ((l2 >>> 16) | (l3 << 8)) >>> 0;
    let w3 = p4 >>> 0;
    if (value < 0) {
      w0 = -w0 >>> 0;
      w1 = (~w1 + (w0 === 0 ? 1 : 0)) >>> 0;
      w2 = (~w2 + (w0 === 0 && w1 === 0 ? 1 : 0)) >>> 0;
      w3 = (~w3 + (w0 === 0 && w1 === 0 && w2 === 0 ? 1 : 0)) >>> 0;
    }
    out[at] = w0;
    out[at + 1] = w1;
    out[at + 2] = w2;
    out[at + 3] = w3;
  }
  return -1;
}

function writeBig(out: Uint32Array, at: number, value: bigint): boolean {
  if (value > DECIMAL128_MAX || value < -DECIMAL128_MAX) return false;
  let rest = BigInt.asUintN(128, value);
  for (let w = 0; w < 4; w++, rest >>= 32n) out[at + w] = Number(rest & 0xffffffffn);
  return true;
}

/** The integer in the four words of `row`. */
export function readDecimal(words: Uint32Array, row: number): bigint {
  const at = 4 * row;
  const high = (BigInt(words[at + 3]!) << 32n) | BigInt(words[at + 2]!);
  const low = (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
  return BigInt.asIntN(128, (high << 64n) | low);
}
