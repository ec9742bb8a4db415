import type { RawColumn, RawRows } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';

/** How an importer fills a column: numbers (NaN is null), exact decimal text (null is null), or small codes. */
export type Fill = 'f64' | 'text' | 'codes';

const FIRST_CAPACITY = 1024;

/** Rows, cells and characters of source text a batch holds before it is to be handed on. */
const MOST_ROWS = 8192;
const MOST_CELLS = 1 << 18;
const MOST_CHARACTERS = 16 << 20;

/**
 * Collects rows of one kind in columns. `add` gives the place of a new row; columns are then filled by place
 * (`batch.f64.ts![i] = …`), and what is not filled is null, a code 0. Arrays move when they grow: take them from
 * the batch at each row.
 */
export class RowBatch {
  rows = 0;
  readonly f64: Record<string, Float64Array> = {};
  readonly text: Record<string, (string | null)[]> = {};
  readonly codes: Record<string, Uint8Array> = {};
  #capacity = FIRST_CAPACITY;
  #instrument = new Uint32Array(FIRST_CAPACITY);
  #record = new Float64Array(FIRST_CAPACITY);
  #source: string[] = [];
  #reject: (LedgerReason | undefined)[] | undefined;
  #characters = 0;
  readonly #most: number;

  constructor(
    readonly kind: KindName,
    readonly columns: Readonly<Record<string, Fill>>,
  ) {
    this.#most = Math.min(MOST_ROWS, Math.ceil(MOST_CELLS / Object.keys(columns).length));
    this.#clear();
  }

  /**
   * True when the rows are to be taken, which an importer does as soon as no record is cut by it: lines may be megabytes
   * long, and each row keeps its own for the ledger.
   */
  get full(): boolean {
    return this.rows >= this.#most || this.#characters >= MOST_CHARACTERS;
  }

  /** A new row of input record `record` with its raw text; returns its place. */
  add(instrument: number, record: number, source: string): number {
    if (this.rows === this.#capacity) this.#grow();
    const i = this.rows++;
    this.#instrument[i] = instrument;
    this.#record[i] = record;
    // the levels of one message share its text
    if (i === 0 || record !== this.#record[i - 1]) this.#characters += source.length;
    this.#source[i] = source;
    for (const name in this.text) this.text[name]![i] = null;
    return i;
  }

  /** Sends a row to the ledger; the first reason stays. */
  reject(i: number, reason: LedgerReason): void {
    this.#reject ??= [];
    this.#reject[i] ??= reason;
  }

  rejected(i: number): boolean {
    return this.#reject?.[i] !== undefined;
  }

  /** The rows so far; the batch starts anew. */
  take(): RawRows {
    const { rows } = this;
    const columns: Record<string, RawColumn> = {};
    for (const [name, fill] of Object.entries(this.columns))
      columns[name] =
        fill === 'f64'
          ? { kind: 'f64', values: this.f64[name]!.subarray(0, rows) }
          : fill === 'text'
            ? { kind: 'text', values: this.text[name]! }
            : { kind: 'codes', values: this.codes[name]!.subarray(0, rows) };
    const source = this.#source;
    const taken: RawRows = {
      kind: this.kind,
      rows,
      instrument: this.#instrument.subarray(0, rows),
      columns,
      record: this.#record.subarray(0, rows),
      firstRecord: rows > 0 ? this.#record[0]! : 0,
      ...(this.#reject ? { reject: this.#reject } : {}),
      text: (row) => source[row]!,
    };
    this.#clear();
    return taken;
  }

  #clear(): void {
    this.rows = 0;
    this.#instrument = new Uint32Array(this.#capacity);
    this.#record = new Float64Array(this.#capacity);
    this.#source = [];
    this.#characters = 0;
    this.#reject = undefined;
    for (const [name, fill] of Object.entries(this.columns)) {
      if (fill === 'f64') this.f64[name] = new Float64Array(this.#capacity).fill(Number.NaN);
      else if (fill === 'text') this.text[name] = [];
      else this.codes[name] = new Uint8Array(this.#capacity);
    }
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const grown = <T extends Float64Array | Uint32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#instrument = grown(new Uint32Array(capacity), this.#instrument);
    this.#record = grown(new Float64Array(capacity), this.#record);
    for (const [name, fill] of Object.entries(this.columns)) {
      if (fill === 'f64')
        this.f64[name] = grown(new Float64Array(capacity).fill(Number.NaN, this.#capacity), this.f64[name]!);
      else if (fill === 'codes') this.codes[name] = grown(new Uint8Array(capacity), this.codes[name]!);
    }
    this.#capacity = capacity;
  }
}
