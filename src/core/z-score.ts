import { SAFE } from './exact.js';
import { productError } from './product-error.js';

/**
 * (x - mean) / sd, ddof = 1, of n integers of sum `sum` and `scatter` = n Σ x² - (Σ x)²: (n x - Σ x) / √(n · scatter /
 * (n - 1)). Null (NaN) for fewer than two values and for sd = 0.
 */
export function zScore(x: number, n: number, sum: number, scatter: number): number {
  if (n < 2 || scatter === 0) return Number.NaN;
  const product = n * x;
  const error = Math.abs(product) < SAFE ? 0 : productError(n, x, product);
  return (product - sum + error) / Math.sqrt((scatter / (n - 1)) * n);
}
