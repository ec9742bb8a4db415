import { psr } from './psr.js';
import type { SharpeEstimate } from './sharpe-estimate.js';
import type { KurtosisMode } from './sharpe-spread.js';

/**
 * p of the one-sided test that the true Sharpe ratio is at most `benchmark`: 1 - PSR, as the PSR of the mirrored returns,
 * since a subtraction from 1 leaves nothing of a p below 1e-16. Null where the PSR is.
 */
export const sharpeP = (estimate: SharpeEstimate, benchmark = 0, kurtosis: KurtosisMode = 'raw'): number =>
  psr({ ...estimate, sharpe: -estimate.sharpe, skewness: -estimate.skewness }, -benchmark, kurtosis);
