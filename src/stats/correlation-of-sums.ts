import { normalQuantile } from './normal-quantile.js';
import { twoSidedP } from './two-sided-p.js';

/** Closer to 1 than this ρ̂² is 1 but for rounding, and has no error. */
const PERFECT = 1e-12;

/** ρ̂ = xy/(√xx·√yy) ∈ [-1, 1], `scale` being √xx·√yy; null with zero variance on either side. */
export const correlationOf = (xy: number, scale: number): number =>
  scale > 0 ? Math.min(1, Math.max(-1, xy / scale)) : Number.NaN;

/**
 * Standard error of Fisher's z = artanh ρ̂ by the delta method, robust to heteroskedasticity and autocorrelation (see
 * `correlationInterval`): √(Ω/(n-3))/(1-ρ̂²), Ω the Newey-West long-run variance of the influences
 * (n/scale)·(x·y - ½(xy/xx·x² + xy/yy·y²)) of the n centred pairs with Bartlett weights over `lags`; `windows` as in
 * `PairSums`. Null where ρ̂ is, for a perfect correlation, and where no influence varies.
 */
export function fisherError(rho: number, n: number, scale: number, windows: number, lags: number): number {
  const variance = (windows / (lags + 1) / scale) * (n / scale);
  const error = Math.sqrt(variance / (n - 3)) / (1 - rho * rho);
  return 1 - rho * rho > PERFECT && error > 0 ? error : Number.NaN;
}

/** An end of the interval about ρ̂: tanh(artanh ρ̂ ± error·Φ⁻¹((1 + level)/2)), `side` being -1 or 1. */
export const fisherBound = (rho: number, error: number, level: number, side: -1 | 1): number =>
  Math.tanh(Math.atanh(rho) + side * error * normalQuantile((1 + level) / 2));

/** Two-sided p of ρ = 0. */
export const fisherP = (rho: number, error: number): number => twoSidedP(Math.atanh(rho) / error);
