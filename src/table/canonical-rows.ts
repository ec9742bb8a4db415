import { InputError } from '../core/errors.js';
import type { ImportContext, RawColumn, RawRows } from '../core/importer.js';
import { cellOf } from '../core/kind-cells.js';
import type { KindName } from '../core/kinds.js';
import type { LedgerReason, RawNumbers } from '../core/raw.js';
import { numbersOf, type Seen } from './canonical-numbers.js';
import { Sides } from './canonical-sides.js';
import { fillMicros } from './canonical-times.js';
import { listed, meaningOf } from './column-guess.js';
import { recordText } from './record-text.js';
import { RowBuffers } from './row-buffers.js';
import {
  callsOf,
  exactTexts,
  fillFlags,
  fillNumbers,
  fillWhole,
  fillWidths,
  type Spoil,
  textOf,
  textsOf,
} from './row-cells.js';
import { UNWANTED } from './row-filter.js';
import { fillIds } from './row-ids.js';
import { fillInstruments } from './row-instruments.js';
import type { SourceColumn } from './source-column.js';
import type { SourceBatch } from './table-source.js';
import { TimeUnit, type TimeUnitName } from './time-unit.js';

export interface RowOptions {
  readonly kind: KindName;
  readonly timeUnit?: TimeUnitName | undefined;
  /** Name of the instrument where no column tells. */
  readonly instrument: string;
  readonly venue: string;
  /** Instruments to keep; rows of others are marked UNWANTED. */
  readonly wanted?: ReadonlySet<string> | undefined;
}

/**
 * Turns batches of source columns into rows of a kind; one for each file, as it remembers names and time units. The
 * arrays of a batch are used again for the next one.
 */
export class RowCanonicalizer {
  readonly #buffers = new RowBuffers();
  readonly #units = new Map<string, TimeUnit>();
  readonly #seen = new Map<string, Seen>();
  readonly #codes = new Map<string, number>();
  #sides: Sides | undefined;
  #reject: (LedgerReason | undefined)[] | undefined;
  readonly #spoil: Spoil = (row) => this.#bad(row, 'bad_value');

  constructor(
    readonly input: string,
    readonly mapping: Readonly<Record<string, string>>,
    /** All columns of the input, for messages. */
    readonly columns: readonly string[],
    readonly options: RowOptions,
    readonly context: ImportContext,
  ) {
    const side = mapping.maker ?? mapping.side;
    if (side !== undefined)
      this.#sides = new Sides(input, side, mapping.maker === undefined ? meaningOf(side) : 'maker');
  }

  batch(source: SourceBatch): RawRows {
    const { rows, columns: cells, firstRecord, record, bad } = source;
    this.#reject = undefined;
    if (bad) for (let i = 0; i < rows; i++) if (bad[i] !== 0) this.#bad(i, 'bad_row');
    const columns: Record<string, RawColumn> = {};
    for (const [role, column] of Object.entries(cells)) {
      if (role === 'instrument') continue;
      if (role === 'id') Object.assign(columns, this.#ids(column, rows));
      else if (role === 'maker' || role === 'side') columns.side = this.#side(role, column, rows);
      else columns[role] = this.#cell(role, column, rows);
    }
    const instrument = this.#buffers.u32('instrument', rows);
    const name = (text: string): number => this.#instrument(text);
    if (cells.instrument === undefined) instrument.fill(name(this.options.instrument), 0, rows);
    else if (!fillInstruments(instrument, cells.instrument, rows, name))
      throw this.#wrong('instrument', cells.instrument, 'text');
    const { mapping } = this;
    return {
      kind: this.options.kind,
      ...{ rows, columns, firstRecord },
      instrument: instrument.subarray(0, rows),
      ...(record ? { record } : {}),
      ...(this.#reject ? { reject: this.#reject } : {}),
      text: (row) => (bad?.[row] ? (source.text?.(row) ?? '') : recordText(cells, mapping, row)),
    };
  }

  /** To be called after the last batch: fails where a needed column held no single value of its kind. */
  close(): void {
    for (const [role, { any, odd }] of this.#seen) {
      const needed = role === 'ts' || cellOf(this.options.kind, role)?.required !== undefined;
      if (any || odd === undefined || !needed) continue;
      const must = role === 'ts' ? 'a timestamp, a number or ISO text' : 'a number';
      throw new InputError(
        `${this.input} column ${this.mapping[role] ?? role}`,
        odd,
        `must be ${must}; columns: ${listed(this.columns)}`,
      );
    }
    this.#units.get('ts')?.close();
    this.#sides?.close();
  }

  #bad(row: number, reason: LedgerReason): void {
    this.#reject ??= [];
    this.#reject[row] ??= reason;
  }

  #wrong(role: string, column: SourceColumn, must: string): InputError {
    return new InputError(
      `${this.input} column ${this.mapping[role] ?? role} of type`,
      column.type,
      `must be ${must}; columns: ${listed(this.columns)}`,
    );
  }

  #seenOf(role: string): Seen {
    let seen = this.#seen.get(role);
    if (seen === undefined) {
      seen = { any: false };
      this.#seen.set(role, seen);
    }
    return seen;
  }

  #cell(role: string, column: SourceColumn, rows: number): RawColumn {
    if (column.kind === 'other') throw this.#wrong(role, column, 'a number, a time or text');
    const { kind } = this.options;
    const cell =
      role === 'ts' || role === 'recv_ts' ? 'time' : role === 'seq' ? 'count' : cellOf(kind, role)!.type;
    switch (cell) {
      case 'time':
        return this.#time(role, column, rows);
      case 'price':
      case 'size':
        return this.#numbers(role, column, rows);
      case 'money':
      case 'integer':
        return { kind: 'text', values: exactTexts(column, rows, cell === 'integer', this.#spoil) };
      case 'count': {
        const values = this.#buffers.f64(role, rows);
        const fill = role === 'interval' ? fillWidths : fillWhole;
        fill(values, column, rows, this.#spoil);
        return { kind: 'f64', values };
      }
      case 'f64': {
        const values = this.#buffers.f64(role, rows);
        fillNumbers(values, column, rows, this.#spoil);
        return { kind: 'f64', values };
      }
      case 'side':
        return this.#side(role, column, rows);
      case 'flags': {
        const values = this.#buffers.u16(role, rows);
        fillFlags(values, column, rows, this.#spoil);
        return { kind: 'codes', values };
      }
      case 'text':
        return {
          kind: 'text',
          values:
            kind === 'options' && role === 'cp' ? callsOf(column, rows, this.#spoil) : textsOf(column, rows),
        };
      default: {
        cell satisfies never;
        throw this.#wrong(role, column, 'of a known type');
      }
    }
  }

  #time(role: string, column: SourceColumn, rows: number): RawColumn {
    let unit = this.#units.get(role);
    if (unit === undefined) {
      unit = new TimeUnit(this.input, this.mapping[role] ?? role, this.options.timeUnit);
      this.#units.set(role, unit);
    }
    const values = this.#buffers.f64(role, rows);
    if (!fillMicros(values, column, rows, unit, this.#seenOf(role)))
      throw this.#wrong(role, column, 'a timestamp, a number or ISO text');
    // a row without its own time is found later; what else is no time spoils it, and 0 means that there is none
    if (role !== 'ts')
      for (let i = 0; i < rows; i++)
        if (Number.isNaN(values[i]!) && !NO_TIME.test(textOf(column, i) ?? '')) this.#spoil(i);
    return { kind: 'f64', values };
  }

  #numbers(role: string, column: SourceColumn, rows: number): RawColumn {
    // a dictionary of prices is rare, and its texts are exact
    const plain: SourceColumn =
      column.kind === 'codes' ? { type: column.type, kind: 'texts', texts: textsOf(column, rows) } : column;
    const must = (what: string): InputError => this.#wrong(role, column, what);
    const { numbers, nulls } = numbersOf(plain, rows, must, this.#seenOf(role));
    return numbers.kind === 'decimal' && nulls
      ? { ...(numbers as RawNumbers & { kind: 'decimal' }), nulls }
      : numbers;
  }

  #side(role: string, column: SourceColumn, rows: number): RawColumn {
    this.#sides ??= new Sides(this.input, role, 'side');
    const codes = this.#sides.codes(column, rows);
    if (codes === undefined) throw this.#wrong(role, column, 'text, boolean, 1 and -1, or 1 and 2');
    return { kind: 'codes', values: codes };
  }

  /** Whole numbers are `seq`, other ids `trade_id`. */
  #ids(column: SourceColumn, rows: number): Record<string, RawColumn> {
    const seq = this.#buffers.f64('seq', rows);
    const texts = fillIds(seq, column, rows);
    if (texts === undefined) return { seq: { kind: 'f64', values: seq } };
    return { seq: { kind: 'f64', values: seq }, trade_id: { kind: 'text', values: texts } };
  }

  #instrument(symbol: string): number {
    if (this.options.wanted?.has(symbol) === false) return UNWANTED;
    let code = this.#codes.get(symbol);
    if (code === undefined) {
      if (this.#codes.size >= MOST_INSTRUMENTS)
        throw new InputError(`${this.input} instruments`, undefined, `must be at most ${MOST_INSTRUMENTS}`);
      code = this.context.instrument({ symbol, venue: this.options.venue });
      this.#codes.set(symbol, code);
    }
    return code;
  }
}

/** Texts of an optional time that is not there. */
const NO_TIME = /^\s*(0+(\.0*)?|nan|nat|null|none|-)?\s*$/i;

/** More names than that are ids in the wrong column. */
const MOST_INSTRUMENTS = 1_000_000;
