import { ascending } from './ascending.js';
import { averageRanks } from './average-ranks.js';
import type { Influence } from './pearson-influence.js';

/**
 * Influence of each pair on Spearman's correlation, which is that of u and v, the centred average ranks by n. A pair
 * counts by its own product and also by moving the ranks of all others:
 * ψ_uv = u_t·v_t + mean_s K(x_s, x_t)·v_s + mean_s K(y_s, y_t)·u_s - 3·mean(uv), K(a, b) = 1 for b < a, ½ for b = a;
 * ψ = ψ_uv/(σ_u·σ_v) - ρ(ψ_uu/σ_u² + ψ_vv/σ_v²)/2, whose last two terms are 0 without ties.
 * (Functional delta method; compare Borkowf 2002, Computational Statistics & Data Analysis 39.)
 */
export function spearmanInfluence(x: Float64Array, y: Float64Array): Influence {
  const n = x.length;
  const influence = new Float64Array(n).fill(Number.NaN);
  const centre = (rank: number): number => (rank - (n + 1) / 2) / n;
  const u = averageRanks(x).map(centre);
  const v = averageRanks(y).map(centre);
  const uu = productInfluence(u, u);
  const vv = productInfluence(v, v);
  if (!(uu.mean > 0 && vv.mean > 0)) return { rho: Number.NaN, influence };
  const uv = productInfluence(u, v);
  const scale = Math.sqrt(uu.mean) * Math.sqrt(vv.mean);
  const rho = Math.min(1, Math.max(-1, uv.mean / scale));
  for (let t = 0; t < n; t++)
    influence[t] =
      uv.influence[t]! / scale - (rho / 2) * (uu.influence[t]! / uu.mean + vv.influence[t]! / vv.mean);
  return { rho, influence };
}

/** Mean of the products u·v of centred ranks, and the influence of each pair on it. */
function productInfluence(u: Float64Array, v: Float64Array): { mean: number; influence: Float64Array } {
  const n = u.length;
  const influence = new Float64Array(n);
  let mean = 0;
  for (let t = 0; t < n; t++) mean += (u[t]! * v[t]!) / n;
  addAbove(u, v, influence);
  addAbove(v, u, influence);
  for (let t = 0; t < n; t++) influence[t] = influence[t]! + u[t]! * v[t]! - 3 * mean;
  return { mean, influence };
}

/** Adds to each row the sum of `weight`/n over the rows of greater `key`, and half of it over those of equal key. */
function addAbove(key: Float64Array, weight: Float64Array, out: Float64Array): void {
  const order = ascending(key);
  const n = order.length;
  let above = 0;
  for (let to = n; to > 0; ) {
    let from = to;
    let level = 0;
    while (from > 0 && key[order[from - 1]!] === key[order[to - 1]!]) level += weight[order[--from]!]!;
    for (let i = from; i < to; i++) out[order[i]!] = out[order[i]!]! + (above + level / 2) / n;
    above += level;
    to = from;
  }
}
