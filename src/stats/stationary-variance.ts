/**
 * Variance of √n·mean under the stationary bootstrap, what the variance of resampled means tends to with more of them
 * (Politis & Romano 1994, lemma 1): γ_0 + 2Σ_{i=1}^{n-1} κ_i·γ_i, κ_i = (1 - i/n)a^i + (i/n)a^{n-i}, a = 1 - 1/meanBlock,
 * γ_i = (1/n)Σ_t x_t·x_{t-i} of the centred series.
 *
 * On the circle the two weights are one: Σ_i κ_i·γ_i = (1/n)Σ_t x_t·(E_t - D_t/n) with E_t = Σ_i a^i·x_{t-i} and
 * D_t = Σ_i i·a^i·x_{t-i}, i = 1 … n - 1, rows counted around it; both follow from row to row, in O(n).
 */
export function stationaryVariance(centred: Float64Array, meanBlock: number): number {
  const n = centred.length;
  const a = 1 - 1 / meanBlock;
  const turn = a ** n;
  let e = 0;
  let d = 0;
  let power = 1;
  for (let i = 1; i < n; i++) {
    power *= a;
    e += power * centred[n - i]!;
    d += i * power * centred[n - i]!;
  }
  let sum = 0;
  for (let t = 0; t < n; t++) {
    const x = centred[t]!;
    sum += x * (x + 2 * (e - d / n));
    // row t + 1 sees row t at distance 1 and all others one further; its own value, at distance n, falls out
    const next = centred[t + 1 < n ? t + 1 : 0]!;
    d = a * (d + e + x) - n * turn * next;
    e = a * (e + x) - turn * next;
  }
  return sum / n;
}
