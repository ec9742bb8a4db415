/**
 * Σ_{|l| ≤ lags} (1 - |l|/(lags + 1)) Σ_t a_t·b_{t-l}: the Bartlett-weighted sum of cross products over time that makes
 * a long-run covariance. Null rows are passed as 0, which keeps the distances of the others (the amplitude-modulated
 * estimator of Parzen 1963, Datta & Du 2012).
 *
 * Computed as Σ of A·B/(lags + 1), A and B the sums over every window of lags + 1 rows that touches the series: in
 * that sum the product a_t·b_{t-l} occurs lags + 1 - |l| times. One pass whatever the lags, and never negative for a = b.
 */
export function bartlettSum(a: Float64Array, b: Float64Array, lags: number): number {
  const n = a.length;
  let windowA = 0;
  let windowB = 0;
  let total = 0;
  for (let t = 0; t < n + lags; t++) {
    if (t < n) {
      windowA += a[t]!;
      windowB += b[t]!;
    }
    const leaving = t - lags - 1;
    if (leaving >= 0) {
      windowA -= a[leaving]!;
      windowB -= b[leaving]!;
    }
    total += windowA * windowB;
  }
  return total / (lags + 1);
}
