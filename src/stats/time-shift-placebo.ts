import { checkSameLength } from './check-same-length.js';
import { checkWhole } from './check-whole.js';
import type { Placebo } from './sign-flip-placebo.js';

export interface TimeShiftOptions {
  /** Shifts tried, spread evenly over those allowed, or all where there are fewer; 1,000 unless given. */
  readonly shifts?: number;
  /** Smallest shift in rows, either way; 1 unless given. Should exceed the exposure's own memory. */
  readonly minShift?: number;
}

/**
 * Time-shift placebo: the mean of exposure_t·return_t is compared with that of the same exposures held at other times,
 * exposure_{t-k}·return_t around the circle, which keeps the exposures' persistence and the returns' drift and breaks what
 * links them. One-sided; p = (1 + #{shift ≥ strategy})/(1 + shifts). Products with a null are left out of each mean; null
 * where no shift is allowed or a mean has no product.
 */
export function timeShiftPlacebo(
  exposure: Float64Array,
  returns: Float64Array,
  options: TimeShiftOptions = {},
): Placebo {
  checkSameLength('returns', returns.length, exposure.length);
  const n = returns.length;
  const minShift = checkWhole('placebo minShift', options.minShift ?? 1, 1, 2 ** 31);
  const allowed = Math.max(0, n - 2 * minShift + 1);
  const placebos = Math.min(allowed, checkWhole('placebo shifts', options.shifts ?? 1000, 1, 1_000_000));
  const statistic = meanProduct(exposure, returns, 0);
  if (placebos === 0 || Number.isNaN(statistic)) return { statistic, p: Number.NaN, placebos: 0 };
  // equal sums in another order differ by rounding and count as equal
  const bound =
    statistic - n * Number.EPSILON * meanProduct(exposure.map(Math.abs), returns.map(Math.abs), 0);
  let reached = 0;
  let tried = 0;
  for (let i = 0; i < placebos; i++) {
    const value = meanProduct(exposure, returns, minShift + Math.floor((i * allowed) / placebos));
    if (Number.isNaN(value)) continue;
    tried++;
    if (value >= bound) reached++;
  }
  return { statistic, p: tried > 0 ? (1 + reached) / (1 + tried) : Number.NaN, placebos: tried };
}

function meanProduct(exposure: Float64Array, returns: Float64Array, shift: number): number {
  const n = returns.length;
  let count = 0;
  let sum = 0;
  for (let t = 0, at = shift; t < n; t++, at++) {
    if (at === n) at = 0;
    const product = exposure[t]! * returns[at]!;
    if (Number.isNaN(product)) continue;
    sum += product;
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
