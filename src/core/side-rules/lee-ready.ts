import { type Frame, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../columns.js';
import type { Quotes } from '../quotes.js';
import { midSigns, NO_MID } from './mid-signs.js';
import { quoteKnown } from './quote-rule.js';
import type { InferredSides } from './sides.js';
import { tickRule } from './tick-rule.js';

/**
 * Lee-Ready: the quote rule, and at the mid the tick rule. A trade without a mid stays unknown: the rule says nothing
 * of it. Source: Lee & Ready (1991), Journal of Finance 46(2); their five seconds are a lag of the as-of join.
 */
export function leeReady(frame: Frame, quotes: Quotes, asOf: Int32Array): InferredSides {
  const signs = midSigns(frame, quotes, asOf);
  const tick = tickRule(frame);
  const known = quoteKnown(frame, quotes, asOf);
  const side = new Uint8Array(frame.rows);
  for (let i = 0; i < side.length; i++) {
    const sign = signs[i]!;
    if (sign === 0) {
      side[i] = tick.side[i]!;
      if (known && tick.known) known[i] = Math.max(known[i]!, tick.known[i]!);
    } else side[i] = sign === NO_MID ? SIDE_UNKNOWN : sign > 0 ? SIDE_BUY : SIDE_SELL;
  }
  return known ? { side, known } : { side };
}
