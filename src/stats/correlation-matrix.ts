import { sampleMoments } from './sample-moments.js';

/** Rows summed at a time: a block of two columns and the four beside them stay in the first cache. */
const ROWS = 512;

/**
 * Pearson correlations of equally long series without nulls, series i and j at i·N + j; null in the row and column of
 * a series of zero variance.
 */
export function correlationMatrix(series: readonly Float64Array[]): Float64Array {
  const n = series.length;
  const rows = series[0]?.length ?? 0;
  const unit = series.map((values) => {
    const { mean, variance } = sampleMoments(values, 0);
    const length = variance > 0 ? Math.sqrt(variance * rows) : Number.NaN;
    return values.map((value) => (value - mean) / length);
  });
  const out = new Float64Array(n * n);
  for (let from = 0; from < rows; from += ROWS) {
    const part = unit.map((values) => values.subarray(from, Math.min(rows, from + ROWS)));
    for (let i = 0; i < n; i++) addProducts(part, i, out);
  }
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const sum = out[i * n + j]!;
      // the diagonal is 1 but for rounding, or null
      const value = i === j && !Number.isNaN(sum) ? 1 : Math.min(1, Math.max(-1, sum));
      out[i * n + j] = value;
      out[j * n + i] = value;
    }
  return out;
}

/** Adds the products of series i with series i … N - 1, four of them at a time so that i is read once for each four. */
function addProducts(part: readonly Float64Array[], i: number, out: Float64Array): void {
  const n = part.length;
  const a = part[i]!;
  for (let j = i; j < n; j += 4) {
    const b = part[j]!;
    const c = part[Math.min(j + 1, n - 1)]!;
    const d = part[Math.min(j + 2, n - 1)]!;
    const e = part[Math.min(j + 3, n - 1)]!;
    let ab = 0;
    let ac = 0;
    let ad = 0;
    let ae = 0;
    for (let t = 0; t < a.length; t++) {
      const x = a[t]!;
      ab += x * b[t]!;
      ac += x * c[t]!;
      ad += x * d[t]!;
      ae += x * e[t]!;
    }
    const at = i * n + j;
    out[at] = out[at]! + ab;
    if (j + 1 < n) out[at + 1] = out[at + 1]! + ac;
    if (j + 2 < n) out[at + 2] = out[at + 2]! + ad;
    if (j + 3 < n) out[at + 3] = out[at + 3]! + ae;
  }
}
