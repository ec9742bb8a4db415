import { windowSum } from './window-sum.js';

/** Volume-weighted moving average Σ C · V / Σ V of `period` bars, in ticks. Null where the window has no volume. */
export function vwma(
  close: Float64Array,
  volume: Float64Array,
  period: number,
  suffix: Float64Array,
  terms: Float64Array,
  sums: Float64Array,
  out: Float64Array,
): void {
  // a bar without a price has no volume
  for (let i = 0; i < volume.length; i++) terms[i] = volume[i]! > 0 ? close[i]! * volume[i]! : 0;
  windowSum(terms, volume.length, period, suffix, out);
  windowSum(volume, volume.length, period, suffix, sums);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / sums[i]!;
}
