import type { Linkage } from './average-linkage.js';

/** Items in clusters, and how clearly each is in its own. */
export interface Cut {
  readonly clusters: number;
  /** Cluster of each item, numbered by first appearance. */
  readonly labels: Int32Array;
  /** Silhouette of each item, -1 to 1. */
  readonly silhouettes: Float64Array;
}

/** Closest clusters that are remembered of an item. */
const KEPT = 8;

/**
 * The cut of a tree into 2 … N - 1 clusters whose mean silhouette is largest, of equal ones the finer; where none is above
 * `least` all items are one cluster, with silhouettes of 0. The silhouette of an item is (b - a)/max(a, b): a its mean
 * distance to the others of its cluster, b to those of the nearest other one; 0 for an item alone and where both are 0
 * (Rousseeuw 1987).
 *
 * Every cut is tried, from the finest on, in O(N²) and a scan of all clusters where those that were close to an item have
 * been joined to others. `distance` at i·N + j is overwritten, by the sum of distances of item i to the cluster of lowest
 * item j.
 */
export function silhouetteCut(
  distance: Float64Array,
  n: number,
  { parent, order }: Linkage,
  least: number,
): Cut {
  const own = Int32Array.from({ length: n }, (_, i) => i);
  const size = new Int32Array(n).fill(1);
  const live = own.slice();
  const nearest = new Int32Array(n);
  // by item, its closest clusters when they were last scanned, and the mean distance that no other was below
  const near = new Int32Array(n * KEPT);
  const beyond = new Float64Array(n);
  const silhouettes = new Float64Array(n);
  let clusters = n;
  let best: Cut = { clusters: Math.min(1, n), labels: new Int32Array(n), silhouettes: silhouettes.slice() };
  let most = least * n;

  const meanTo = (i: number, cluster: number): number => distance[i * n + cluster]! / size[cluster]!;
  const scan = (i: number): void => {
    // ascending, without sorting them all
    const found: number[] = [];
    const means: number[] = [];
    for (let k = 0; k < clusters; k++) {
      const other = live[k]!;
      const mean = meanTo(i, other);
      if (other === own[i] || mean >= means[KEPT]!) continue;
      let at = Math.min(found.length, KEPT);
      for (; at > 0 && means[at - 1]! > mean; at--) {
        found[at] = found[at - 1]!;
        means[at] = means[at - 1]!;
      }
      found[at] = other;
      means[at] = mean;
    }
    nearest[i] = found[0]!;
    for (let k = 0; k < KEPT; k++) near[i * KEPT + k] = found[k] ?? i;
    beyond[i] = means[KEPT] ?? Number.POSITIVE_INFINITY;
  };
  /** A cluster joined to another is no closer than the closer of the two was, so what was far stays beyond. */
  const update = (i: number): void => {
    let closest = beyond[i]!;
    nearest[i] = -1;
    for (let k = i * KEPT; k < (i + 1) * KEPT; k++) {
      const other = own[near[k]!]!;
      if (other === own[i] || meanTo(i, other) > closest) continue;
      closest = meanTo(i, other);
      nearest[i] = other;
    }
    if (nearest[i]! < 0) scan(i);
  };
  for (let i = 0; i < n; i++) scan(i);

  for (const drop of order) {
    const keep = parent[drop]!;
    for (let i = 0; i < n; i++) {
      distance[i * n + keep]! += distance[i * n + drop]!;
      if (own[i] === drop) own[i] = keep;
    }
    size[keep]! += size[drop]!;
    live[live.indexOf(drop)] = live[--clusters]!;
    if (clusters < 2) break;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (nearest[i] === keep || nearest[i] === drop) update(i);
      const others = size[own[i]!]! - 1;
      const a = others > 0 ? distance[i * n + own[i]!]! / others : 0;
      const b = meanTo(i, nearest[i]!);
      const value = others > 0 && Math.max(a, b) > 0 ? (b - a) / Math.max(a, b) : 0;
      silhouettes[i] = value;
      sum += value;
    }
    if (sum > most) {
      most = sum;
      best = { clusters, labels: own.slice(), silhouettes: silhouettes.slice() };
    }
  }
  return { ...best, labels: numbered(best.labels) };
}

/** Lowest members as numbers from 0 on. */
function numbered(lowest: Int32Array): Int32Array {
  const label = new Int32Array(lowest.length);
  let clusters = 0;
  lowest.forEach((item, i) => {
    label[i] = item === i ? clusters++ : label[item]!;
  });
  return label;
}
