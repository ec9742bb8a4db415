/** Volume rate of change 100 (V - Vₙ) / Vₙ against the bar `period` before. Null there is none, or its volume is 0. */
export function vroc(volume: Float64Array, period: number, out: Float64Array): void {
  out.fill(Number.NaN, 0, period);
  for (let i = period; i < out.length; i++) {
    const before = volume[i - period]!;
    out[i] = before > 0 ? 100 * ((volume[i]! - before) / before) : Number.NaN;
  }
}
