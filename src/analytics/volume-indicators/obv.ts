/**
 * On-balance volume in lots, from 0: + V where the close is above the close before, - V where it is below. Exact. A
 * bar without a price adds nothing; the next one is compared with the last close there was.
 */
export function obv(close: Float64Array, volume: Float64Array, out: Float64Array): void {
  let total = 0;
  let before = Number.NaN;
  for (let i = 0; i < out.length; i++) {
    const c = close[i]!;
    if (!Number.isNaN(c)) {
      // false of the null before the first close
      if (c > before) total += volume[i]!;
      else if (c < before) total -= volume[i]!;
      before = c;
    }
    out[i] = total;
  }
}
