import type { Carry, Tile, TileResult } from '../../core/analytic.js';
import { isObserved, isSuperseded } from '../../core/book-observations.js';
import { BOOK_STATES } from '../../core/book-states.js';
import { exactColumn } from '../../core/exact.js';
import { finestLevel } from '../../core/grid.js';
import type { Params } from './rules.js';
import { bookRuns, mostRows } from './runs.js';
import { barTable, carryOf, eventTable } from './tables.js';

/** Each level of a run by itself: its quotes in order, each against the one before. */
export function reference(tile: Tile, params: Params, carry: Carry): TileResult {
  const frame = tile.inputs.book!;
  const { levels } = params;
  const stride = frame.strides!.bid_tick!;
  const merged = params.sameTs === 'last';
  const runs = bookRuns(frame, finestLevel(params.every), merged, mostRows(frame), carry);
  const time = frame.columns.time as Float64Array;
  const state = frame.columns.state as Uint32Array;
  const bidTick = frame.columns.bid_tick as Int32Array;
  const askTick = frame.columns.ask_tick as Int32Array;
  const bidLots = frame.columns.bid_lots as Uint32Array | Float64Array;
  const askLots = frame.columns.ask_lots as Uint32Array | Float64Array;
  const quotes = carry.quotes as Float64Array;
  const observed = Uint8Array.from(BOOK_STATES, (_, code) => (isObserved(code, params) ? 1 : 0));
  const zeroFirst = params.first === 'zero';
  const each = params.events ? new Float64Array(frame.rows * levels).fill(Number.NaN) : undefined;

  const cells = runs.count * levels;
  const sum = exactColumn(cells);
  const moved = exactColumn(cells);
  const events = new Uint32Array(cells);
  const observations = new Uint32Array(cells);
  for (let r = 0, cell = 0; r < runs.count; r++) {
    const s = runs.instrument[r]!;
    const end = frame.offsets[s + 1]!;
    const to = runs.to[r]!;
    const before = runs.before[r]!;
    const { base } = frame.instruments[s]!;
    for (let l = 0; l < levels; l++, cell++) {
      let open: number;
      let bid0 = 0;
      let ask0 = 0;
      let bids0 = 0;
      let asks0 = 0;
      let mid0: number;
      if (before >= 0) {
        open = observed[state[before]!]!;
        mid0 = bidTick[before * stride]! + askTick[before * stride]!;
        if (l < stride) {
          bid0 = bidTick[before * stride + l]!;
          ask0 = askTick[before * stride + l]!;
          bids0 = bidLots[before * stride + l]!;
          asks0 = askLots[before * stride + l]!;
        }
      } else {
        const best = s * levels * 4;
        open = observed[carry.state![s]!]!;
        mid0 = quotes[best]! + quotes[best + 2]! - 2 * base;
        bid0 = quotes[best + 4 * l]! - base;
        bids0 = quotes[best + 4 * l + 1]!;
        ask0 = quotes[best + 4 * l + 2]! - base;
        asks0 = quotes[best + 4 * l + 3]!;
      }
      let shown = open === 1 && bids0 > 0 && asks0 > 0;
      let total = 0;
      let change = 0;
      let found = 0;
      let seen = 0;
      for (let i = runs.from[r]!; i < to; i++) {
        if (isSuperseded(time, i, end, merged)) continue;
        seen++;
        const opens = observed[state[i]!]!;
        const at = i * stride + l;
        const bids = opens === 1 && l < stride ? bidLots[at]! : 0;
        const asks = opens === 1 && l < stride ? askLots[at]! : 0;
        const shows = bids > 0 && asks > 0;
        if (shows) {
          const bid = bidTick[at]!;
          const ask = askTick[at]!;
          const mid = bidTick[i * stride]! + askTick[i * stride]!;
          if (shown) {
            let e = bid > bid0 ? bids : bid < bid0 ? -bids0 : bids - bids0;
            e += ask < ask0 ? -asks : ask > ask0 ? asks0 : asks0 - asks;
            total += e;
            change += mid - mid0;
            found++;
            if (each) each[i * levels + l] = e;
          } else if (zeroFirst && open === 0) {
            found++;
            if (each) each[i * levels + l] = 0;
          }
          bid0 = bid;
          ask0 = ask;
          bids0 = bids;
          asks0 = asks;
          mid0 = mid;
        }
        shown = shows;
        open = opens;
      }
      sum.values[cell] = total;
      moved.values[cell] = change;
      events[cell] = found;
      observations[cell] = seen;
    }
  }
  const nothing = { ...frame, offsets: new Uint32Array(1), rows: 0 };
  return {
    outputs: {
      bars: barTable(frame, runs, levels, { sum, moved, events, observations }),
      events: eventTable(each ? frame : nothing, params, each ?? new Float64Array(0), carry),
    },
    carry: carryOf(frame, levels, runs, carry),
  };
}
