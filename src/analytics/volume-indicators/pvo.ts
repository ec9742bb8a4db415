/** Percentage volume oscillator 100 (fast - slow) / slow of two averages of volume. Null where nothing was traded yet. */
export function pvo(fast: Float64Array, slow: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const s = slow[i]!;
    out[i] = s > 0 ? 100 * ((fast[i]! - s) / s) : Number.NaN;
  }
}
