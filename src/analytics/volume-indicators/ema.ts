/**
 * Exponential average e += α (x - e), α = 2 / (period + 1), of the first `count` values: seeded by the mean of `period`
 * values, null before, or by the first value. Nulls are passed over, and are null in the average. A constant stays
 * itself to the bit. Error: below (period / 2 + 7) · 2^-53 · max|values|, however many there are.
 */
export function ema(
  values: Float64Array,
  count: number,
  period: number,
  seed: 'sma' | 'first',
  out: Float64Array,
): void {
  const alpha = 2 / (period + 1);
  const first = seed === 'sma' ? period : 1;
  let e = 0;
  let i = 0;
  for (let seen = 0; i < count && seen < first; i++) {
    const x = values[i]!;
    out[i] = Number.NaN;
    if (Number.isNaN(x)) continue;
    e += x;
    if (++seen < first) continue;
    e /= first;
    out[i] = e;
  }
  for (; i < count; i++) {
    const x = values[i]!;
    if (!Number.isNaN(x)) e += alpha * (x - e);
    out[i] = !Number.isNaN(x) ? e : Number.NaN;
  }
}
