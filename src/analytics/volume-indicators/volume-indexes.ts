const START = 1000;

/**
 * Negative and positive volume index, both from 1000: × C / C₁ where volume is below, or above, that of the bar before.
 * A bar without a price has a volume of 0 and leaves both; the next is compared with that 0 and the last close. Steps at
 * which a close is not positive leave them too. Error: below 2 · bars · 2^-53, relative.
 */
export function volumeIndexes(
  close: Float64Array,
  volume: Float64Array,
  negative: Float64Array,
  positive: Float64Array,
): void {
  let nvi = START;
  let pvi = START;
  let before = Number.NaN;
  let last = Number.NaN;
  for (let i = 0; i < volume.length; i++) {
    const c = close[i]!;
    const v = volume[i]!;
    if (!Number.isNaN(c)) {
      if (c > 0 && before > 0) {
        const change = c / before;
        if (v < last) nvi *= change;
        else if (v > last) pvi *= change;
      }
      before = c;
    }
    last = v;
    negative[i] = nvi;
    positive[i] = pvi;
  }
}
