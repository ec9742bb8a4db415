import type { Decimal } from './decimal.js';
import type { ExactColumn } from './exact.js';
import type { SideOrigin } from './side-rules/sides.js';

/** What a kernel may read: u32 or i32 words, or f64 holding integers or timestamps in µs. */
export type Physical = Uint32Array | Int32Array | Float64Array;

/** A column of a table: physical, or an exact integer sum. */
export type Column = Physical | ExactColumn;

/** How an instrument's integers become decimal prices, sizes and money. */
export interface Instrument {
  readonly symbol: string;
  /** Price unit: price = (base + tick offset) · tick. Declared, or the decimal storage scale of the data. */
  readonly tick: Decimal;
  /** Size unit: size = lots · lot. */
  readonly lot: Decimal;
  /** True if the tick was declared; only then is it a market tick that rows may count. */
  readonly tickDeclared: boolean;
  /** linear: notional = size · multiplier · price. inverse: notional = contracts · multiplier (face value). */
  readonly contract: 'linear' | 'inverse';
  readonly multiplier: Decimal;
  /** Tick number of tick offset 0, so that offsets fit an i32 and stay near zero: the first trade's tick. */
  readonly base: number;
}

/** time[µs] = base + unit · u32; `unit` is 1, 1,000 or 1,000,000, the finest at which the span fits 31 bits. */
export interface TimeBase {
  /** µs since 1970-01-01 UTC, a multiple of 1 s. */
  readonly base: number;
  readonly unit: number;
}

/** Bounds that choose widths; upper bounds are enough, results never depend on them. */
export interface FrameStats {
  /** Largest lots of one row. */
  readonly maxLots: number;
  /** Largest sum of lots of one instrument, rounded up. */
  readonly maxTotalLots: number;
  /** Largest |tick offset|. */
  readonly maxTick: number;
  /** Largest Σ lots · max(1, k²) of one instrument, rounded up: each by its own widest tick offset. */
  readonly maxSecondMoment: number;
  /** Smallest and largest tick offset by instrument. */
  readonly tickMin: Int32Array;
  readonly tickMax: Int32Array;
}

/**
 * Rows of one kind, sorted by (instrument, ts, seq, input row); rows of instrument i are
 * `offsets[i] .. offsets[i+1]`. Columns may be views on SharedArrayBuffers.
 *
 * Kind `trades`: `time` u32 (see TimeBase), `fine` u32? (µs within the unit), `tick` i32 (offset from the
 * instrument's base), `size` u32 (lots · 4 + side, 0 < lots < 2^30), `sizeHi` u32? (then lots = (sizeHi · 2^32 + size) >> 2 < 2^62),
 * `available` f64? (µs, max(ts, recv_ts); without it a row is available at its ts).
 *
 * Kind `book`, a row a state: `time` f64 µs, `available` f64 µs, `state` u32 (place in BOOK_STATES); `bid_tick`, `ask_tick`
 * i32 (offset from the base) and `bid_lots`, `ask_lots` (u32, or f64 integers where one passes 2^32) hold `strides` levels
 * a row, best first; lots of 0 mean that there is no such level. Only ok, locked, crossed and one-sided states have levels.
 * Rebuilt for bars alone, it has the best level only, and `depth` f64, lots of both sides within 10 bps of the mid (NaN null).
 *
 * Kind `panel`, a row a bar, without gaps from an instrument's first bar to its last; all columns f64, NaN null: `time` and
 * `available_at` µs (known with all bars before it), `open`, `high`, `low`, `close` in ticks counted from 0, `volume`,
 * `buy_volume`, `sell_volume`, `unknown_volume` in lots, `trades`, `notional` in quote currency. Volumes are integers, and
 * those of an instrument add up to less than 2^53. A bar without a trade has volumes of 0 and null prices; of a bar that was not observed all
 * is null but its times. Made of trades, also `tick_lots` = Σ k q and `tick2_lots` = Σ k² q, exact, k from the base. With a
 * book, also `spread` in bps of the mid and `depth` in lots of the book, of the last state known at available_at.
 *
 * Kind `oi`, a row an observation: `time`, `available` f64 µs, `oi` f64 (contracts; NaN null), `oi_usd` f64.
 *
 * Frames made from another analytic's output keep that table's columns; `time` is then f64 µs.
 */
export interface Frame {
  readonly kind: string;
  readonly instruments: readonly Instrument[];
  readonly offsets: Uint32Array;
  readonly rows: number;
  readonly time: TimeBase;
  readonly columns: Readonly<Record<string, Column>>;
  /** Values a row of columns that hold more than one. */
  readonly strides?: Readonly<Record<string, number>>;
  /** µs from row to row where rows are of a grid: width of panel bars, of a sampled book; 0 for snapshots at no fixed step. */
  readonly step?: number;
  readonly stats: FrameStats;
  /** Of trades: where their sides come from; absent where nobody looked. */
  readonly sides?: SideOrigin;
}

/** Aggressor side codes in the low two bits of `size`. */
export const SIDE_UNKNOWN = 0;
export const SIDE_BUY = 1;
export const SIDE_SELL = 2;

/** Rows of a table in columns; a NaN in an f64 column is null. */
export interface Table {
  readonly rows: number;
  readonly columns: Record<string, Column>;
}

/** `ts` of row i of a trades frame, µs since the epoch. */
export function rowTime(frame: Frame, i: number): number {
  const fine = frame.columns.fine as Uint32Array | undefined;
  return frame.time.base + frame.time.unit * (frame.columns.time as Uint32Array)[i]! + (fine ? fine[i]! : 0);
}

/** Exact statistics of a trades frame; one pass. */
export function measureTrades(
  instruments: number,
  offsets: Uint32Array,
  tick: Int32Array,
  size: Uint32Array,
  sizeHi: Uint32Array | undefined,
): FrameStats {
  const tickMin = new Int32Array(instruments);
  const tickMax = new Int32Array(instruments);
  let maxLots = 0;
  let maxTotalLots = 0;
  let maxTick = 0;
  let maxSecondMoment = 0;
  for (let s = 0; s < instruments; s++) {
    const end = offsets[s + 1]!;
    let lo = 2147483647;
    let hi = -2147483648;
    let total = 0;
    for (let i = offsets[s]!; i < end; i++) {
      const k = tick[i]!;
      if (k < lo) lo = k;
      if (k > hi) hi = k;
      // the f64 of a two-word size may round down: one unit in the last place covers it
      const lots = sizeHi ? (sizeHi[i]! * 1073741824 + (size[i]! >>> 2)) * (1 + 2 ** -52) : size[i]! >>> 2;
      if (lots > maxLots) maxLots = lots;
      total += lots;
    }
    if (end === offsets[s]!) continue;
    tickMin[s] = lo;
    tickMax[s] = hi;
    const widest = Math.max(-lo, hi);
    // summation error of n terms is below n · 2^-53 relative
    const bound = total * (1 + (end - offsets[s]!) * 2 ** -52);
    maxTick = Math.max(maxTick, widest);
    maxTotalLots = Math.max(maxTotalLots, bound);
    maxSecondMoment = Math.max(maxSecondMoment, bound * Math.max(1, widest ** 2) * (1 + 2 ** -50));
  }
  return {
    maxLots: Math.ceil(maxLots),
    maxTotalLots: Math.ceil(maxTotalLots),
    maxTick,
    maxSecondMoment,
    tickMin,
    tickMax,
  };
}
