import { type Frame, rowTime } from '../columns.js';
import type { AsOf, Quotes } from '../quotes.js';

/** Row of the quote that stands at each trade, -1 where there is none: see AsOf. Linear. */
export function asOfQuotes(
  frame: Frame,
  quotes: Quotes,
  { at = 'before', lag = 0, maxAge = Number.POSITIVE_INFINITY }: AsOf = {},
): Int32Array {
  const out = new Int32Array(frame.rows).fill(-1);
  const { time, offsets } = quotes;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const first = offsets[s]!;
    const end = offsets[s + 1]!;
    let next = first;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const ts = rowTime(frame, i);
      const moment = ts - lag;
      while (next < end && (time[next]! < moment || (at === 'at' && time[next] === moment))) next++;
      if (next > first && ts - time[next - 1]! <= maxAge) out[i] = next - 1;
    }
  }
  return out;
}
