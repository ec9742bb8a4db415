const BITS = 11;
const BUCKETS = 1 << BITS;

/**
 * Stable order of rows 0 … n-1 by (time, seq), both non-negative integers below 2^53; a NaN seq sorts first.
 * Returns the permutation. Linear: LSD radix, insertion below 48 rows.
 */
export function orderRows(time: Float64Array, seq: Float64Array | undefined): Uint32Array {
  const n = time.length;
  let order: Uint32Array = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < 48) {
    for (let i = 1; i < n; i++) {
      const row = order[i]!;
      let j = i;
      while (j > 0 && before(row, order[j - 1]!, time, seq)) {
        order[j] = order[j - 1]!;
        j--;
      }
      order[j] = row;
    }
    return order;
  }
  if (seq)
    order = radix(
      order,
      Float64Array.from(seq, (s) => (s >= 0 ? s + 1 : 0)),
    );
  return radix(order, time);
}

const before = (a: number, b: number, time: Float64Array, seq: Float64Array | undefined): boolean => {
  if (time[a]! !== time[b]!) return time[a]! < time[b]!;
  return seq !== undefined && rank(seq[a]!) < rank(seq[b]!);
};

const rank = (seq: number): number => (seq >= 0 ? seq : -1);

/** One stable sort of `order` by `keys`. */
function radix(order: Uint32Array, keys: Float64Array): Uint32Array {
  const n = order.length;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < n; i++) {
    min = Math.min(min, keys[i]!);
    max = Math.max(max, keys[i]!);
  }
  const span = max - min;
  let from = order;
  let to: Uint32Array = new Uint32Array(n);
  const starts = new Uint32Array(BUCKETS + 1);
  for (let divisor = 1; divisor <= span; divisor *= BUCKETS) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[digit(keys[from[i]!]! - min, divisor) + 1]!++;
    for (let b = 0; b < BUCKETS; b++) starts[b + 1]! += starts[b]!;
    for (let i = 0; i < n; i++) {
      const row = from[i]!;
      to[starts[digit(keys[row]! - min, divisor)]!++] = row;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Exact: dividing by a power of two only shifts the exponent. */
const digit = (key: number, divisor: number): number => {
  const shifted = Math.floor(key / divisor);
  return shifted - Math.floor(shifted / BUCKETS) * BUCKETS;
};
