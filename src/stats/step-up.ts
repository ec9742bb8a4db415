import { orderedPValues } from './ordered-p-values.js';

/** q_(i) = min_{j ≥ i} min(1, factor(m)·m·p_(j)/j); nulls stay null and are not counted in m. */
export function stepUp(p: Float64Array, factor: (m: number) => number): Float64Array {
  const order = orderedPValues(p);
  const m = order.length;
  const out = new Float64Array(p.length).fill(Number.NaN);
  const scale = factor(m) * m;
  let smallest = 1;
  for (let i = m - 1; i >= 0; i--) {
    smallest = Math.min(smallest, (scale * p[order[i]!]!) / (i + 1));
    out[order[i]!] = smallest;
  }
  return out;
}
