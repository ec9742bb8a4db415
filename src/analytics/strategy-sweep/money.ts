import { RATE_UNIT } from './rules.js';

/** amount · rate / 10^8, halves away from zero: exact for 0 ≤ amount < 2^51 and |rate| < 2^26. */
export function share(amount: number, rate: number): number {
  const size = Math.abs(rate);
  const whole = Math.floor(amount / RATE_UNIT);
  const rest = amount - whole * RATE_UNIT;
  const value = whole * size + Math.floor((rest * size + RATE_UNIT / 2) / RATE_UNIT);
  return rate < 0 ? -value : value;
}

/** Impact Yσ√(q / V) as a rate, at most 2^25: `impact` is Yσ, `root` 2^5 √V; a volume of nothing counts as the order. */
export function impactRate(impact: number, lots: number, root: number): number {
  if (root === 0) return Math.min(MOST_RATE, impact);
  // 2^10 √q; an integer below 2^51 has no root so near a whole number that f64 could reach it
  const order = Math.floor(Math.sqrt(lots * 1048576));
  return Math.min(MOST_RATE, Math.floor(Math.floor((impact * order) / 32) / root));
}

const MOST_RATE = 2 ** 25;

/** value / divisor, halves away from zero. */
export function quotient(value: number, divisor: number): number {
  const size = Math.floor((2 * Math.abs(value) + divisor) / (2 * divisor));
  return value < 0 ? -size : size;
}
