import { checkLevel } from './check-level.js';
import { normalQuantile } from './normal-quantile.js';
import type { SharpeEstimate } from './sharpe-estimate.js';
import { sharpeSpread } from './sharpe-spread.js';

/**
 * Observations needed for PSR(benchmark) to reach `level`: 1 + [1 - γ3·SR + (γ4-1)/4·SR²]·(Φ⁻¹(level)/(SR - SR*))²
 * (Bailey & López de Prado 2012). A number that need not be whole; null where SR ≤ SR*. `estimate.n` is not used.
 */
export function minTrackRecord(estimate: SharpeEstimate, benchmark = 0, level = 0.95): number {
  checkLevel('track record level', level);
  const lead = estimate.sharpe - benchmark;
  if (!(lead > 0)) return Number.NaN;
  return 1 + sharpeSpread(estimate) * (normalQuantile(level) / lead) ** 2;
}
