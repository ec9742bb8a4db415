import { InputError } from '../core/errors.js';
import { expectedMaximum } from './expected-maximum.js';

/**
 * Years of backtest below which the best of `trials` trials without skill is expected to show the annualised Sharpe
 * ratio `target`: (E[max of N unit normals]/target)² (Bailey, Borwein, López de Prado & Zhu 2014).
 */
export function minBacktestLength(trials: number, target: number): number {
  if (!(target > 0)) throw new InputError('target Sharpe ratio', target, 'must be above 0');
  return (expectedMaximum(trials) / target) ** 2;
}
