import type { BookRequest } from '../core/analytic.js';
import { BOOK_MAX_AGE, LOCKED, OK } from '../core/book-states.js';
import type { Frame } from '../core/columns.js';
import { nearDepth } from '../core/near-depth.js';

type Lots = Uint32Array | Float64Array;

/**
 * A panel with two columns more, of the last book known when a bar is: among states whose `available` is at most the bar's
 * `available_at`, the latest by time. `spread` = 10^4 (ask - bid) / mid, bps, one rounding. `depth` = Σ lots of both sides
 * within 10 bps of the mid, boundary included, in lots of the book.
 *
 * Both are null where there is no such state, where it is neither ok nor locked, or is more than `maxAge` older than the
 * bar's `available_at`, and where the mid is not above 0; a replay on a grid has judged the age at its own times. Depth is
 * null, too, where all of the `levels` looked at lie within the band, since more may lie there unseen. A book that was
 * opened for bars alone has it measured.
 */
export function withBook(panel: Frame, book: Frame, { levels, maxAge = BOOK_MAX_AGE }: BookRequest): Frame {
  const { offsets, rows } = panel;
  const known = panel.columns.available_at as Float64Array;
  const time = book.columns.time as Float64Array;
  const state = book.columns.state as Uint32Array;
  const [bidTick, askTick] = [book.columns.bid_tick as Int32Array, book.columns.ask_tick as Int32Array];
  const [bidLots, askLots] = [book.columns.bid_lots as Lots, book.columns.ask_lots as Lots];
  const stride = book.strides!.bid_tick!;
  const deep = Math.min(levels, stride);
  const spread = new Float64Array(rows).fill(Number.NaN);
  const depth = new Float64Array(rows).fill(Number.NaN);
  const measured = book.columns.depth as Float64Array | undefined;
  const last = lastKnown(panel, book);
  book.instruments.forEach(({ base }, s) => {
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
      const row = last[i]!;
      if (row < 0 || (state[row] !== OK && state[row] !== LOCKED) || known[i]! - time[row]! > maxAge)
        continue;
      const best = row * stride;
      const mid = 2 * base + bidTick[best]! + askTick[best]!;
      if (mid <= 0) continue;
      spread[i] = (20_000 * (askTick[best]! - bidTick[best]!)) / mid;
      if (measured) {
        depth[i] = measured[row]!;
        continue;
      }
      const bids = nearDepth(bidTick, bidLots, best, deep, mid, mid - 2 * base, -1);
      depth[i] = bids + nearDepth(askTick, askLots, best, deep, mid, mid - 2 * base, 1);
    }
  });
  return { ...panel, columns: { ...panel.columns, spread, depth } };
}

/** Row of the book that each bar knows last; -1 where it knows none. */
function lastKnown({ offsets, columns, rows }: Frame, book: Frame): Int32Array {
  const bars = columns.available_at as Float64Array;
  const known = book.columns.available as Float64Array;
  const out = new Int32Array(rows).fill(-1);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    for (let row = book.offsets[s]!; row < book.offsets[s + 1]!; row++) {
      // receipts may be out of order, bars are not: each state begins to count at the first bar that knows it
      let low = from;
      let high = to;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (bars[middle]! < known[row]!) low = middle + 1;
        else high = middle;
      }
      if (low < to) out[low] = row;
    }
    for (let i = from + 1; i < to; i++) out[i] = Math.max(out[i]!, out[i - 1]!);
  }
  return out;
}
