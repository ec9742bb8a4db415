import { SAFE } from './exact.js';
import type { RowParams, RowScale } from './price-rows.js';

/** Row of tick number k: k · num / den, rounded as asked, exactly. */
export function rowOf(k: number, { num, den }: RowScale, rounding: RowParams['rounding']): number {
  const x = k * num;
  // below 2^51 the f64 quotient of integers never rounds across an integer
  if (Math.abs(x) >= SAFE / 4 || den >= SAFE / 4)
    return rowOfBig(BigInt(k) * BigInt(num), BigInt(den), rounding);
  switch (rounding) {
    case 'floor':
      return Math.floor(x / den);
    case 'ceil':
      // + 0 turns the -0 of small negative quotients into a row number
      return Math.ceil(x / den) + 0;
    case 'half_up':
      return Math.floor((2 * x + den) / (2 * den));
    case 'half_even': {
      const up = Math.floor((2 * x + den) / (2 * den));
      const tie = (2 * x + den) % (2 * den) === 0;
      return tie && up % 2 !== 0 ? up - 1 : up;
    }
    default:
      return rounding satisfies never;
  }
}

function rowOfBig(x: bigint, den: bigint, rounding: RowParams['rounding']): number {
  const floor = (n: bigint, d: bigint): bigint => (n % d < 0n ? n / d - 1n : n / d);
  if (rounding === 'floor') return Number(floor(x, den));
  if (rounding === 'ceil') return Number(-floor(-x, den));
  const up = floor(2n * x + den, 2n * den);
  const tie = (2n * x + den) % (2n * den) === 0n;
  return Number(rounding === 'half_even' && tie && up % 2n !== 0n ? up - 1n : up);
}
