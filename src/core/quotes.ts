import type { RawNumbers } from './raw.js';

/**
 * Best bids and asks beside a trades frame: rows of its instrument i are `offsets[i] .. offsets[i+1]`, sorted by
 * (ts, seq, input row). Twice the mid price is `sum · 10^-scale`, an exact integer below 2^53; NaN where there is no
 * mid, because a side is missing or the book is crossed (bid above ask).
 */
export interface Quotes {
  readonly offsets: Uint32Array;
  /** ts, µs since the epoch. */
  readonly time: Float64Array;
  readonly sum: Float64Array;
  readonly scale: Uint8Array;
  /** µs, max(ts, recv_ts); without it a quote is available at its ts. */
  readonly available?: Float64Array;
}

/** Which quote stands when a trade happens. */
export interface AsOf {
  /** `before` (default): the last quote strictly before the moment; `at`: quotes of the moment itself, too. */
  readonly at?: 'before' | 'at';
  /** µs; the moment is the trade's ts less this. Default 0. */
  readonly lag?: number;
  /** µs; a quote further than this before the trade is none. Default: no bound. */
  readonly maxAge?: number;
}

/** One batch of quotes as read, in input order: as RawTrades, with two prices. A null price is a missing side. */
export interface RawQuotes {
  readonly rows: number;
  /** Index into the names the reader collects. */
  readonly instrument: Uint32Array;
  readonly time: Float64Array;
  readonly received?: Float64Array;
  readonly bid: RawNumbers;
  readonly ask: RawNumbers;
  readonly bidNulls?: Uint8Array;
  readonly askNulls?: Uint8Array;
  /** Orders equal times; NaN where missing. */
  readonly seq?: Float64Array;
  /** 1 where a record could not be cut into its columns. */
  readonly badRow?: Uint8Array;
  readonly firstRow: number;
}

/** A source of quotes: names the columns it used, then streams batches. */
export interface QuoteSource {
  readonly input: string;
  readonly instruments: readonly string[];
  readonly mapping: Readonly<Record<string, string>>;
  readonly batches: () => AsyncIterable<RawQuotes>;
}
