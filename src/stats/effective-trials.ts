import { InputError } from '../core/errors.js';
import { averageLinkage } from './average-linkage.js';
import { completeTrials } from './complete-trials.js';
import { correlationMatrix } from './correlation-matrix.js';
import { sampleMoments } from './sample-moments.js';

export interface EffectiveTrials {
  /** Trials with returns that vary; the others are not counted. */
  readonly trials: number;
  /** Clusters of correlated trials: the effective number of trials. */
  readonly clusters: number;
  /** Cluster of each trial given, from 0; -1 for one that is not counted. */
  readonly labels: Int32Array;
  /** Mean correlation ρ̄ over the pairs; null for fewer than two trials. */
  readonly meanCorrelation: number;
  /** ρ̄ + (1 - ρ̄)·N with ρ̄ at least 0, the interpolation of Bailey & López de Prado (2014), appendix 3. */
  readonly interpolated: number;
}

/**
 * How many independent trials a sweep of correlated ones amounts to. Trials are clustered by the correlation of their
 * returns, hierarchically with average linkage: clusters are joined while the mean correlation between their members is
 * at least `threshold`. Deterministic, and independent of the order of the trials but for ties. A mirrored strategy
 * (ρ = -1) counts as another trial. Beside it stands the estimate from the mean correlation alone.
 */
export function effectiveTrials(returns: readonly Float64Array[], threshold = 0.5): EffectiveTrials {
  if (!(threshold > 0 && threshold <= 1))
    throw new InputError('cluster threshold', threshold, 'must lie in (0, 1]');
  const { columns, index } = completeTrials(returns);
  const moving = [...columns.keys()].filter((i) => sampleMoments(columns[i]!).variance > 0);
  const n = moving.length;
  const similarity = correlationMatrix(moving.map((i) => columns[i]!));
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += similarity[i * n + j]!;
  const meanCorrelation = n > 1 ? sum / ((n * (n - 1)) / 2) : Number.NaN;
  const share = n > 1 ? Math.max(0, meanCorrelation) : 0;

  const cluster = averageLinkage(similarity, n, threshold);
  const labels = new Int32Array(returns.length).fill(-1);
  moving.forEach((column, i) => {
    labels[index[column]!] = cluster[i]!;
  });
  return {
    trials: n,
    clusters: cluster.reduce((most, label) => Math.max(most, label + 1), 0),
    labels,
    meanCorrelation,
    interpolated: share + (1 - share) * n,
  };
}
