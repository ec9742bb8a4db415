/**
 * Agglomerative clustering by average linkage (UPGMA) of N items with the symmetric similarities `similarity` at
 * i·N + j: the two most similar clusters are joined while the mean similarity between their members is at least
 * `threshold`. Returns the cluster of each item, numbered by first appearance.
 *
 * Found by chains of nearest neighbours, O(N²): average linkage never makes a cluster more similar to a third than its
 * parts were, so joining mutual nearest neighbours as they turn up gives the same tree as joining the closest pair first
 * (Murtagh 1983; Müllner 2011). Ties go to the lowest index. `similarity` is overwritten.
 */
export function averageLinkage(similarity: Float64Array, n: number, threshold: number): Int32Array {
  const size = new Int32Array(n).fill(1);
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const chain: number[] = [];
  let start = 0;
  for (let joins = 0; joins < n - 1; ) {
    if (chain.length === 0) {
      while (size[start] === 0) start++;
      chain.push(start);
    }
    const top = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestTo(similarity, size, n, top, before);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const keep = Math.min(top, before);
    const drop = Math.max(top, before);
    if (similarity[top * n + before]! >= threshold) parent[drop] = keep;
    join(similarity, size, n, keep, drop);
    joins++;
  }
  return numbered(parent);
}

/** The most similar other cluster; the one before in the chain wins ties, or the chain could run in circles. */
function nearestTo(
  similarity: Float64Array,
  size: Int32Array,
  n: number,
  item: number,
  before: number,
): number {
  let best = before;
  let most = before < 0 ? Number.NEGATIVE_INFINITY : similarity[item * n + before]!;
  for (let k = 0; k < n; k++)
    if (k !== item && size[k]! > 0 && similarity[item * n + k]! > most) {
      most = similarity[item * n + k]!;
      best = k;
    }
  return best;
}

function join(similarity: Float64Array, size: Int32Array, n: number, keep: number, drop: number): void {
  const a = size[keep]!;
  const b = size[drop]!;
  for (let k = 0; k < n; k++) {
    const x = similarity[keep * n + k]!;
    const y = similarity[drop * n + k]!;
    // a mean that rounding lifts above both would break what the chain relies on
    const mean = Math.min(Math.max(x, y), (a * x + b * y) / (a + b));
    similarity[keep * n + k] = mean;
    similarity[k * n + keep] = mean;
  }
  size[keep] = a + b;
  size[drop] = 0;
}

/** A parent is always lower than its child, so one pass in order settles every item. */
function numbered(parent: Int32Array): Int32Array {
  const label = new Int32Array(parent.length);
  let clusters = 0;
  for (let i = 0; i < parent.length; i++) label[i] = parent[i] === i ? clusters++ : label[parent[i]!]!;
  return label;
}
