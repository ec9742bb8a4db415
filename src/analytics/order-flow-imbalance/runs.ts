import type { Carry } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { InputError } from '../../core/errors.js';
import { gridStart } from '../../core/sessions.js';

/** Rows `[from, to)` of one instrument and bar. */
export interface Runs {
  readonly count: number;
  readonly instrument: Uint32Array;
  /** Start of the bar, µs. */
  readonly start: Float64Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Row observed before the first: with equal times merged, the last of an earlier time. -1: it was carried in. */
  readonly before: Int32Array;
  /** Latest availability of all rows so far, µs. */
  readonly known: Float64Array;
}

/** Rows of one-word sizes whose sums of events, and of price changes, stay below 2^53. */
const MOST = 2 ** 19;

/**
 * Most rows whose sums of events stay below 2^53: an event is at most two sizes. Errors: InputError for sizes of 2^52
 * lots and more, of which a single event would not be exact.
 */
export function mostRows({ columns }: Frame): number {
  const lots = [columns.bid_lots, columns.ask_lots];
  if (!lots.some((column) => column instanceof Float64Array)) return MOST;
  let largest = 1;
  for (const column of lots as Float64Array[])
    for (let i = 0; i < column.length; i++) if (column[i]! > largest) largest = column[i]!;
  if (largest >= 2 ** 52)
    throw new InputError('book size of lots', largest, 'must be below 2^52 for exact order flow');
  return Math.min(MOST, Math.floor(2 ** 52 / largest));
}

/** Cuts a book's rows at instruments and bars, and where a run would have more than `most` rows. */
export function bookRuns(frame: Frame, every: number, merged: boolean, most: number, carry: Carry): Runs {
  const time = frame.columns.time as Float64Array;
  const available = frame.columns.available as Float64Array;
  const instrument: number[] = [];
  const start: number[] = [];
  const from: number[] = [];
  const before: number[] = [];
  const known: number[] = [];
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    let latest = carry.known![s]!;
    let previous = -1;
    for (let i = frame.offsets[s]!; i < end; ) {
      const bar = gridStart(time[i]!, every);
      const stop = Math.min(end, i + most);
      instrument.push(s);
      start.push(bar);
      from.push(i);
      before.push(previous);
      do {
        if (available[i]! > latest) latest = available[i]!;
        if (!merged || i + 1 === end || time[i + 1] !== time[i]) previous = i;
        i++;
      } while (i < stop && time[i]! < bar + every);
      known.push(latest);
    }
  }
  const count = from.length;
  return {
    count,
    instrument: Uint32Array.from(instrument),
    start: Float64Array.from(start),
    from: Uint32Array.from(from),
    // runs leave no row out
    to: Uint32Array.from(from, (_, r) => (r + 1 < count ? from[r + 1]! : frame.rows)),
    before: Int32Array.from(before),
    known: Float64Array.from(known),
  };
}
