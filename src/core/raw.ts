import type { Decimal } from './decimal.js';

/** Numbers as a source stores them, before scales are known; exact in every form. */
export type RawNumbers =
  | { readonly kind: 'f64'; readonly values: Float64Array }
  /** value = unscaled · 10^-scale; words beyond 64 bits come as `big`. */
  | {
      readonly kind: 'decimal';
      readonly unscaled: BigInt64Array | bigint[];
      readonly scale: number;
      /** 1 where null. */
      readonly nulls?: Uint8Array;
    }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** Whole numbers of a unit as a dataset stores them: value = n · unit, each a safe integer, NaN where null. */
export interface UnitNumbers {
  readonly kind: 'units';
  readonly values: Float64Array;
  readonly unit: Decimal;
}

/**
 * One batch of trades as read, columns of equal length, in input order. A null is NaN in f64 and time
 * columns, null in text; for decimals `nulls` marks it.
 */
export interface RawTrades {
  readonly rows: number;
  /** Index into the names the reader collects. */
  readonly instrument: Uint32Array;
  /** µs since the epoch (floored from finer stamps), NaN where missing or unreadable. */
  readonly time: Float64Array;
  readonly received?: Float64Array;
  readonly price: RawNumbers | UnitNumbers;
  readonly size: RawNumbers | UnitNumbers;
  readonly priceNulls?: Uint8Array;
  readonly sizeNulls?: Uint8Array;
  /** SIDE_UNKNOWN, SIDE_BUY or SIDE_SELL; above these where the text is no known side. */
  readonly side: Uint8Array;
  /** Trade id or sequence: orders equal times and finds duplicates; NaN where missing. */
  readonly seq?: Float64Array;
  /** Input row of the first row, then counting up by one. */
  readonly firstRow: number;
  /** Rows before this batch that were left unread because their instrument or day is not asked for. */
  readonly unread?: number;
}

/** What the user or the file declares of an instrument. */
export interface InstrumentDeclaration {
  readonly tick?: Decimal;
  readonly lot?: Decimal;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: Decimal;
}

/** A source of trades: names the columns it used, then streams batches. */
export interface RawSource {
  /** File name as shown to the user and in the ledger. */
  readonly input: string;
  /** Instrument names by index; may grow while batches are read. */
  readonly instruments: readonly string[];
  readonly declarations: ReadonlyMap<string, InstrumentDeclaration>;
  /** Canonical column → source column, as guessed or mapped, for printing. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly batches: () => AsyncIterable<RawTrades>;
}

/** Why a row was left out. */
export type LedgerReason =
  /** A record that cannot be cut into its columns. */
  | 'bad_row'
  | 'bad_time'
  | 'bad_price'
  | 'bad_size'
  | 'bad_side'
  | 'bad_instrument'
  | 'off_tick'
  | 'off_lot'
  | 'tick_overflow'
  | 'size_overflow'
  | 'inexact'
  | 'duplicate'
  /** Another required value is missing or unreadable. */
  | 'bad_value'
  /** A second row of the same name and time with other values. */
  | 'conflict'
  /** Another level of the same message is bad: part of a message would be a wrong book. */
  | 'bad_message'
  /** A bar that should be part of a wider one whose other parts are not all there. */
  | 'incomplete';

export interface LedgerRow {
  readonly input: string;
  readonly row: number;
  readonly reason: LedgerReason;
}

/** Rejected rows and counts. rows read = kept + filtered + Σ counts (duplicates among them), always. */
export interface Ledger {
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows left out by --instruments, --from-time, --until. */
  readonly filtered: number;
  readonly counts: Readonly<Partial<Record<LedgerReason, number>>>;
  /** Kept rows that came out of order and were sorted. */
  readonly outOfOrder: number;
  /** Kept rows whose local stamp lies before the exchange's; the stamp is not believed. */
  readonly clockSkew: number;
  readonly rows: readonly LedgerRow[];
  /** Rejected rows beyond the length of `rows`: in the counts, but not listed. */
  readonly cut?: number;
}
