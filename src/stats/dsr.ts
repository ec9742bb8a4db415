import { expectedMaximum } from './expected-maximum.js';
import { psr } from './psr.js';
import type { SharpeEstimate } from './sharpe-estimate.js';
import type { KurtosisMode } from './sharpe-spread.js';

/**
 * Deflated Sharpe ratio: PSR against the Sharpe ratio that the best of `trials` trials without skill is expected to
 * show, `expectedMaximum(trials, variance)` with the variance of Sharpe ratios over trials (Bailey & López de Prado
 * 2014). One trial has benchmark 0. Every trial ever made counts, or the effective number (`effectiveTrials`).
 */
export function dsr(
  estimate: SharpeEstimate,
  trials: number,
  variance: number,
  kurtosis: KurtosisMode = 'raw',
): number {
  return psr(estimate, expectedMaximum(trials, variance), kurtosis);
}
