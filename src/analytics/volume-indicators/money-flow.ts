/**
 * Money flow volume MFM · V, MFM = ((C - L) - (H - C)) / (H - L) in [-1, 1], in lots: 0 where H = L and in a bar
 * without a price.
 */
export function moneyFlow(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < volume.length; i++) {
    const h = high[i]!;
    const l = low[i]!;
    const c = close[i]!;
    const range = h - l;
    // the multiplier first: it stays in [-1, 1], so that no flow exceeds its volume
    out[i] = range > 0 ? ((c - l - (h - c)) / range) * volume[i]! : 0;
  }
}
