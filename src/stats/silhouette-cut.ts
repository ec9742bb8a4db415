import type { Linkage } from './average-linkage.js';

/** Items in clusters, and how clearly each is in its own. */
export interface Cut {
  readonly clusters: number;
  /** Cluster of each item, numbered by first appearance. */
  readonly labels: Int32Array;
  /** Silhouette of each item, -1 to 1. */
  readonly silhouettes: Float64Array;
}

/**
 * The cut of a tree into 2 … N - 1 clusters whose mean silhouette is largest, of equal ones the finer; where none is above
 * `least` all items are one cluster, with silhouettes of 0. The silhouette of an item is (b - a)/max(a, b): a its mean
 * distance to the others of its cluster, b to those of the nearest other one; 0 for an item alone and where both are 0
 * (Rousseeuw 1987).
 *
 * Every cut is tried, from the finest on, in O(N²) and a scan where the cluster next to an item is joined to another.
 * `distance` at i·N + j is overwritten, by the sum of distances of item i to the cluster of lowest item j.
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
  const silhouettes = new Float64Array(n);
  let clusters = n;
  let best: Cut = { clusters: Math.min(1, n), labels: new Int32Array(n), silhouettes: silhouettes.slice() };
  let most = least * n;

  const scan = (i: number): void => {
    let closest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < clusters; k++) {
      const other = live[k]!;
      const mean = distance[i * n + other]! / size[other]!;
      if (other !== own[i] && mean < closest) {
        closest = mean;
        nearest[i] = other;
      }
    }
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
      // joined to a third, a cluster's mean lies between the two: another one nearer than both stays the nearest
      if (nearest[i] === keep || nearest[i] === drop) scan(i);
      const others = size[own[i]!]! - 1;
      const a = others > 0 ? distance[i * n + own[i]!]! / others : 0;
      const b = distance[i * n + nearest[i]!]! / size[nearest[i]!]!;
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
