import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { microsOfStamp } from '../core/stamps.js';

/** A side code above the known ones. */
export const NO_SIDE = 255;

/**
 * µs of a stamp of the archive: 13 digits are ms, 16 digits µs (spot from 2025 on); NaN for every other text. Seconds are
 * refused, or an update or trade id of ten digits in the wrong column would pass for a time.
 */
export const archiveMicros = (text: string): number =>
  text.length === 13 || text.length === 16 ? microsOfStamp(text) : Number.NaN;

/** Aggressor of a trade: the buyer being the maker means that the taker sold. */
export const takerSideOf = (isBuyerMaker: unknown): number =>
  isBuyerMaker === true ? SIDE_SELL : isBuyerMaker === false ? SIDE_BUY : NO_SIDE;

/** Likewise, of the words that files use. */
export function takerSide(isBuyerMaker: string): number {
  switch (isBuyerMaker) {
    case 'true':
    case 'True':
    case 'TRUE':
    case '1':
      return takerSideOf(true);
    case 'false':
    case 'False':
    case 'FALSE':
    case '0':
      return takerSideOf(false);
    default:
      return NO_SIDE;
  }
}
