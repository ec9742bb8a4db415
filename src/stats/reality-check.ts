import { completeTrials } from './complete-trials.js';
import { resampledMeans } from './resampled-means.js';
import { sampleMoments } from './sample-moments.js';
import { type BootstrapOptions, stationaryBootstrap } from './stationary-bootstrap.js';

export interface RealityCheck {
  /** max_k √n·mean_k. */
  readonly statistic: number;
  readonly p: number;
  /** Which of the trials given has the largest mean; -1 without a trial. */
  readonly best: number;
}

/**
 * Reality check of White (2000), Econometrica 68: whether the best of many trials beats the benchmark. `excess` holds each
 * trial's returns less the benchmark's, equally long. V = max_k √n·f̄_k is compared with V* = max_k √n(f̄*_k - f̄_k) over
 * stationary bootstrap resamples, in which all trials share rows; p = (1 + #{V* ≥ V})/(1 + samples), never 0.
 * Null without a trial or for fewer than two rows (`completeTrials`).
 */
export function realityCheck(excess: readonly Float64Array[], options: BootstrapOptions = {}): RealityCheck {
  const { rows, columns, index } = completeTrials(excess);
  if (columns.length === 0 || rows < 2) return { statistic: Number.NaN, p: Number.NaN, best: -1 };
  const resamples = stationaryBootstrap(rows, options);
  const largest = new Float64Array(resamples.samples).fill(Number.NEGATIVE_INFINITY);
  let most = Number.NEGATIVE_INFINITY;
  let best = -1;
  columns.forEach((column, k) => {
    const { mean } = sampleMoments(column);
    const means = resampledMeans(
      column.map((value) => value - mean),
      resamples,
    );
    for (let s = 0; s < means.length; s++) if (means[s]! > largest[s]!) largest[s] = means[s]!;
    if (mean > most) {
      most = mean;
      best = index[k]!;
    }
  });
  let reached = 0;
  for (const value of largest) if (value >= most) reached++;
  return { statistic: Math.sqrt(rows) * most, p: (1 + reached) / (1 + resamples.samples), best };
}
