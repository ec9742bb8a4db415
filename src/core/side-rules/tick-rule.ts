import { type Frame, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../columns.js';
import type { InferredSides } from './sides.js';

/**
 * Tick rule: a trade above the price of the trade before is a buy, below it a sell; at an equal price it has the
 * side of the last change. Unknown until an instrument's price first changes. Order is the frame's (ts, seq, input
 * row). Source: Lee & Ready (1991), Journal of Finance 46(2).
 */
export function tickRule(frame: Frame): InferredSides {
  const tick = frame.columns.tick as Int32Array;
  const available = frame.columns.available as Float64Array | undefined;
  const side = new Uint8Array(frame.rows);
  const known = available && new Float64Array(frame.rows);
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const from = frame.offsets[s]!;
    const to = frame.offsets[s + 1]!;
    let last = SIDE_UNKNOWN;
    let since = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const change = i === from ? 0 : tick[i]! - tick[i - 1]!;
      if (change !== 0) last = change > 0 ? SIDE_BUY : SIDE_SELL;
      side[i] = last;
      if (!available || !known) continue;
      // a change needs this trade and the one before, an equal price all trades since the last change
      since = Math.max(change === 0 ? since : available[i - 1]!, available[i]!);
      known[i] = since;
    }
  }
  return known ? { side, known } : { side };
}
