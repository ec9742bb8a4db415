import { windowSum } from './window-sum.js';

/** Scratch of an instrument's bars. */
export interface Movements {
  readonly terms: Float64Array;
  readonly sums: Float64Array;
}

/**
 * Ease of movement Δ(H + L) · (H - L) / V in ticks² / lot, against the last bar that had a price, and the mean of its
 * last `period` values. Null in the first bar and in one without volume: there the mean is null as well.
 */
export function emv(
  high: Float64Array,
  low: Float64Array,
  volume: Float64Array,
  period: number,
  suffix: Float64Array,
  { terms, sums }: Movements,
  out: Float64Array,
  mean: Float64Array,
): void {
  let before = Number.NaN;
  let known = 0;
  for (let i = 0; i < volume.length; i++) {
    const h = high[i]!;
    const l = low[i]!;
    const v = volume[i]!;
    const middle = h + l;
    const value = v > 0 ? ((middle - before) * (h - l)) / v : Number.NaN;
    if (!Number.isNaN(middle)) before = middle;
    out[i] = value;
    if (!Number.isNaN(value)) terms[known++] = value;
  }
  windowSum(terms, known, period, suffix, sums);
  for (let i = 0, at = 0; i < volume.length; i++)
    mean[i] = !Number.isNaN(out[i]) ? sums[at++]! / period : Number.NaN;
}
