import { numberOf } from '../core/stamps.js';
import type { RowBatch } from './row-batch.js';

/** No number of a source is longer; testing a text for a number takes the square of its length. */
const LONGEST_NUMBER = 400;

/**
 * Fills a cell of an f64 column: an absent or empty text is null; one that is no number, or below `least`, sends the row
 * to the ledger.
 */
export function fillNumber(
  batch: RowBatch,
  column: string,
  i: number,
  text: string | undefined,
  least = Number.NEGATIVE_INFINITY,
  read: (text: string | undefined) => number = numberOf,
): void {
  if (text === undefined || text === '') return;
  const value = text.length <= LONGEST_NUMBER ? read(text) : Number.NaN;
  if (value >= least) batch.f64[column]![i] = value;
  else batch.reject(i, 'bad_value');
}

/** An open, high, low and close that contradict each other make no row. */
export function checkRange(
  batch: RowBatch,
  i: number,
  open: string,
  high: string,
  low: string,
  close: string,
): void {
  const { f64 } = batch;
  const top = f64[high]![i]!;
  const bottom = f64[low]![i]!;
  // a comparison with a null is false
  for (const name of [open, close, low]) if (f64[name]![i]! > top) batch.reject(i, 'bad_value');
  for (const name of [open, close]) if (f64[name]![i]! < bottom) batch.reject(i, 'bad_value');
}
