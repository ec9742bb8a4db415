import type { KindName } from '../core/kinds.js';
import type { SourceEntry } from '../dataset/manifest.js';

/** Days without rows, both ends included, YYYY-MM-DD. Whether nothing happened or nothing was recorded, rows cannot tell. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** UTC days of rows: those with rows, of all from the first to the last. */
export interface DayCoverage {
  readonly withRows: number;
  readonly inRange: number;
  readonly missing: readonly DaySpan[];
}

/** Trade ids: of all ids from the smallest to the largest, those that no row has. */
export interface IdGapReport {
  /** Rows with an id. */
  readonly rows: number;
  readonly missing: number;
  /** Runs of missing ids. */
  readonly gaps: number;
  readonly repeated: number;
  /** False where ids came so far out of order that `missing` is an upper bound. */
  readonly exact: boolean;
  readonly largest: { readonly from: number; readonly to: number } | null;
}

/** Messages of a book that do not follow the one before, by the venue's rule. */
export interface SequenceReport {
  /** Of `src/ingest/replay/sequence-rule`; null: no rule is known, so nothing was checked. */
  readonly rule: string | null;
  readonly messages: number;
  readonly snapshots: number;
  /** Null without a rule. */
  readonly breaks: number | null;
  /** Messages that end at or before the one before: repeated or late. */
  readonly old: number | null;
  /** The first breaks: µs, the id before, and the id that should have followed it. */
  readonly examples: readonly {
    readonly ts: number;
    readonly after: number;
    readonly found: number | null;
  }[];
}

/** Rows that say how wide they are: whether each begins where the one before ended. */
export interface IntervalReport {
  /** Rows with a width. */
  readonly rows: number;
  /** Widths, µs, with their rows; a month counts as 31 days. */
  readonly widths: readonly { readonly interval: number; readonly rows: number }[];
  /** Places where intervals are missing, and how many are. */
  readonly gaps: number;
  readonly missing: number;
  /** Rows of the same start and width as the one before. */
  readonly repeated: number;
  /** Rows off the grid of their width. */
  readonly irregular: number;
  /** Rows narrower than their series, in the place of one of it. */
  readonly cutShort: number;
  readonly largest: { readonly from: number; readonly to: number; readonly missing: number } | null;
}

/** The longest time between two rows that follow each other, µs. */
export interface Silence {
  readonly micros: number;
  readonly from: number;
  readonly to: number;
}

/** What can be said of missing rows; null where a check does not apply to the kind or its columns. */
export interface GapReport {
  readonly ids: IdGapReport | null;
  readonly sequence: SequenceReport | null;
  readonly intervals: IntervalReport | null;
  readonly silence: Silence | null;
}

/** Local stamps beside the exchange's; delays are recv_ts - ts in µs. Medians are within 0.4 %. */
export interface ClockReport {
  /** Rows with both stamps. */
  readonly rows: number;
  readonly delay: { readonly min: number; readonly median: number; readonly max: number };
  /** Rows whose local stamp lies before the exchange's, which no clock that is right does; null if there are none. */
  readonly skew: { readonly rows: number; readonly median: number; readonly extreme: number } | null;
}

/** Units of an instrument's numbers, decimal text. */
export interface ScaleReport {
  /** First day with rows of these declarations, in a dataset. */
  readonly from?: string;
  /** Declared tick and lot where there are, else the smallest decimal that holds every value; absent if there is none. */
  readonly price_unit?: string;
  readonly size_unit?: string;
  readonly tick?: string;
  readonly lot?: string;
  readonly contract?: string;
  readonly multiplier?: string;
}

export interface InstrumentInspection {
  /** `venue:symbol`, or the symbol. */
  readonly name: string;
  readonly venue: string;
  readonly symbol: string;
  readonly rows: number;
  /** µs. */
  readonly first: number;
  readonly last: number;
  /** Rows before an earlier row of theirs in time; an import sorts them. */
  readonly outOfOrder: number;
  readonly days: DayCoverage;
  /** A new entry for every change of what is declared. */
  readonly scales: readonly ScaleReport[];
  readonly gaps: GapReport;
}

export interface ColumnInspection {
  readonly name: string;
  /** Name in the dataset's files. */
  readonly stored: string;
  readonly type: string;
  /** Empty where the number has none or the source does not say. */
  readonly unit: string;
  /** Rows with a value. */
  readonly values: number;
  readonly doc: string;
}

/** One kind of rows. Kinds without rows are absent. */
export interface KindInspection {
  readonly kind: KindName;
  readonly rows: number;
  /** µs. */
  readonly first: number;
  readonly last: number;
  readonly schema: readonly ColumnInspection[];
  readonly instruments: readonly InstrumentInspection[];
  readonly days: DayCoverage & {
    readonly rows: readonly { readonly day: string; readonly rows: number; readonly instruments: number }[];
  };
  readonly outOfOrder: number;
  /** Sums over instruments, and the largest of any. */
  readonly gaps: GapReport & { readonly silenceOf: string | null };
  readonly clock: ClockReport | null;
}

/** Rows that were or would be left out. rowsRead = rowsKept + duplicates + Σ counts. */
export interface LedgerInspection {
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows told again; null for files: only an import compares rows with each other. */
  readonly duplicates: number | null;
  /** Records that are no rows: headers, messages of other kinds. */
  readonly skipped: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The first rows of each reason; row numbers count from 0. */
  readonly examples: readonly {
    readonly source: string;
    readonly row: number;
    readonly reason: string;
    readonly text: string;
  }[];
}

/** The columns of a file as it has them. */
export interface TableInspection {
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly unit: string;
    readonly doc: string;
  }[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a dataset's folder stands. */
export interface DatasetState {
  readonly partitions: number;
  readonly bytes: number;
  readonly sources: readonly SourceEntry[];
  /** Process that holds the lock; `alive` false: it has died, and the next import takes over. */
  readonly lock: { readonly pid: number; readonly host: string; readonly alive: boolean } | null;
  /** An import that was not finished; it goes on when it is run again. */
  readonly unfinished: { readonly sourcesRead: number } | null;
  /** Files whose content is not what the manifest's SHA-256 says, and what else is wrong; empty if all is well. */
  readonly problems: readonly string[];
}

/**
 * What `steelyard inspect --json` prints. `kinds` are market data that was read row by row; `table` is the file's own
 * layout, of formats that have one; both may be there.
 */
export interface Inspection {
  readonly steelyard: 'inspection';
  readonly of: 'dataset' | 'files';
  /** The folder or the files, as given. */
  readonly names: readonly string[];
  /** `dataset`, a format of `steelyard formats`, or what the file is: `result`, `ledger`, `instruments`, `partition`. */
  readonly format: string;
  /** Other native formats that the content fits as well. */
  readonly alsoFits: readonly string[];
  /** How it was read: parameters of the format, as text. */
  readonly params: Readonly<Record<string, string>>;
  readonly kinds: readonly KindInspection[];
  /** Null where the rows are no market data. */
  readonly ledger: LedgerInspection | null;
  readonly table: TableInspection | null;
  readonly dataset: DatasetState | null;
}
