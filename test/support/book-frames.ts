import type { Frame, Instrument } from '../../src/core/columns.js';
import { decimal } from '../../src/core/decimal.js';
import { noStats } from '../../src/engine/panel.js';
import { type FrameOptions, symbolOf } from './frames.js';

type Level = readonly [tick: number, lots: number];

/** A state of a book; levels best first. */
export interface BookRow {
  /** µs since the epoch. */
  readonly t: number;
  readonly a?: number;
  /** Place in BOOK_STATES. */
  readonly state: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A book frame of states already in order, as many levels as the deepest of them has. */
export function bookFrameOf(instruments: readonly (readonly BookRow[])[], options: FrameOptions = {}): Frame {
  const all = instruments.flat();
  const rows = all.length;
  const levels = all.reduce((most, { bids, asks }) => Math.max(most, bids.length, asks.length), 1);
  const lots = all
    .flatMap(({ bids, asks }) => [...bids, ...asks])
    .reduce((most, [, size]) => Math.max(most, size), 0);
  const sizes = () => (lots < 2 ** 32 ? new Uint32Array(rows * levels) : new Float64Array(rows * levels));
  const columns = {
    time: Float64Array.from(all, ({ t }) => t),
    available: Float64Array.from(all, ({ t, a }) => Math.max(t, a ?? t)),
    state: Uint32Array.from(all, ({ state }) => state),
    bid_tick: new Int32Array(rows * levels),
    bid_lots: sizes(),
    ask_tick: new Int32Array(rows * levels),
    ask_lots: sizes(),
  };
  const offsets = new Uint32Array(instruments.length + 1);
  let at = 0;
  const meta = instruments.map((list, s): Instrument => {
    const first = list.find(({ bids, asks }) => bids.length + asks.length > 0);
    const base = first ? (first.bids[0] ?? first.asks[0])![0] : 0;
    for (const { bids, asks } of list) {
      bids.forEach(([tick, size], l) => {
        columns.bid_tick[at * levels + l] = tick - base;
        columns.bid_lots[at * levels + l] = size;
      });
      asks.forEach(([tick, size], l) => {
        columns.ask_tick[at * levels + l] = tick - base;
        columns.ask_lots[at * levels + l] = size;
      });
      at++;
    }
    offsets[s + 1] = at;
    return {
      ...{ symbol: symbolOf(s), base, tickDeclared: options.tickDeclared ?? true },
      ...{ tick: decimal(options.tick ?? '0.01'), lot: decimal(options.lot ?? '0.001') },
      ...{ contract: options.contract ?? 'linear', multiplier: decimal(options.multiplier ?? '1') },
    };
  });
  const strides = { bid_tick: levels, bid_lots: levels, ask_tick: levels, ask_lots: levels };
  return {
    ...{ kind: 'book', instruments: meta, offsets, rows, time: { base: 0, unit: 1 as const } },
    ...{ columns, strides, stats: noStats(instruments.length) },
  };
}
