/**
 * Price-volume trend Σ V (C - C₁) / C₁ in lots, from 0, C₁ the last close before. Steps without a close, or at which
 * one of both is not positive, add nothing. Error: below (bars + 3) · 2^-53 · Σ|terms|.
 */
export function pvt(close: Float64Array, volume: Float64Array, out: Float64Array): void {
  let total = 0;
  let before = Number.NaN;
  for (let i = 0; i < out.length; i++) {
    const c = close[i]!;
    if (!Number.isNaN(c)) {
      // the difference of ticks is exact, that of C / C₁ and 1 would cancel
      if (c > 0 && before > 0) total += ((c - before) / before) * volume[i]!;
      before = c;
    }
    out[i] = total;
  }
}
