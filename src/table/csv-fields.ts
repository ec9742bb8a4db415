import { POW10 } from './exact-value.js';
import type { SourceColumn } from './source-column.js';

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const DOT = 46;

/** Where the wanted fields of a block lie: field f of row r is bytes `start[f][r] .. end[f][r]`; -1 = missing. */
export interface Fields {
  readonly rows: number;
  readonly start: readonly Int32Array[];
  readonly end: readonly Int32Array[];
  /** 1 for records that do not have `columns` fields or end inside quotes: all their fields are missing. */
  readonly bad: Uint8Array | undefined;
  /** Where the bad records lie: first byte, end. */
  readonly badAt: ReadonlyMap<number, readonly [number, number]>;
  /** Bytes cut; the rest is the beginning of a record. */
  readonly used: number;
  /** Fields of the last record. */
  readonly columns: number;
}

export interface Cutting {
  readonly delimiter: number;
  /** Fields a record must have; 0 = any number. */
  readonly columns: number;
  readonly skipFirst?: boolean;
  readonly maxRows?: number;
  /** The block ends the file. */
  readonly last?: boolean;
}

/** A quoted field may run over lines while its record stays below this. */
const MAX_RECORD = 65536;

/**
 * Cuts a block into records. A quoted field may hold the delimiter, doubled quotes and newlines; but where that
 * does not give a record of the right number of fields, the line alone is bad, so that a stray quote spoils
 * no good line. Blank lines are skipped.
 */
export function cutFields(block: Uint8Array, wanted: readonly number[], cutting: Cutting): Fields {
  const { delimiter, columns, maxRows = Number.POSITIVE_INFINITY, last = false } = cutting;
  const length = last ? block.length : block.lastIndexOf(NEWLINE) + 1;
  let capacity = 1;
  for (let i = 0; i < length && capacity <= maxRows; i++) if (block[i] === NEWLINE) capacity++;
  const start = wanted.map(() => new Int32Array(capacity).fill(-1));
  const end = wanted.map(() => new Int32Array(capacity).fill(-1));
  const slots: (number[] | undefined)[] = [];
  wanted.forEach((column, f) => {
    slots[column] = [...(slots[column] ?? []), f];
  });
  let bad: Uint8Array | undefined;
  const badAt = new Map<number, readonly [number, number]>();
  let rows = 0;
  let skip = cutting.skipFirst ?? false;
  let column = 0;
  let open = false;
  let blank = true;
  /** Cuts the record at `at`; returns the place of its newline, or `length`. */
  const record = (at: number, lines: boolean): number => {
    const limit = lines ? Math.min(length, at + MAX_RECORD) : length;
    let stop = at;
    column = 0;
    open = false;
    blank = true;
    while (stop < limit && block[stop] !== NEWLINE) {
      const from = stop;
      if (block[stop] === QUOTE) {
        stop++;
        while (
          stop < limit &&
          (lines || block[stop] !== NEWLINE) &&
          (block[stop] !== QUOTE || block[stop + 1] === QUOTE)
        )
          stop += block[stop] === QUOTE ? 2 : 1;
        open = block[stop] !== QUOTE || stop >= limit;
      }
      while (stop < length && block[stop] !== delimiter && block[stop] !== NEWLINE) stop++;
      let to = stop;
      if (to > from && block[to - 1] === RETURN && (block[stop] === NEWLINE || stop === length)) to--;
      if (to > from || block[stop] === delimiter) blank = false;
      const slot = slots[column];
      if (slot !== undefined)
        for (const f of slot) {
          const quoted = to - from >= 2 && block[from] === QUOTE && block[to - 1] === QUOTE;
          start[f]![rows] = quoted ? from + 1 : from;
          end[f]![rows] = quoted ? to - 1 : to;
        }
      column++;
      if (open) return stop;
      if (block[stop] === delimiter) {
        stop++;
        // a delimiter at the end opens one more field, which is empty
        if (
          stop >= limit ||
          block[stop] === NEWLINE ||
          (block[stop] === RETURN && block[stop + 1] === NEWLINE)
        ) {
          for (const f of slots[column] ?? []) {
            start[f]![rows] = stop;
            end[f]![rows] = stop;
          }
          column++;
          if (block[stop] === RETURN) stop++;
        }
      }
    }
    return stop;
  };
  let at = 0;
  while (at < length && rows < maxRows) {
    let stop = record(at, false);
    let good = !open && (columns === 0 || column === columns);
    if (open) {
      stop = record(at, true);
      const ended = stop >= length || block[stop] === NEWLINE;
      good = !open && ended && (columns === 0 || column === columns);
      // the rest of the record may come with the next block
      if (open && !last && length - at < MAX_RECORD) break;
      if (!good) {
        stop = block.indexOf(NEWLINE, at);
        if (stop < 0) stop = length;
      }
    }
    const take = !blank && !skip;
    if (!blank) skip = false;
    if (take && !good) {
      bad ??= new Uint8Array(capacity);
      bad[rows] = 1;
      badAt.set(rows, [at, stop]);
    }
    at = stop + 1;
    if (!take || !good) for (let f = 0; f < wanted.length; f++) start[f]![rows] = -1;
    if (take) rows++;
  }
  return { rows, start, end, bad, badAt, used: Math.min(at, length), columns: column };
}

/** Fields of one column as numbers or as codes of a growing dictionary. */
export class FieldTexts {
  readonly #texts: (string | null)[] = [null];
  readonly #codes = new Map<string, number>();

  /** f64 where every field is a plain decimal that an f64 stands for (NaN where empty), otherwise texts. */
  numbers(block: Uint8Array, fields: Fields, f: number): SourceColumn {
    const starts = fields.start[f]!;
    const ends = fields.end[f]!;
    const values = new Float64Array(fields.rows);
    for (let row = 0; row < fields.rows; row++) {
      const value =
        starts[row] === -1 || starts[row] === ends[row]
          ? Number.NaN
          : plainDecimal(block, starts[row]!, ends[row]!);
      if (value === -1) return this.texts(block, fields, f);
      values[row] = value;
    }
    return { type: 'text', kind: 'numbers', values };
  }

  codes(block: Uint8Array, fields: Fields, f: number): SourceColumn {
    const starts = fields.start[f]!;
    const ends = fields.end[f]!;
    const codes = new Uint32Array(fields.rows);
    let lastFrom = 0;
    let lastTo = 0;
    let lastCode = 0;
    for (let row = 0; row < fields.rows; row++) {
      const from = starts[row]!;
      const to = ends[row]!;
      if (from === -1) continue;
      if (lastCode === 0 || !sameBytes(block, from, to, lastFrom, lastTo)) {
        const text = textAt(block, from, to);
        let code = this.#codes.get(text);
        if (code === undefined) {
          code = this.#texts.length;
          this.#codes.set(text, code);
          this.#texts.push(text);
        }
        lastCode = code;
        lastFrom = from;
        lastTo = to;
      }
      codes[row] = lastCode;
    }
    // a copy: whoever caches by identity must see that the dictionary grew
    return { type: 'text', kind: 'codes', codes, texts: this.#snapshot() };
  }

  #shared: readonly (string | null)[] = [];
  #snapshot(): readonly (string | null)[] {
    if (this.#shared.length !== this.#texts.length) this.#shared = this.#texts.slice();
    return this.#shared;
  }

  texts(block: Uint8Array, fields: Fields, f: number): SourceColumn {
    const texts: (string | null)[] = [];
    for (let row = 0; row < fields.rows; row++) {
      const from = fields.start[f]![row]!;
      texts.push(from === -1 ? null : textAt(block, from, fields.end[f]![row]!));
    }
    return { type: 'text', kind: 'texts', texts };
  }
}

/** Text of field f of a row; empty if it is missing. */
export const fieldText = (block: Uint8Array, fields: Fields, f: number, row: number): string =>
  fields.start[f]![row] === -1 ? '' : textAt(block, fields.start[f]![row]!, fields.end[f]![row]!);

/** The line of a record that could not be cut. */
export const badText = (block: Uint8Array, fields: Fields, row: number): string => {
  const [from, to] = fields.badAt.get(row) ?? [0, 0];
  return Buffer.from(block.buffer, block.byteOffset + from, to - from)
    .toString('utf8')
    .trimEnd();
};

const textAt = (block: Uint8Array, from: number, to: number): string =>
  Buffer.from(block.buffer, block.byteOffset + from, to - from)
    .toString('utf8')
    .replaceAll('""', '"');

function sameBytes(block: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = 0; i < aEnd - a; i++) if (block[a + i] !== block[b + i]) return false;
  return true;
}

/** The f64 of an integer up to 2^53 or of a decimal of at most 15 significant digits; -1 for every other text. */
function plainDecimal(block: Uint8Array, from: number, to: number): number {
  let n = 0;
  let digits = 0;
  let scale = -1;
  for (let i = from; i < to; i++) {
    const c = block[i]!;
    if (c === DOT && scale < 0) scale = 0;
    else if (c >= 48 && c <= 57) {
      n = n * 10 + (c - 48);
      if (digits > 0 || c > 48) digits++;
      if (scale >= 0) scale++;
    } else return -1;
  }
  if (
    (scale > 0 ? digits > 15 || scale > 22 : n > Number.MAX_SAFE_INTEGER) ||
    to - from === (scale >= 0 ? 1 : 0)
  )
    return -1;
  return scale > 0 ? n / POW10[scale]! : n;
}
