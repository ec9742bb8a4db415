import { orderedPValues } from './ordered-p-values.js';

/**
 * Holm (1979) step-down p-values, which bound the chance of any false rejection whatever the dependence:
 * p̃_(i) = max_{j ≤ i} min(1, (m - j + 1)·p_(j)). Nulls stay null and are not counted in m.
 */
export function holm(p: Float64Array): Float64Array {
  const order = orderedPValues(p);
  const out = new Float64Array(p.length).fill(Number.NaN);
  let largest = 0;
  for (let i = 0; i < order.length; i++) {
    largest = Math.max(largest, Math.min(1, (order.length - i) * p[order[i]!]!));
    out[order[i]!] = largest;
  }
  return out;
}
