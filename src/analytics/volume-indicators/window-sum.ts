/**
 * out[i] = Σ terms[i - period + 1 .. i] of the first `count` terms, null before there are as many. A window is the end
 * of one block of `period` terms and the start of the next: each is summed once, nothing is ever subtracted, so no
 * error outlives its window, and zeros add up to zero. Error: below period · 2^-53 · Σ|terms of the window|; none while
 * sums are integers below 2^53. `suffix` is scratch of more than `period` values; `out` is not `terms`.
 */
export function windowSum(
  terms: Float64Array,
  count: number,
  period: number,
  suffix: Float64Array,
  out: Float64Array,
): void {
  // the block before the first has no sums
  suffix.fill(Number.NaN, 0, period);
  for (let start = 0; start < count; start += period) {
    const end = Math.min(start + period, count);
    suffix[period] = 0;
    let head = 0;
    for (let i = start; i < end; i++) {
      head += terms[i]!;
      out[i] = suffix[i - start + 1]! + head;
    }
    let tail = 0;
    for (let i = end - 1; i > start; i--) {
      tail += terms[i]!;
      suffix[i - start] = tail;
    }
  }
}
