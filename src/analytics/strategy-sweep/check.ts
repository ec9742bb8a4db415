import type { Instrument } from '../../core/columns.js';
import { InputError } from '../../core/errors.js';
import type { Params } from './params.js';
import { checkDistinct, rulesOf } from './rules.js';

/** Errors: InputError for grids and amounts that cannot be run, and for inverse contracts, whose profit is not linear. */
export function checkStrategy(params: Params, instruments: readonly Instrument[]): void {
  rulesOf(params);
  checkDistinct(params);
  const inverse = instruments.find(({ contract }) => contract === 'inverse');
  if (inverse)
    throw new InputError('strategy-sweep instrument', inverse.symbol, 'must not be an inverse contract');
}
