import { stepUp } from './step-up.js';

/**
 * Benjamini & Hochberg (1995) q-values q_(i) = min_{j ≥ i} min(1, m·p_(j)/j): rejecting q ≤ α keeps the false discovery
 * rate at α for independent or positively dependent tests. Nulls stay null and are not counted in m.
 */
export function benjaminiHochberg(p: Float64Array): Float64Array {
  return stepUp(p, () => 1);
}
