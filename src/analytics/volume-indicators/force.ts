/**
 * Raw force index (C - C₁) · V in ticks · lots: null before the second close, 0 in a bar without a price after the
 * first.
 */
export function force(close: Float64Array, volume: Float64Array, out: Float64Array): void {
  let before = Number.NaN;
  for (let i = 0; i < volume.length; i++) {
    const c = close[i]!;
    if (!Number.isNaN(c)) {
      out[i] = (c - before) * volume[i]!;
      before = c;
    } else out[i] = !Number.isNaN(before) ? 0 : Number.NaN;
  }
}
