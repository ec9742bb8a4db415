const LIMB = 262144; // 2^18
const LIMB2 = LIMB * LIMB;

/** Most values of a window: three products of two limbs share a place, so 2^15 of them stay below 2^53. */
export const LONGEST_WINDOW = 10_000;

/**
 * Count, Σ x and Σ x² of a sliding window of integers 0 ≤ x < 2^53 whose sum stays below 2^53. Everything is exact, so
 * nothing drifts: after a million steps the sums are those of the window alone. Squares are summed by place in limbs of
 * 18 bits, since a plain f64 loses them beyond 2^53.
 */
export class WindowMoments {
  count = 0;
  sum = 0;
  // Σ x² by place: 2^0, 2^18, … 2^72
  #p0 = 0;
  #p1 = 0;
  #p2 = 0;
  #p3 = 0;
  #p4 = 0;

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.#p0 = 0;
    this.#p1 = 0;
    this.#p2 = 0;
    this.#p3 = 0;
    this.#p4 = 0;
  }

  /** Adds x, or takes it out again with sign -1. */
  change(x: number, sign: 1 | -1): void {
    const high = Math.floor(x / LIMB2);
    const rest = x - high * LIMB2;
    const middle = Math.floor(rest / LIMB);
    const low = rest - middle * LIMB;
    this.count += sign;
    this.sum += sign * x;
    this.#p0 += sign * low * low;
    this.#p1 += sign * 2 * low * middle;
    this.#p2 += sign * (2 * low * high + middle * middle);
    this.#p3 += sign * 2 * middle * high;
    this.#p4 += sign * high * high;
  }

  /** n Σ x² - (Σ x)² = n (n - 1) · variance: exact digits, summed from the top, so within 2^-50 relative; 0 if all are equal. */
  scatter(): number {
    const n = this.count;
    const high = Math.floor(this.sum / LIMB2);
    const rest = this.sum - high * LIMB2;
    const middle = Math.floor(rest / LIMB);
    const low = rest - middle * LIMB;
    // Σ x² in digits of 18 bits before it is multiplied by n
    let carry = Math.floor(this.#p0 / LIMB);
    const d0 = n * (this.#p0 - carry * LIMB) - low * low;
    const q1 = this.#p1 + carry;
    carry = Math.floor(q1 / LIMB);
    let d1 = n * (q1 - carry * LIMB) - 2 * low * middle;
    const q2 = this.#p2 + carry;
    carry = Math.floor(q2 / LIMB);
    let d2 = n * (q2 - carry * LIMB) - 2 * low * high - middle * middle;
    const q3 = this.#p3 + carry;
    carry = Math.floor(q3 / LIMB);
    let d3 = n * (q3 - carry * LIMB) - 2 * middle * high;
    const q4 = this.#p4 + carry;
    carry = Math.floor(q4 / LIMB);
    let d4 = n * (q4 - carry * LIMB) - high * high;
    // borrows go up: the whole is not negative, so in the end no digit is
    const c0 = Math.floor(d0 / LIMB);
    d1 += c0;
    const c1 = Math.floor(d1 / LIMB);
    d2 += c1;
    const c2 = Math.floor(d2 / LIMB);
    d3 += c2;
    const c3 = Math.floor(d3 / LIMB);
    d4 += c3;
    const c4 = Math.floor(d4 / LIMB);
    let value = n * carry + c4;
    value = value * LIMB + (d4 - c4 * LIMB);
    value = value * LIMB + (d3 - c3 * LIMB);
    value = value * LIMB + (d2 - c2 * LIMB);
    value = value * LIMB + (d1 - c1 * LIMB);
    return value * LIMB + (d0 - c0 * LIMB);
  }
}
