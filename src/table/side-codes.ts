import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../core/columns.js';

/** A side text that means nothing known: the row goes to the ledger as `bad_side`. */
export const SIDE_BAD = 255;

const BUY = new Set([
  'buy',
  'b',
  'bid',
  'buyer',
  'bought',
  'long',
  'up',
  '1',
  '+1',
  '1.0',
  'true',
  't',
  'yes',
]);
const SELL = new Set([
  'sell',
  's',
  'ask',
  'a',
  'seller',
  'sold',
  'short',
  'down',
  '-1',
  '-1.0',
  'false',
  'f',
  'no',
  'offer',
]);
const UNKNOWN = new Set(['', 'unknown', 'none', 'null', 'nan', 'na', 'n/a', 'u', 'no_aggressor', '-', '2']);
const TRUE = new Set(['true', 't', '1', 'yes', 'y', '1.0']);
const FALSE = new Set(['false', 'f', '0', 'no', 'n', '0.0']);

/**
 * Aggressor side of one text: buy/b/bid/1/true, sell/s/ask/-1/false in any case; null and unknown words are
 * SIDE_UNKNOWN, anything else SIDE_BAD. With `maker`, the text says whether the buyer is the maker: true is a
 * taker sell.
 */
export function sideCode(text: string | null | undefined, maker: boolean): number {
  const word = (text ?? '').trim().toLowerCase();
  if (maker && TRUE.has(word)) return SIDE_SELL;
  if (maker && FALSE.has(word)) return SIDE_BUY;
  if (UNKNOWN.has(word)) return SIDE_UNKNOWN;
  if (maker) return SIDE_BAD;
  // plain 0 beside 1 or -1 means neither
  if (word === '0' || word === '0.0') return SIDE_UNKNOWN;
  if (BUY.has(word)) return SIDE_BUY;
  return SELL.has(word) ? SIDE_SELL : SIDE_BAD;
}
