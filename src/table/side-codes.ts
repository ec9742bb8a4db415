import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../core/columns.js';
import type { SideMeaning } from './column-guess.js';

/** A side text that means nothing known: the row goes to the ledger as `bad_side`. */
export const SIDE_BAD = 255;
/** A bare true or false where nothing tells what it is true of. */
export const SIDE_BARE = 254;

const BUY = new Set(['buy', 'b', 'bid', 'buyer', 'bought', 'long', 'up']);
const SELL = new Set(['sell', 's', 'ask', 'a', 'seller', 'sold', 'short', 'down', 'offer']);
const UNKNOWN = new Set(['', 'unknown', 'none', 'null', 'nan', 'na', 'n/a', 'u', 'no_aggressor', '-']);
const TRUE = new Set(['true', 't', 'yes', 'y']);
const FALSE = new Set(['false', 'f', 'no', 'n']);
const NUMBER = /^[+-]?\d(\.0*)?$/;

/**
 * Aggressor side of one text in any case: buy/b/bid/1, sell/s/ask/-1/2 (2 as in FIX tag 54); null, 0 and unknown
 * words are SIDE_UNKNOWN, anything else SIDE_BAD. Where the column says whether the taker bought, true is a buy
 * and false or 0 a sell; where it speaks of the maker, the aggressor is the other side.
 */
export function sideCode(text: string | null | undefined, meaning: SideMeaning): number {
  const word = (text ?? '').trim().toLowerCase();
  if (UNKNOWN.has(word)) return SIDE_UNKNOWN;
  if (NUMBER.test(word)) return sideOfNumber(Number(word), meaning);
  if (BUY.has(word)) return turned(SIDE_BUY, meaning);
  if (SELL.has(word)) return turned(SIDE_SELL, meaning);
  const bare = TRUE.has(word) ? SIDE_BUY : FALSE.has(word) ? SIDE_SELL : SIDE_BAD;
  if (bare === SIDE_BAD) return SIDE_BAD;
  return meaning === 'side' ? SIDE_BARE : turned(bare, meaning);
}

/** Aggressor side of a number, as of its text. */
export function sideOfNumber(value: number, meaning: SideMeaning): number {
  if (value === 1) return turned(SIDE_BUY, meaning);
  if (value === -1 || value === 2) return turned(SIDE_SELL, meaning);
  if (value !== 0) return SIDE_BAD;
  // plain 0 beside 1 or -1 means neither
  return meaning === 'side' ? SIDE_UNKNOWN : turned(SIDE_SELL, meaning);
}

const turned = (side: number, meaning: SideMeaning): number =>
  meaning !== 'maker' ? side : side === SIDE_BUY ? SIDE_SELL : SIDE_BUY;
