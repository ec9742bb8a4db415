const BASE = 2 ** 30;

/**
 * Exact signed sum of packed sizes of a trades frame (`size`, `sizeHi`), hi · 2^30 + lo with |lo| < 2^30: no BigInt
 * by row, and no bound below 2^83.
 */
export class LotSum {
  #hi = 0;
  #lo = 0;

  /** Adds sign · lots of a row. */
  add(sign: 1 | -1, size: number, sizeHi: number): void {
    this.#hi += sign * sizeHi;
    this.#lo += sign * (size >>> 2);
    if (this.#lo >= BASE) {
      this.#lo -= BASE;
      this.#hi++;
    } else if (this.#lo <= -BASE) {
      this.#lo += BASE;
      this.#hi--;
    }
  }

  /** The nearest f64. */
  get value(): number {
    return this.#hi * BASE + this.#lo;
  }

  get exact(): bigint {
    return BigInt(this.#hi) * BigInt(BASE) + BigInt(this.#lo);
  }
}
