import type { Tile } from '../../core/analytic.js';
import { isObserved, isSuperseded } from '../../core/book-observations.js';
import { BOOK_STATES } from '../../core/book-states.js';
import type { Frame } from '../../core/columns.js';
import type { ExactColumn } from '../../core/exact.js';
import type { Params } from './rules.js';

/** What the bars of a tile hold; those of instrument s are `offsets[s] .. offsets[s + 1]`. NaN is null. */
export interface Flows {
  readonly bars: number;
  readonly offsets: Uint32Array;
  readonly time: Float64Array;
  readonly available: Float64Array;
  /** Lots, level by level of each bar; null without an event. */
  readonly flow: Float64Array;
  /** Change of the mid over the events of level 1, ticks. */
  readonly moved: Float64Array;
  /** Mean lots of a level and side over the observed states. */
  readonly depth: Float64Array;
  /** 1 where the book was sampled. */
  readonly sampled: Uint32Array;
}

export function flowsOf({ inputs }: Tile, params: Params): Flows {
  const { levels } = params;
  const { columns, offsets, rows } = inputs.flow!;
  const bars = rows / levels;
  const first = <T extends Float64Array | Uint32Array>(name: string, out: T): T => {
    const source = columns[name] as T;
    for (let b = 0; b < bars; b++) out[b] = source[b * levels]!;
    return out;
  };
  const flow = columns.ofi as Float64Array;
  const halves = (columns.mid_moved as ExactColumn).values;
  const moved = new Float64Array(bars);
  for (let b = 0; b < bars; b++)
    moved[b] = Number.isNaN(flow[b * levels]!) ? Number.NaN : halves[b * levels]! / 2;
  const time = first('time', new Float64Array(bars));
  const starts = offsets.map((row) => row / levels);
  return {
    ...{ bars, time, flow, moved, offsets: starts },
    available: first('available_at', new Float64Array(bars)),
    depth: depths(inputs.book!, starts, time, params),
    sampled: first('sampled', new Uint32Array(bars)),
  };
}

/** Q̄ by bar: a level that a state lacks has a size of 0 there. Null without an observed state. */
function depths(book: Frame, offsets: Uint32Array, start: Float64Array, params: Params): Float64Array {
  const { levels, every } = params;
  const stride = book.strides!.bid_lots!;
  const used = Math.min(levels, stride);
  const merged = params.sameTs === 'last';
  const time = book.columns.time as Float64Array;
  const state = book.columns.state as Uint32Array;
  const bids = book.columns.bid_lots as Uint32Array | Float64Array;
  const asks = book.columns.ask_lots as Uint32Array | Float64Array;
  const observed = Uint8Array.from(BOOK_STATES, (_, code) => (isObserved(code, params) ? 1 : 0));
  const out = new Float64Array(start.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const end = book.offsets[s + 1]!;
    let row = book.offsets[s]!;
    for (let b = offsets[s]!; b < offsets[s + 1]!; b++) {
      const until = start[b]! + every;
      let lots = 0;
      let states = 0;
      for (; row < end && time[row]! < until; row++) {
        if (isSuperseded(time, row, end, merged) || observed[state[row]!] === 0) continue;
        states++;
        for (let at = row * stride; at < row * stride + used; at++) lots += bids[at]! + asks[at]!;
      }
      // 0/0 is NaN
      out[b] = lots / (2 * levels * states);
    }
  }
  return out;
}
