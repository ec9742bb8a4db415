import { InputError } from '../core/errors.js';
import { maxDrawdown } from './max-drawdown.js';

/**
 * Calmar ratio: compound annual growth (last/first)^{1/years} - 1 over the maximum drawdown (Young 1991). Nulls are left
 * out. Null without a drawdown or where equity does not start and end above 0.
 */
export function calmar(equity: Float64Array, years: number): number {
  if (!(years > 0)) throw new InputError('Calmar years', years, 'must be above 0');
  const fall = maxDrawdown(equity);
  const known = equity.filter((value) => !Number.isNaN(value));
  if (!(fall > 0 && known.at(-1)! > 0)) return Number.NaN;
  return ((known.at(-1)! / known[0]!) ** (1 / years) - 1) / fall;
}
