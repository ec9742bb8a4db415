import { numberOf } from '../core/stamps.js';
import type { RowBatch } from './row-batch.js';

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
  const value = read(text);
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
