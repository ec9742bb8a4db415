import { checkSameLength } from './check-same-length.js';
import { checkWhole } from './check-whole.js';
import type { Placebo } from './sign-flip-placebo.js';

export interface TimeShiftOptions {
  /** Shifts tried, spread evenly over those allowed, or all where there are fewer; 1,000 unless given. */
  readonly shifts?: number;
  /** Smallest shift in rows, either way; 1 unless given. Should exceed the exposures' own memory. */
  readonly minShift?: number;
}

/** Exposures and the returns of the same rows. */
export interface Exposed {
  readonly exposure: Float64Array;
  readonly returns: Float64Array;
}

/**
 * Time-shift placebo: the mean of exposure·return over the rows of all series is compared with that of the same exposures
 * held at other times, exposure_{t-k}·return_t around the circle of each series, which keeps the exposures' persistence and
 * the returns' drift and breaks what links them. Series move by the same share of their allowed shifts at a time, so those
 * of one length stay side by side and keep what they have in common. One-sided; p = (1 + #{shift ≥ strategy})/(1 + shifts).
 * Series too short for a shift are left out, and so are products with a null; null where there is no product but 0.
 */
export function timeShiftPlacebo(series: readonly Exposed[], options: TimeShiftOptions = {}): Placebo {
  const minShift = checkWhole('placebo minShift', options.minShift ?? 1, 1, 2 ** 31);
  const most = checkWhole('placebo shifts', options.shifts ?? 1000, 1, 1_000_000);
  for (const { exposure, returns } of series) checkSameLength('returns', returns.length, exposure.length);
  const allowed = ({ returns }: Exposed): number => returns.length - 2 * minShift + 1;
  const moved = series.filter((each) => allowed(each) > 0);
  const placebos = moved.reduce((count, each) => Math.max(count, Math.min(most, allowed(each))), 0);
  const mean = meanProduct(moved, () => 0);
  if (!(mean.size > 0)) return { statistic: mean.value, p: Number.NaN, placebos: 0 };
  // equal sums in another order differ by rounding and count as equal
  const bound = mean.value - mean.count * Number.EPSILON * mean.size;
  let reached = 0;
  let tried = 0;
  for (let i = 0; i < placebos; i++) {
    const { value } = meanProduct(moved, (each) => minShift + Math.floor((i * allowed(each)) / placebos));
    if (Number.isNaN(value)) continue;
    tried++;
    if (value >= bound) reached++;
  }
  return { statistic: mean.value, p: tried > 0 ? (1 + reached) / (1 + tried) : Number.NaN, placebos: tried };
}

/** Mean product and mean size of a product, null without one, over so many products. */
function meanProduct(
  series: readonly Exposed[],
  shift: (each: Exposed) => number,
): { readonly value: number; readonly size: number; readonly count: number } {
  let count = 0;
  let sum = 0;
  let size = 0;
  for (const each of series) {
    const { exposure, returns } = each;
    const n = returns.length;
    for (let t = 0, at = shift(each); t < n; t++, at++) {
      if (at === n) at = 0;
      const product = exposure[t]! * returns[at]!;
      if (Number.isNaN(product)) continue;
      sum += product;
      size += Math.abs(product);
      count++;
    }
  }
  return count > 0 ? { value: sum / count, size: size / count, count } : { value: NULL, size: NULL, count };
}

const NULL = Number.NaN;
