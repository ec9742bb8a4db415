import { autocorrelation } from './autocorrelation.js';

/** Beyond it the plug-in rule asks for more lags than any sample has. */
const MOST_PERSISTENT = 0.97;

/**
 * Lags for the long-run variance of one series by its own persistence: Andrews (1991), Econometrica 59, AR(1) plug-in
 * for the Bartlett kernel, bandwidth 1.1447(α·n)^{1/3} with α = 4ρ²/(1-ρ²)² and ρ the first autocorrelation; the lags
 * with weight are those below the bandwidth. Deterministic; 0 for a constant series.
 */
export function andrewsLags(series: Float64Array): number {
  const n = series.length;
  if (n < 2) return 0;
  const first = autocorrelation(series, 1)[0]!;
  if (Number.isNaN(first)) return 0;
  const rho = Math.max(-MOST_PERSISTENT, Math.min(MOST_PERSISTENT, first));
  const alpha = (4 * rho * rho) / (1 - rho * rho) ** 2;
  return Math.min(n - 1, Math.floor(1.1447 * (alpha * n) ** (1 / 3)));
}
