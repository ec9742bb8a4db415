import { sampleMoments } from './sample-moments.js';

/**
 * Sharpe ratio mean/sd per period of excess returns, ddof 1, nulls left out. Null for fewer than two returns or zero
 * variance.
 */
export function sharpeRatio(returns: Float64Array): number {
  const { mean, variance } = sampleMoments(returns);
  return variance > 0 ? mean / Math.sqrt(variance) : Number.NaN;
}
