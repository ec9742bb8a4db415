import { LOCKED, OK } from '../../core/book-states.js';
import { nearDepth } from '../../core/near-depth.js';
import type { PriceLevels } from './price-levels.js';
import type { ReplayOptions } from './replay-options.js';

/**
 * States in the shape of kind book_snapshot: `ts`, `recv_ts`, `seq`, and of each level `bid_tick_1`, `bid_lots_1`,
 * `ask_tick_1`, `ask_lots_1`, …; NaN is null. `state` holds codes, places in BOOK_STATES. Where it is asked for, `depth`:
 * lots of both sides within 10 bps of the mid, null but in states ok and locked.
 */
export interface BookRows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly state: Uint8Array;
}

/** What rows hold. */
type Shown = Pick<ReplayOptions, 'levels' | 'depthLevels'>;

/** Collects states. */
export class BookRowsBuilder {
  rows = 0;
  #capacity = 1024;
  #state!: Uint8Array;
  #ts!: Float64Array;
  #received!: Float64Array;
  #seq!: Float64Array;
  /** bid_tick, bid_lots, ask_tick, ask_lots of level 1, then of level 2, … */
  #levels!: Float64Array[];
  #depth!: Float64Array;
  readonly #ticks: Float64Array;
  readonly #lots: Float64Array;

  constructor(readonly shown: Shown) {
    const most = Math.max(shown.levels, shown.depthLevels);
    this.#ticks = new Float64Array(most);
    this.#lots = new Float64Array(most);
    this.#clear();
  }

  /** A row known at `at` µs of a book that stands at `seq`; its levels, unless they are null. */
  add(ts: number, at: number, seq: number, state: number, bids?: PriceLevels, asks?: PriceLevels): void {
    if (this.rows === this.#capacity) this.#grow();
    const i = this.rows++;
    this.#ts[i] = ts;
    this.#received[i] = at;
    this.#seq[i] = seq;
    this.#state[i] = state;
    this.#side(i, 0, bids);
    this.#side(i, 2, asks);
    if (this.shown.depthLevels === 0) return;
    const usable = (state === OK || state === LOCKED) && bids && asks && bids.best + asks.best > 0;
    this.#depth[i] = usable ? this.#near(bids, -1, asks.best) + this.#near(asks, 1, bids.best) : Number.NaN;
  }

  /** The rows so far; the builder starts anew. */
  take(): BookRows {
    const { rows } = this;
    const columns: Record<string, Float64Array> = {
      ts: this.#ts.subarray(0, rows),
      recv_ts: this.#received.subarray(0, rows),
      seq: this.#seq.subarray(0, rows),
    };
    for (let k = 0; k < this.shown.levels; k++)
      ['bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'].forEach((name, c) => {
        columns[`${name}_${k + 1}`] = this.#levels[4 * k + c]!.subarray(0, rows);
      });
    if (this.shown.depthLevels > 0) columns.depth = this.#depth.subarray(0, rows);
    const state = this.#state.subarray(0, rows);
    this.#clear();
    return { rows, columns, state };
  }

  #side(i: number, first: number, side: PriceLevels | undefined): void {
    const ticks = this.#ticks;
    const lots = this.#lots;
    const found = side === undefined ? 0 : side.top(this.shown.levels, ticks, lots);
    for (let k = 0; k < this.shown.levels; k++) {
      this.#levels[4 * k + first]![i] = k < found ? ticks[k]! : Number.NaN;
      this.#levels[4 * k + first + 1]![i] = k < found ? lots[k]! : Number.NaN;
    }
  }

  /** Depth of one side; the best tick of the other tells the mid. */
  #near(side: PriceLevels, sign: 1 | -1, other: number): number {
    const { depthLevels } = this.shown;
    const found = side.top(depthLevels, this.#ticks, this.#lots);
    this.#lots.fill(0, found);
    const twice = side.best + other;
    return nearDepth(this.#ticks, this.#lots, 0, depthLevels, twice, twice, sign);
  }

  #clear(): void {
    const column = (): Float64Array => new Float64Array(this.#capacity);
    this.rows = 0;
    this.#state = new Uint8Array(this.#capacity);
    this.#ts = column();
    this.#received = column();
    this.#seq = column();
    this.#levels = Array.from({ length: 4 * this.shown.levels }, column);
    this.#depth = this.shown.depthLevels > 0 ? column() : new Float64Array();
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = (from: Float64Array): Float64Array => {
      const to = new Float64Array(this.#capacity);
      to.set(from);
      return to;
    };
    const state = new Uint8Array(this.#capacity);
    state.set(this.#state);
    this.#state = state;
    this.#ts = grown(this.#ts);
    this.#received = grown(this.#received);
    this.#seq = grown(this.#seq);
    this.#levels = this.#levels.map(grown);
    if (this.shown.depthLevels > 0) this.#depth = grown(this.#depth);
  }
}

/** Parts in order as one. */
export function joinRows(parts: readonly BookRows[], shown: Shown): BookRows {
  if (parts.length === 1) return parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const empty = new BookRowsBuilder(shown).take();
  const columns: Record<string, Float64Array> = {};
  for (const name of Object.keys(empty.columns)) columns[name] = new Float64Array(rows);
  const state = new Uint8Array(rows);
  let at = 0;
  for (const part of parts) {
    for (const [name, values] of Object.entries(part.columns)) columns[name]!.set(values, at);
    state.set(part.state, at);
    at += part.rows;
  }
  return { rows, columns, state };
}

/** Memory of the rows, to be moved to another thread instead of copied. */
export const buffersOf = ({ state, columns }: BookRows): ArrayBuffer[] => [
  ...new Set([state, ...Object.values(columns)].map(({ buffer }) => buffer as ArrayBuffer)),
];
