import { normalCdf } from '../core/normal-cdf.js';
import type { SharpeEstimate } from './sharpe-estimate.js';
import { type KurtosisMode, sharpeSpread } from './sharpe-spread.js';

/**
 * Probabilistic Sharpe ratio: the confidence that the true Sharpe ratio exceeds `benchmark`,
 * Φ[(SR - SR*)√(n-1)/√(1 - γ3·SR + (γ4-1)/4·SR²)], all per period, γ4 raw (Bailey & López de Prado 2012). Null for
 * fewer than two returns, zero variance, or a root argument that is not positive.
 */
export function psr(estimate: SharpeEstimate, benchmark = 0, kurtosis: KurtosisMode = 'raw'): number {
  if (!(estimate.n > 1)) return Number.NaN;
  const error = Math.sqrt(sharpeSpread(estimate, kurtosis) / (estimate.n - 1));
  return normalCdf((estimate.sharpe - benchmark) / error);
}
