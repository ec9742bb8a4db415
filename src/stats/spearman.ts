import { averageRanks } from './average-ranks.js';
import { completePairs } from './complete-pairs.js';
import { pearson } from './pearson.js';

/**
 * Spearman's correlation: Pearson's of the average ranks among the rows where neither is null. Null as `pearson`.
 */
export function spearman(x: Float64Array, y: Float64Array, minPairs = 30): number {
  const pairs = completePairs(x, y);
  return pearson(averageRanks(pairs.x), averageRanks(pairs.y), minPairs);
}
