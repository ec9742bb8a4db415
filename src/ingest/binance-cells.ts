import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { microsOfStamp, numberOf } from '../core/stamps.js';
import type { RowBatch } from './row-batch.js';

/** A side code above the known ones. */
export const NO_SIDE = 255;

/**
 * µs of a stamp of the archive: 13 digits are ms, 16 digits µs (spot from 2025 on); NaN for every other text. Seconds are
 * refused, or an update or trade id of ten digits in the wrong column would pass for a time.
 */
export const archiveMicros = (text: string): number =>
  text.length === 13 || text.length === 16 ? microsOfStamp(text) : Number.NaN;

/** Aggressor of a trade: the buyer being the maker means that the taker sold. */
export function takerSide(isBuyerMaker: string): number {
  switch (isBuyerMaker) {
    case 'true':
    case 'True':
    case 'TRUE':
    case '1':
      return SIDE_SELL;
    case 'false':
    case 'False':
    case 'FALSE':
    case '0':
      return SIDE_BUY;
    default:
      return NO_SIDE;
  }
}

/** A number of 0 or more, NaN where the field is empty or absent; the row is rejected for any other text. */
export function amountOf(batch: RowBatch, i: number, text: string | undefined): number {
  if (text === undefined || text === '') return Number.NaN;
  const value = numberOf(text);
  if (value >= 0) return value;
  batch.reject(i, 'bad_value');
  return Number.NaN;
}
