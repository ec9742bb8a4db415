import type { Resamples } from './stationary-bootstrap.js';

/**
 * Mean of a series in each resample. From sums up to every row of two turns around the series, so that a block costs one
 * subtraction whatever its length. The series should be centred: those sums then stay small and keep their digits.
 */
export function resampledMeans(series: Float64Array, resamples: Resamples): Float64Array {
  const { rows, samples, offsets, start, length } = resamples;
  const upTo = new Float64Array(2 * rows + 1);
  for (let t = 0; t < 2 * rows; t++) upTo[t + 1] = upTo[t]! + series[t < rows ? t : t - rows]!;
  const means = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    let sum = 0;
    for (let b = offsets[s]!; b < offsets[s + 1]!; b++) {
      const from = start[b]!;
      sum += upTo[from + length[b]!]! - upTo[from]!;
    }
    means[s] = sum / rows;
  }
  return means;
}
