import type { SharpeEstimate } from './sharpe-estimate.js';

/**
 * Which kurtosis enters the error of a Sharpe ratio: `raw` is right, `excess` puts γ4 - 3 in its place and reproduces a
 * known error; results made so must say so.
 */
export type KurtosisMode = 'raw' | 'excess';

/**
 * 1 - γ3·SR + (γ4 - 1)/4·SR²: (n - 1) times the variance of an estimated Sharpe ratio. Null where it is not positive,
 * which no distribution allows but a sample's rounding or the `excess` mode can.
 */
export function sharpeSpread(
  { sharpe, skewness, kurtosis }: SharpeEstimate,
  mode: KurtosisMode = 'raw',
): number {
  const fourth = mode === 'excess' ? kurtosis - 3 : kurtosis;
  const spread = 1 - skewness * sharpe + ((fourth - 1) / 4) * sharpe * sharpe;
  return spread > 0 ? spread : Number.NaN;
}
