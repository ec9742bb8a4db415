import { sampleMoments } from './sample-moments.js';

/**
 * Autocorrelations ρ_1 … ρ_lags of a series, ρ_k = Σ(x_t - x̄)(x_{t-k} - x̄)/Σ(x_t - x̄)². Rows keep their place: a null
 * row drops its pairs but never moves its neighbours together. All null for a constant series.
 */
export function autocorrelation(series: Float64Array, lags: number): Float64Array {
  const out = new Float64Array(lags);
  const { n, mean, variance } = sampleMoments(series, 0);
  if (!(variance > 0)) return out.fill(Number.NaN);
  const centred = series.map((x) => (Number.isNaN(x) ? 0 : x - mean));
  for (let k = 1; k <= lags; k++) {
    let sum = 0;
    for (let t = k; t < centred.length; t++) sum += centred[t]! * centred[t - k]!;
    out[k - 1] = sum / (n * variance);
  }
  return out;
}
