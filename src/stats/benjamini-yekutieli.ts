import { stepUp } from './step-up.js';

/**
 * Benjamini & Yekutieli (2001) q-values, for tests of any dependence: those of Benjamini & Hochberg times Σ_{i ≤ m} 1/i,
 * at most 1. Nulls stay null and are not counted in m.
 */
export function benjaminiYekutieli(p: Float64Array): Float64Array {
  return stepUp(p, harmonic);
}

/** Smallest terms first. */
function harmonic(m: number): number {
  let sum = 0;
  for (let i = m; i > 0; i--) sum += 1 / i;
  return sum;
}
