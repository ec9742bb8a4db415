import { completeTrials } from './complete-trials.js';
import { resampledMeans } from './resampled-means.js';
import { sampleMoments } from './sample-moments.js';
import { type BootstrapOptions, stationaryBootstrap } from './stationary-bootstrap.js';
import { stationaryVariance } from './stationary-variance.js';

export interface Spa {
  /** max(0, max_k √n·mean_k/ω_k). */
  readonly statistic: number;
  /** p-values with poor trials counted as at the benchmark where they beat it only, by the threshold, or always. */
  readonly lower: number;
  readonly consistent: number;
  readonly upper: number;
  /** Which of the trials given has the largest mean/ω; -1 without a trial. */
  readonly best: number;
}

/**
 * Test for superior predictive ability of Hansen (2005), Journal of Business & Economic Statistics 23: the reality check
 * studentised, and without the power that trials far below the benchmark take from it. `excess` holds each trial's
 * returns less the benchmark's. T = max(0, max_k √n·f̄_k/ω_k), ω_k² the stationary bootstrap's own variance
 * (`stationaryVariance`); T* is the same of f̄*_k - g(f̄_k), with g(f̄) = max(f̄, 0) for `lower`, f̄ where
 * √n·f̄/ω ≥ -√(2 ln ln n) and 0 elsewhere for `consistent`, f̄ for `upper`; p = (1 + #{T* ≥ T})/(1 + samples).
 * Trials without variance are left out. Null without a trial or for fewer than three rows (`completeTrials`).
 */
export function spa(excess: readonly Float64Array[], options: BootstrapOptions = {}): Spa {
  const none = {
    statistic: Number.NaN,
    lower: Number.NaN,
    consistent: Number.NaN,
    upper: Number.NaN,
    best: -1,
  };
  const { rows, columns, index } = completeTrials(excess);
  if (columns.length === 0 || rows < 3) return none;
  const resamples = stationaryBootstrap(rows, options);
  const poor = -Math.sqrt(2 * Math.log(Math.log(rows)));
  // T* of each resample in the order lower, consistent, upper; a maximum with 0
  const largest = [0, 1, 2].map(() => new Float64Array(resamples.samples));
  let most = Number.NEGATIVE_INFINITY;
  let best = -1;
  columns.forEach((column, k) => {
    const { mean, variance } = sampleMoments(column);
    if (!(variance > 0)) return;
    const centred = column.map((value) => value - mean);
    const error = Math.sqrt(stationaryVariance(centred, resamples.meanBlock) / rows);
    if (!(error > 0)) return;
    const t = mean / error;
    const shifts = [Math.min(t, 0), t < poor ? t : 0, 0];
    const means = resampledMeans(centred, resamples);
    shifts.forEach((shift, kind) => {
      raise(largest[kind]!, means, error, shift);
    });
    if (t > most) {
      most = t;
      best = index[k]!;
    }
  });
  if (best < 0) return none;
  const statistic = Math.max(0, most);
  const [lower, consistent, upper] = largest.map((values) => {
    let reached = 0;
    for (const value of values) if (value >= statistic) reached++;
    return (1 + reached) / (1 + values.length);
  });
  return { statistic, lower: lower!, consistent: consistent!, upper: upper!, best };
}

function raise(largest: Float64Array, means: Float64Array, error: number, shift: number): void {
  for (let s = 0; s < means.length; s++) {
    const t = means[s]! / error + shift;
    if (t > largest[s]!) largest[s] = t;
  }
}
