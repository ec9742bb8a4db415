/** Accumulation distribution line: running sum of money flow volume. Error: below bars · 2^-53 · Σ|MFM · V|. */
export function adl(flow: Float64Array, count: number, out: Float64Array): void {
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += flow[i]!;
    out[i] = total;
  }
}
