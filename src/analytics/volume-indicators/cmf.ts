import { windowSum } from './window-sum.js';

/**
 * Chaikin money flow Σ MFM · V / Σ V of `period` bars, in [-1, 1] to the bit: flows are rounded, but none beyond its
 * volume, and volumes add up exactly. Null where the window has no volume.
 */
export function cmf(
  flow: Float64Array,
  volume: Float64Array,
  period: number,
  suffix: Float64Array,
  sums: Float64Array,
  out: Float64Array,
): void {
  windowSum(flow, volume.length, period, suffix, out);
  windowSum(volume, volume.length, period, suffix, sums);
  // 0 / 0 is null
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / sums[i]!;
}
