/** A tree of clusters: which of them are joined, and how far apart they were. */
export interface Linkage {
  /** Lowest item of the cluster that the cluster with this lowest item is joined to; of item 0, itself. */
  readonly parent: Int32Array;
  /** Lowest items of the clusters that are joined to others, from the closest pair on: n - 1 of them. */
  readonly order: Int32Array;
  /** Mean distance between the members of the two, by lowest item of the one that is joined. */
  readonly height: Float64Array;
}

/**
 * Agglomerative clustering by average linkage (UPGMA) of N items with the symmetric distances `distance` at i·N + j: the
 * two clusters of the smallest mean distance between their members are joined, until one is left. After n joins of
 * `order` there are N - n clusters.
 *
 * Found by chains of nearest neighbours, O(N²): average linkage never brings a cluster closer to a third than its parts
 * were, so joining mutual nearest neighbours as they turn up gives the same tree as joining the closest pair first
 * (Murtagh 1983; Müllner 2011). Ties go to the lowest index. `distance` is overwritten.
 */
export function averageLinkage(distance: Float64Array, n: number): Linkage {
  const size = new Int32Array(n).fill(1);
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const height = new Float64Array(n);
  const joined: number[] = [];
  const chain: number[] = [];
  let start = 0;
  while (joined.length < n - 1) {
    if (chain.length === 0) {
      while (size[start] === 0) start++;
      chain.push(start);
    }
    const top = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestTo(distance, size, n, top, before);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const keep = Math.min(top, before);
    const drop = Math.max(top, before);
    parent[drop] = keep;
    height[drop] = distance[top * n + before]!;
    join(distance, size, n, keep, drop);
    joined.push(drop);
  }
  // a cluster is never joined below the joins that made it, and where it is level it was found after them
  const order = Int32Array.from(joined.sort((a, b) => height[a]! - height[b]!));
  return { parent, order, height };
}

/** The closest other cluster; the one before in the chain wins ties, or the chain could run in circles. */
function nearestTo(
  distance: Float64Array,
  size: Int32Array,
  n: number,
  item: number,
  before: number,
): number {
  let best = before;
  let least = before < 0 ? Number.POSITIVE_INFINITY : distance[item * n + before]!;
  for (let k = 0; k < n; k++)
    if (k !== item && size[k]! > 0 && distance[item * n + k]! < least) {
      least = distance[item * n + k]!;
      best = k;
    }
  return best;
}

function join(distance: Float64Array, size: Int32Array, n: number, keep: number, drop: number): void {
  const a = size[keep]!;
  const b = size[drop]!;
  for (let k = 0; k < n; k++) {
    const x = distance[keep * n + k]!;
    const y = distance[drop * n + k]!;
    // a mean that rounding drops below both would break what the chain relies on
    const mean = Math.max(Math.min(x, y), (a * x + b * y) / (a + b));
    distance[keep * n + k] = mean;
    distance[k * n + keep] = mean;
  }
  size[keep] = a + b;
  size[drop] = 0;
}
