import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { RawTrades } from '../core/raw.js';
import { idsOf } from './canonical-ids.js';
import { numbersOf } from './canonical-numbers.js';
import { listed, onlyOrders, saysMaker } from './column-guess.js';
import { SIDE_BAD, sideCode } from './side-codes.js';
import { isNull, type SourceColumn } from './source-column.js';
import { microsOfText, microsOfWords, TimeUnit, type TimeUnitName } from './time-unit.js';

/** A row that names no instrument. */
export const NO_INSTRUMENT = 0xffffffff;

/** Trades whose ids are no integers below 2^53: `idKey` is a 53-bit hash of the text, NaN elsewhere. */
export interface KeyedTrades extends RawTrades {
  readonly idKey?: Float64Array;
  /** `seq` orders rows but need not be unique, so it finds no duplicates. */
  readonly orderOnly?: boolean;
}

/** Turns batches of source columns into RawTrades; one per input, as it remembers names and time units. */
export class Canonicalizer {
  readonly instruments: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #time: TimeUnit;
  readonly #received: TimeUnit;
  readonly #maker: boolean;
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
    this.#maker = mapping.side !== undefined && saysMaker(mapping.side);
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

  batch(rows: number, columns: Readonly<Record<string, SourceColumn>>): KeyedTrades {
    const firstRow = this.#nextRow;
    this.#nextRow += rows;
    const price = numbersOf(columns.price!, rows, (must, found) =>
      this.#wrong('price', columns.price!, must, found),
    );
    const size = numbersOf(columns.size!, rows, (must, found) =>
      this.#wrong('size', columns.size!, must, found),
    );
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
      side: columns.side ? this.#sides(columns.side, rows) : new Uint8Array(rows).fill(SIDE_UNKNOWN),
      ...(columns.id ? idsOf(columns.id, rows, (must) => this.#wrong('id', columns.id!, must)) : {}),
      orderOnly: this.#orderOnly,
    };
  }

  /** To be called after the last batch. */
  close(): void {
    this.#time.close();
  }

  #wrong(role: string, column: SourceColumn, must: string, found?: string): InputError {
    const subject = `${this.input} column ${this.mapping[role]}`;
    const columns = `; columns: ${listed(this.columns)}`;
    return found === undefined
      ? new InputError(`${subject} of type`, column.type, `must be ${must}${columns}`)
      : new InputError(subject, found, `must be ${must}${columns}`);
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
        out[i] = isNull(column, i) ? NO_INSTRUMENT : this.code(String(column.values[i]!));
    else throw this.#wrong('instrument', column, 'text');
    return out;
  }

  #micros(column: SourceColumn, role: string, rows: number, unit: TimeUnit): Float64Array {
    const out = new Float64Array(rows);
    switch (column.kind) {
      case 'stamps': {
        const { words, perSecond } = column;
        for (let i = 0; i < rows; i++)
          out[i] = microsOfWords(words[2 * i]! >>> 0, words[2 * i + 1]!, perSecond);
        break;
      }
      case 'words':
        for (let i = 0; i < rows; i++)
          if (!isNull(column, i))
            out[i] = unit.microsOfWords(column.words[2 * i]! >>> 0, column.words[2 * i + 1]!);
        break;
      case 'numbers':
        for (let i = 0; i < rows; i++) if (!isNull(column, i)) out[i] = unit.micros(column.values[i]!);
        break;
      case 'dates':
        for (let i = 0; i < rows; i++) out[i] = column.days[i]! * 86_400_000_000;
        break;
      case 'texts':
        for (let i = 0; i < rows; i++)
          out[i] = column.texts[i] === null ? Number.NaN : microsOfText(column.texts[i]!, unit);
        this.#someDigits(column, role);
        break;
      default:
        throw this.#wrong(role, column, 'a timestamp, a number or ISO text');
    }
    if (column.valid) for (let i = 0; i < rows; i++) if (isNull(column, i)) out[i] = Number.NaN;
    return out;
  }

  /** A text column without one digit in a batch is no column of times: the wrong one was taken. */
  #someDigits(column: SourceColumn & { readonly kind: 'texts' }, role: string): void {
    const odd = column.texts.find((text) => text !== null && text.trim() !== '');
    if (odd && !column.texts.some((text) => text !== null && /\d/.test(text)))
      throw this.#wrong(role, column, 'a timestamp, a number or ISO text', odd);
  }

  #sides(column: SourceColumn, rows: number): Uint8Array {
    const out = new Uint8Array(rows);
    if (column.kind === 'codes') {
      const codes = Uint8Array.from(column.texts, (text) => sideCode(text, this.#maker));
      for (let i = 0; i < rows; i++) out[i] = isNull(column, i) ? SIDE_UNKNOWN : codes[column.codes[i]!]!;
    } else if (column.kind === 'texts')
      for (let i = 0; i < rows; i++) out[i] = sideCode(column.texts[i], this.#maker);
    else if (column.kind === 'numbers' || column.kind === 'words')
      for (let i = 0; i < rows; i++) {
        const value =
          column.kind === 'numbers'
            ? column.values[i]!
            : column.words[2 * i + 1]! * 4294967296 + (column.words[2 * i]! >>> 0);
        if (isNull(column, i) || Number.isNaN(value)) out[i] = SIDE_UNKNOWN;
        else if (this.#maker) out[i] = value === 1 ? SIDE_SELL : value === 0 ? SIDE_BUY : SIDE_BAD;
        else
          out[i] = value === 1 ? SIDE_BUY : value === -1 ? SIDE_SELL : value === 0 ? SIDE_UNKNOWN : SIDE_BAD;
      }
    else throw this.#wrong('side', column, 'text, boolean or 1, -1');
    return out;
  }
}
