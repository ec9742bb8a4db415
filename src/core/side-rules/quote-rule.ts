import { type Frame, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../columns.js';
import type { Quotes } from '../quotes.js';
import { midSigns } from './mid-signs.js';
import type { InferredSides } from './sides.js';

/**
 * Quote rule: a trade above the mid of its as-of quote is a buy, below it a sell; at the mid, or without a mid, its
 * side is unknown. `asOf` is the join of `asOfQuotes`.
 */
export function quoteRule(frame: Frame, quotes: Quotes, asOf: Int32Array): InferredSides {
  const signs = midSigns(frame, quotes, asOf);
  const side = new Uint8Array(frame.rows);
  for (let i = 0; i < side.length; i++)
    side[i] = signs[i] === 1 ? SIDE_BUY : signs[i] === -1 ? SIDE_SELL : SIDE_UNKNOWN;
  const known = quoteKnown(frame, quotes, asOf);
  return known ? { side, known } : { side };
}

/** When a trade and its quote are both known, µs; undefined if that is at the trade's ts throughout. */
export function quoteKnown(frame: Frame, quotes: Quotes, asOf: Int32Array): Float64Array | undefined {
  const trades = frame.columns.available as Float64Array | undefined;
  if (!trades && !quotes.available) return undefined;
  // a quote joined stands no later than its trade, so without a stamp of its own it delays nothing
  const known = new Float64Array(frame.rows).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < known.length; i++) {
    if (trades) known[i] = trades[i]!;
    if (quotes.available && asOf[i]! >= 0) known[i] = Math.max(known[i]!, quotes.available[asOf[i]!]!);
  }
  return known;
}
