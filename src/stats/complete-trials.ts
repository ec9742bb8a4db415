import { InputError } from '../core/errors.js';
import { checkSameLength } from './check-same-length.js';

/** Trials without a null, row by row comparable. */
export interface Trials {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
  /** Which of the trials given each column is. */
  readonly index: Uint32Array;
}

/**
 * The rows of equally long return series where none is null. A trial that is null throughout is no trial and is left
 * out first; otherwise one hole takes the row from all, as a comparison must be over the same periods.
 */
export function completeTrials(trials: readonly Float64Array[]): Trials {
  const length = trials[0]?.length ?? 0;
  for (const trial of trials) checkSameLength('trial', trial.length, length);
  const index = Uint32Array.from(trials.keys()).filter((i) => !trials[i]!.every(Number.isNaN));
  const kept = new Uint32Array(length)
    .map((_, row) => row)
    .filter((row) => {
      for (const i of index) if (Number.isNaN(trials[i]![row]!)) return false;
      return true;
    });
  const columns = Array.from(index, (i) => trials[i]!);
  for (const column of columns)
    if (!column.every((value) => Number.isNaN(value) || Number.isFinite(value)))
      throw new InputError('trial return', 'infinity', 'must be finite or null');
  if (kept.length === length) return { rows: length, columns, index };
  return {
    rows: kept.length,
    columns: columns.map((column) => Float64Array.from(kept, (row) => column[row]!)),
    index,
  };
}
