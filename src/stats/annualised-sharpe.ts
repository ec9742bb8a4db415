import { autocorrelation } from './autocorrelation.js';
import { checkWhole } from './check-whole.js';
import { sharpeRatio } from './sharpe-ratio.js';

/**
 * Sharpe ratio over `periods` periods with Lo's correction for autocorrelation: SR·q/√(q + 2Σ_{k<q} (q-k)·ρ_k),
 * q = periods (Lo 2002, Financial Analysts Journal 58(4), eq. 20). ρ_k enters up to `lags`, all q - 1 unless given;
 * `lags` 0 is the plain SR·√q. Null where the Sharpe ratio is or the radicand is not positive.
 */
export function annualisedSharpe(returns: Float64Array, periods: number, lags = periods - 1): number {
  checkWhole('Sharpe periods', periods, 1, 2 ** 31);
  checkWhole('Sharpe lags', lags, 0, periods - 1);
  const sharpe = sharpeRatio(returns);
  // beyond the sample there is no pair
  const rho = autocorrelation(returns, Math.min(lags, Math.max(0, returns.length - 1)));
  let radicand = periods;
  for (let k = 1; k <= rho.length; k++) radicand += 2 * (periods - k) * rho[k - 1]!;
  return radicand > 0 ? (sharpe * periods) / Math.sqrt(radicand) : Number.NaN;
}
