import { averageLinkage } from './average-linkage.js';
import { completeTrials } from './complete-trials.js';
import { correlationMatrix } from './correlation-matrix.js';
import { sampleMoments } from './sample-moments.js';
import { silhouetteCut } from './silhouette-cut.js';

/** A mean silhouette up to here shows no substantial structure (Kaufman & Rousseeuw 1990, p. 88). */
const NO_STRUCTURE = 0.25;

export interface EffectiveTrials {
  /** Trials with returns that vary; the others are not counted. */
  readonly trials: number;
  /** Effective number of trials, a whole number. */
  readonly effective: number;
  /** Cluster of each trial given, from 0; -1 for one that is not counted. */
  readonly labels: Int32Array;
  readonly clusters: number;
  /** Mean silhouette of trials that are not alike; 0 where they are one cluster. */
  readonly silhouette: number;
  /** Mean correlation over their pairs; null for fewer than two. */
  readonly meanCorrelation: number;
}

/**
 * How many independent trials a sweep of correlated ones amounts to. Trials are clustered at distances √((1 - ρ)/2), ρ the
 * correlation of their returns, into as many clusters as silhouettes are clearest for, after López de Prado & Lewis
 * (2018). In place of their k-means from random starts a tree of average linkage is cut at every number of clusters, which
 * is deterministic and independent of the order of the trials but for ties; and in place of mean by standard deviation,
 * which would join trials that stand alone to a cluster as their silhouette is 0, the mean alone decides. A mirrored
 * strategy (ρ = -1) counts as another trial.
 *
 * Trials that are the same but for their size and rounding are one, and no pair of them: copies of all leave the number as it
 * is. A cluster counts once if the mean silhouette of its n members is above 0.25. What is no clearer, as trials that are all
 * independent or all equally correlated, counts by its mean correlation, ρ̄ + (1 - ρ̄)·n with ρ̄ at least 0
 * (Bailey & López de Prado 2014, appendix 3): n where ρ̄ = 0, once where ρ̄ = 1. The sum is rounded to a whole number.
 */
export function effectiveTrials(returns: readonly Float64Array[]): EffectiveTrials {
  const { rows, columns, index } = completeTrials(returns);
  const moving = [...columns.keys()].filter((i) => sampleMoments(columns[i]!).variance > 0);
  const n = moving.length;
  const { correlation, place } = withoutCopies(correlationMatrix(moving.map((i) => columns[i]!)), n, rows);
  const m = Math.sqrt(correlation.length);
  const distance = correlation.map((rho) => Math.sqrt((1 - rho) / 2));
  const tree = averageLinkage(distance.slice(), m);
  const { clusters, labels, silhouettes } = silhouetteCut(distance, m, tree, NO_STRUCTURE);

  const members = Array.from({ length: clusters }, (): number[] => []);
  labels.forEach((label, i) => {
    members[label]!.push(i);
  });
  const weight = (cluster: readonly number[]): number => {
    const clear = cluster.reduce((sum, i) => sum + silhouettes[i]!, 0) > NO_STRUCTURE * cluster.length;
    if (clear || cluster.length === 1) return 1;
    const rho = Math.max(0, meanOfPairs(correlation, m, cluster));
    return rho + (1 - rho) * cluster.length;
  };
  const all = new Int32Array(returns.length).fill(-1);
  moving.forEach((column, i) => {
    all[index[column]!] = labels[place[i]!]!;
  });
  return {
    ...{ trials: n, clusters, labels: all },
    effective: Math.round(members.reduce((sum, cluster) => sum + weight(cluster), 0)),
    silhouette: m > 0 ? silhouettes.reduce((sum, value) => sum + value, 0) / m : 0,
    meanCorrelation: meanOfPairs(correlation, m, [...labels.keys()]),
  };
}

/** Correlations of the trials that are not alike an earlier one, and the place among them that each trial has. */
function withoutCopies(
  correlation: Float64Array,
  n: number,
  rows: number,
): { readonly correlation: Float64Array; readonly place: Int32Array } {
  // what sums of so many rows may lack of 1
  const alike = 1 - rows * Number.EPSILON;
  const kept: number[] = [];
  const place = Int32Array.from({ length: n }, (_, i) => {
    const at = kept.findIndex((j) => correlation[i * n + j]! >= alike);
    return at < 0 ? kept.push(i) - 1 : at;
  });
  const m = kept.length;
  if (m === n) return { correlation, place };
  const out = new Float64Array(m * m);
  kept.forEach((i, a) => {
    kept.forEach((j, b) => {
      out[a * m + b] = correlation[i * n + j]!;
    });
  });
  return { correlation: out, place };
}

/** Null for fewer than two. */
function meanOfPairs(matrix: Float64Array, n: number, items: readonly number[]): number {
  let sum = 0;
  for (const i of items) for (const j of items) if (j < i) sum += matrix[i * n + j]!;
  return sum / ((items.length * (items.length - 1)) / 2);
}
