/** Exponential average of weight 2 / (bars + 1), seeded by the mean of the first `bars` values; NaN before. */
export function ema(values: Float64Array, bars: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const weight = 2 / (bars + 1);
  let sum = 0;
  let average = 0;
  for (let i = 0; i < values.length; i++) {
    if (i < bars) {
      sum += values[i]!;
      average = sum / bars;
    } else average += weight * (values[i]! - average);
    if (i >= bars - 1) out[i] = average;
  }
  return out;
}
