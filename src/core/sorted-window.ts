/**
 * The values of a sliding window in ascending order: order statistics and ranks by bisection. A value moves a part of the
 * window by one place, which for windows of thousands costs less than any tree. Allocates once.
 */
export class SortedWindow {
  readonly #values: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
  }

  /** Values below `x`. */
  below(x: number): number {
    const values = this.#values;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Twice the values below `x`, and once those equal to it: a rank in which ties count half. */
  rank(x: number): number {
    const values = this.#values;
    const below = this.below(x);
    let low = below;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle]! <= x) low = middle + 1;
      else high = middle;
    }
    return below + low;
  }

  insert(x: number): void {
    const at = this.below(x);
    move(this.#values, at, this.#size++, at + 1);
    this.#values[at] = x;
  }

  /** Takes out one of the values equal to `x`, which must be there. */
  remove(x: number): void {
    const at = this.below(x);
    move(this.#values, at + 1, this.#size--, at);
  }

  /** `remove(old)` and `insert(x)`: moves only what lies between them. */
  replace(old: number, x: number): void {
    const from = this.below(old);
    const to = this.below(x);
    if (to > from) {
      move(this.#values, from + 1, to, from);
      this.#values[to - 1] = x;
    } else {
      move(this.#values, to, from, to + 1);
      this.#values[to] = x;
    }
  }

  /** Twice the median: the sum of the two middle values. */
  twiceMedian(): number {
    return this.#values[(this.#size - 1) >> 1]! + this.#values[this.#size >> 1]!;
  }

  /** Four times the median of |x - centre / 2|: the sum of the two middle values of |2x - centre|. */
  fourDeviations(centre: number): number {
    return this.#deviation(centre, (this.#size - 1) >> 1) + this.#deviation(centre, this.#size >> 1);
  }

  /** The k-th smallest |2x - centre|, from 0: the k + 1 nearest values stand together. */
  #deviation(centre: number, k: number): number {
    const values = this.#values;
    let low = 0;
    let high = this.#size - 1 - k;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (centre - 2 * values[middle]! > 2 * values[middle + k + 1]! - centre) low = middle + 1;
      else high = middle;
    }
    return Math.max(Math.abs(centre - 2 * values[low]!), Math.abs(2 * values[low + k]! - centre));
  }
}

/** Moves values [from, to) by one place; the call that moves many at once costs as much as a loop over some dozens. */
function move(values: Float64Array, from: number, to: number, target: number): void {
  if (to - from > 48) values.copyWithin(target, from, to);
  else if (target < from) for (let i = from; i < to; i++) values[i - 1] = values[i]!;
  else for (let i = to - 1; i >= from; i--) values[i + 1] = values[i]!;
}
