import type { Carry } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { durationText } from '../../core/duration.js';
import { InputError } from '../../core/errors.js';
import { gridStart } from '../../core/sessions.js';
import { type Params, sidesTaken } from './rules.js';

/** A window is at most so long, µs, that a limb times its length stays below 2^53, and its length fits a word. */
const SPAN = 2 ** 31;
/** A tile's pieces take some hundred bytes each. */
const MOST_PIECES = 2 ** 24;

/**
 * Pieces of an instrument's time: a state lasts until the next row, and a piece is a run of states inside one window of one
 * bar. Interval n of a piece is that of the row before `closing + n`, or of the state carried in.
 */
export interface Pieces {
  readonly count: number;
  readonly instrument: Uint32Array;
  /** Starts of bar and window, µs. */
  readonly bar: Float64Array;
  readonly window: Float64Array;
  /** Length of the window, µs. */
  readonly length: Uint32Array;
  /** Where in the window the first interval begins, µs. */
  readonly lead: Uint32Array;
  /** Row that ends the first interval. */
  readonly closing: Uint32Array;
  readonly intervals: Uint32Array;
  /** When the row that ends the last interval, and all before it, were known, µs. */
  readonly known: Float64Array;
  /** The same of the last row of each instrument. */
  readonly latest: Float64Array;
}

/** Whether a row's levels are taken, by its state and by what is there. */
export function usable({ columns, strides }: Frame, row: number, params: Params): boolean {
  const at = row * strides!.bid_tick!;
  const bids = (columns.bid_lots as Float64Array)[at]! > 0;
  const asks = (columns.ask_lots as Float64Array)[at]! > 0;
  const taken = sidesTaken((columns.state as Uint32Array)[row]!, params);
  return taken === 1 ? bids && asks : taken === 2 && (bids || asks);
}

/**
 * Cuts the time that rows end. Bars are there where a row is or a usable state lasts: a gap of days makes no bars. Pieces
 * have at most `most` intervals. Errors: InputError for more pieces than memory holds.
 */
export function piecesOf(frame: Frame, every: number, params: Params, carry: Carry, most: number): Pieces {
  const time = frame.columns.time as Float64Array;
  const available = frame.columns.available as Float64Array;
  const latest = Float64Array.from(carry.known!);
  const instrument: number[] = [];
  const bars: number[] = [];
  const windows: number[] = [];
  const leads: number[] = [];
  const closings: number[] = [];
  const intervals: number[] = [];
  const knowns: number[] = [];
  let n = -1;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    let from = carry.time![s]!;
    let lasting = carry.usable![s] === 1;
    let known = latest[s]!;
    // end of the open piece's window: none is open yet
    let end = Number.NEGATIVE_INFINITY;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const t = time[i]!;
      if (available[i]! > known) known = available[i]!;
      if (n + (lasting ? (t - from) / every : 0) > MOST_PIECES)
        throw new InputError(
          'order-book-imbalance bars of',
          durationText(every),
          `must be wider: states of this input last for more than ${MOST_PIECES} of them`,
        );
      for (let at = from; at < t; at = end) {
        if (at >= end || i - closings[n]! >= most) {
          const bar = gridStart(at, every);
          const window = bar + Math.floor((at - bar) / SPAN) * SPAN;
          end = Math.min(window + SPAN, bar + every);
          n++;
          instrument[n] = s;
          bars[n] = bar;
          windows[n] = window;
          leads[n] = at - window;
          closings[n] = i;
        }
        intervals[n] = i - closings[n]! + 1;
        knowns[n] = known;
        if (!lasting) break;
      }
      from = t;
      lasting = usable(frame, i, params);
    }
    latest[s] = known;
  }
  return {
    count: n + 1,
    instrument: Uint32Array.from(instrument),
    bar: Float64Array.from(bars),
    window: Float64Array.from(windows),
    length: Uint32Array.from(windows, (window, p) => Math.min(SPAN, bars[p]! + every - window)),
    lead: Uint32Array.from(leads),
    closing: Uint32Array.from(closings),
    intervals: Uint32Array.from(intervals),
    known: Float64Array.from(knowns),
    latest,
  };
}
