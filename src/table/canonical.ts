import { SIDE_UNKNOWN } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { RawNumbers, RawTrades } from '../core/raw.js';
import { idsOf } from './canonical-ids.js';
import { numbersOf, type Seen } from './canonical-numbers.js';
import { Sides } from './canonical-sides.js';
import { fillMicros } from './canonical-times.js';
import { listed, meaningOf, onlyOrders } from './column-guess.js';
import { isNull, type SourceColumn, wordsAt } from './source-column.js';
import { TimeUnit, type TimeUnitName } from './time-unit.js';

/** A row that names no instrument. */
export const NO_INSTRUMENT = 0xffffffff;

/** Trades whose ids are no integers below 2^53: `idKey` is a 53-bit hash of the text, NaN elsewhere. */
export interface KeyedTrades extends RawTrades {
  readonly idKey?: Float64Array;
  /** `seq` orders rows but need not be unique, so it finds no duplicates. */
  readonly orderOnly?: boolean;
  /** 1 where a record could not be cut into its columns. */
  readonly badRow?: Uint8Array;
}

/** Trades of a table: decimals, no units known yet. */
interface TableTrades extends KeyedTrades {
  readonly price: RawNumbers;
  readonly size: RawNumbers;
}

/** Turns batches of source columns into RawTrades; one per input, as it remembers names and time units. */
export class Canonicalizer {
  readonly instruments: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #time: TimeUnit;
  readonly #received: TimeUnit;
  readonly #sides: Sides | undefined;
  readonly #seen: Record<'price' | 'size' | 'time' | 'received', Seen> = {
    price: { any: false },
    size: { any: false },
    time: { any: false },
    received: { any: false },
  };
  readonly #orderOnly: boolean;
  #nextRow = 0;
  /** Codes of the last dictionary seen, by identity. */
  #dictionary: { texts: readonly (string | null)[]; codes: Uint32Array } | undefined;

  constructor(
    readonly input: string,
    readonly mapping: Readonly<Record<string, string>>,
    /** All columns of the input, for messages. */
    readonly columns: readonly string[],
    options: { timeUnit?: TimeUnitName | undefined; defaultInstrument: string },
  ) {
    this.#time = new TimeUnit(input, mapping.time!, options.timeUnit);
    this.#received = new TimeUnit(input, mapping.received ?? '', options.timeUnit);
    const side = mapping.maker ?? mapping.side;
    if (side !== undefined)
      this.#sides = new Sides(input, side, mapping.maker === undefined ? meaningOf(side) : 'maker');
    this.#orderOnly = mapping.id !== undefined && onlyOrders(mapping.id);
    if (mapping.instrument === undefined) this.code(options.defaultInstrument);
  }

  /** Index of an instrument name, added if new. */
  code(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.instruments.length;
      this.#codes.set(name, code);
      this.instruments.push(name);
    }
    return code;
  }

  batch(rows: number, columns: Readonly<Record<string, SourceColumn>>, badRow?: Uint8Array): TableTrades {
    const firstRow = this.#nextRow;
    this.#nextRow += rows;
    const numbers = (role: 'price' | 'size'): ReturnType<typeof numbersOf> =>
      numbersOf(columns[role]!, rows, (must) => this.#wrong(role, columns[role]!, must), this.#seen[role]);
    const price = numbers('price');
    const size = numbers('size');
    return {
      rows,
      firstRow,
      instrument: columns.instrument ? this.#instruments(columns.instrument, rows) : new Uint32Array(rows),
      time: this.#micros(columns.time!, 'time', rows, this.#time),
      ...(columns.received
        ? { received: this.#micros(columns.received, 'received', rows, this.#received) }
        : {}),
      price: price.numbers,
      size: size.numbers,
      ...(price.nulls ? { priceNulls: price.nulls } : {}),
      ...(size.nulls ? { sizeNulls: size.nulls } : {}),
      side: this.#side(columns.maker ?? columns.side, rows),
      ...(columns.id ? idsOf(columns.id, rows, (must) => this.#wrong('id', columns.id!, must)) : {}),
      orderOnly: this.#orderOnly,
      ...(badRow ? { badRow } : {}),
    };
  }

  /** To be called after the last batch: fails where a column held no single value of its kind. */
  close(): void {
    for (const role of ['price', 'size', 'time', 'received'] as const) {
      const { any, odd } = this.#seen[role];
      if (any || odd === undefined) continue;
      const must = role === 'price' || role === 'size' ? 'a number' : 'a timestamp, a number or ISO text';
      throw new InputError(
        `${this.input} column ${this.mapping[role]}`,
        odd,
        `must be ${must}; columns: ${listed(this.columns)}`,
      );
    }
    this.#time.close();
    this.#sides?.close();
  }

  #wrong(role: string, column: SourceColumn, must: string): InputError {
    return new InputError(
      `${this.input} column ${this.mapping[role]} of type`,
      column.type,
      `must be ${must}; columns: ${listed(this.columns)}`,
    );
  }

  #side(column: SourceColumn | undefined, rows: number): Uint8Array {
    if (column === undefined) return new Uint8Array(rows).fill(SIDE_UNKNOWN);
    const role = this.mapping.maker === undefined ? 'side' : 'maker';
    const codes = this.#sides!.codes(column, rows);
    if (codes === undefined) throw this.#wrong(role, column, 'text, boolean, 1 and -1, or 1 and 2');
    return codes;
  }

  #instruments(column: SourceColumn, rows: number): Uint32Array {
    const out = new Uint32Array(rows);
    const codeOf = (text: string | null): number =>
      text === null || text.trim() === '' ? NO_INSTRUMENT : this.code(text.trim());
    if (column.kind === 'codes') {
      if (this.#dictionary?.texts !== column.texts)
        this.#dictionary = { texts: column.texts, codes: Uint32Array.from(column.texts, codeOf) };
      const codes = this.#dictionary.codes;
      for (let i = 0; i < rows; i++) out[i] = isNull(column, i) ? NO_INSTRUMENT : codes[column.codes[i]!]!;
    } else if (column.kind === 'texts') for (let i = 0; i < rows; i++) out[i] = codeOf(column.texts[i]!);
    else if (column.kind === 'numbers')
      for (let i = 0; i < rows; i++)
        out[i] = isNull(column, i) ? NO_INSTRUMENT : this.#numbered(column.values[i]!);
    else if (column.kind === 'words')
      for (let i = 0; i < rows; i++)
        out[i] = isNull(column, i) ? NO_INSTRUMENT : this.#numbered(wordsAt(column, i));
    else throw this.#wrong('instrument', column, 'text');
    return out;
  }

  readonly #numbers = new Map<number | bigint, number>();
  #numbered(value: number | bigint): number {
    let code = this.#numbers.get(value);
    if (code === undefined) {
      code = this.code(String(value));
      this.#numbers.set(value, code);
    }
    return code;
  }

  #micros(column: SourceColumn, role: 'time' | 'received', rows: number, unit: TimeUnit): Float64Array {
    const out = new Float64Array(rows);
    if (!fillMicros(out, column, rows, unit, this.#seen[role]))
      throw this.#wrong(role, column, 'a timestamp, a number or ISO text');
    return out;
  }
}
