import { completePairs } from './complete-pairs.js';
import { sampleMoments } from './sample-moments.js';

/**
 * Pearson's correlation Σ(x-x̄)(y-ȳ)/√(Σ(x-x̄)²·Σ(y-ȳ)²) ∈ [-1, 1] over the rows where neither is null.
 * Null with fewer than `minPairs` such rows or zero variance on either side.
 */
export function pearson(x: Float64Array, y: Float64Array, minPairs = 30): number {
  const pairs = completePairs(x, y);
  if (pairs.n < minPairs) return Number.NaN;
  const a = sampleMoments(pairs.x, 0);
  const b = sampleMoments(pairs.y, 0);
  if (!(a.variance > 0 && b.variance > 0)) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < pairs.n; i++) sum += (pairs.x[i]! - a.mean) * (pairs.y[i]! - b.mean);
  // two roots: the product of two variances may leave the range of f64
  const r = sum / pairs.n / Math.sqrt(a.variance) / Math.sqrt(b.variance);
  return Math.min(1, Math.max(-1, r));
}
