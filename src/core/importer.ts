import type { KindName } from './kinds.js';
import type { InstrumentDeclaration, LedgerReason, RawNumbers } from './raw.js';
import type { ParamSpec } from './schema.js';

/** What an importer knows of an instrument beside its name. */
export interface InstrumentInfo extends InstrumentDeclaration {
  /** As the venue writes it; never part of a path. */
  readonly symbol: string;
  /** Lower-case name such as `binance-usdm`; '' if unknown. Instruments of equal symbol differ by it. */
  readonly venue: string;
  /** Option facts, µs and plain numbers. */
  readonly option?: { readonly expiry: number; readonly strike: number; readonly cp: 'C' | 'P' };
  readonly expiry?: number;
  readonly listed?: number;
  readonly delisted?: number;
}

/** One batch of a column: numbers in f64 (NaN is null), small codes, or exact numbers as their source has them. */
export type RawColumn = RawNumbers | { readonly kind: 'codes'; readonly values: Uint8Array | Uint16Array };

/** A row that names no instrument. */
export const NO_INSTRUMENT = 0xffffffff;

/**
 * Rows of one kind, in input order. Columns are named as in the kind's declaration (`price`, `size`, `bid_price_1`,
 * …) beside `ts`, `recv_ts` (µs, f64) and `seq` (f64, below 2^53); a column left out is null. `side` codes are
 * SIDE_UNKNOWN, SIDE_BUY, SIDE_SELL, above these where the text is no known side.
 */
export interface RawRows {
  readonly kind: KindName;
  readonly rows: number;
  /** Index given by `ImportContext.instrument`, or NO_INSTRUMENT. */
  readonly instrument: Uint32Array;
  readonly columns: Readonly<Record<string, RawColumn>>;
  /** Input record (0-based) of each row; without it, rows are records counted up from `firstRecord`. */
  readonly record?: Float64Array;
  readonly firstRecord: number;
  /** Reasons the importer itself rejects rows for; absent or undefined at a good row. */
  readonly reject?: readonly (LedgerReason | undefined)[];
  /** Raw text of a row, for the ledger; called for rejected rows only. */
  readonly text?: (row: number) => string;
}

/** Lines of a text, without line ends and byte-order mark; blank ones are '' and keep their number. */
export interface LineBatch {
  /** Number of the first line, from 0. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** An input file, or a member of an archive, unpacked. */
export interface SourceFile {
  /** File name without folders, as shown to the user: `ETHUSDT-trades-2024-01-05.csv`. */
  readonly name: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** Throws an InputError at a line above 16 MiB. */
  readonly lines: () => AsyncIterable<LineBatch>;
  /** Another input of the same import, by name: for formats that come in pairs of files. */
  readonly sibling: (name: string) => SourceFile | undefined;
}

export interface ImportContext {
  /** Index of an instrument; the first call for (venue, symbol) declares it, later ones may add facts. */
  readonly instrument: (info: InstrumentInfo) => number;
  /** Parameters of the importer, checked. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Counts records that are no rows: headers, subscription answers, messages of other types. */
  readonly skip: (records: number) => void;
  /** Counts rows left out because the user asked for others; where absent, `skip` counts them. */
  readonly filtered?: (records: number) => void;
}

/**
 * Reads one native format. Nothing is dropped silently: every record becomes rows (good or with a reject reason) or
 * is counted by `skip`. A file that is not of the format, or damaged as a whole, is an InputError.
 */
export interface Importer {
  /** `binance-aggtrades`: what the command line takes. */
  readonly name: string;
  readonly summary: string;
  /** Where the vendor documents the format. */
  readonly source: string;
  /** `synthetic`: no native file was at hand; written to the vendor's documentation. */
  readonly fixture: 'real' | 'synthetic';
  readonly kinds: readonly KindName[];
  readonly params: ParamSpec;
  /** File names it takes from a folder. */
  readonly files: RegExp;
  /** For formats whose files also come as Parquet or Arrow tables: how such a file is named, undefined for others. */
  readonly table?: (
    name: string,
    params: Readonly<Record<string, unknown>>,
  ) => { readonly format: 'parquet' | 'arrow'; readonly symbol: string; readonly venue: string } | undefined;
  readonly read: (file: SourceFile, context: ImportContext) => AsyncIterable<RawRows>;
}
