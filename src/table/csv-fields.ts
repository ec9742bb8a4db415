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
}

/**
 * Cuts a block of whole lines. A quoted field may hold the delimiter and doubled quotes but no newline, so a
 * stray quote spoils its own line only. Blank lines are skipped.
 */
export function cutFields(
  block: Uint8Array,
  delimiter: number,
  wanted: readonly number[],
  skipFirst: boolean,
): Fields {
  let capacity = 1;
  for (let i = 0; i < block.length; i++) if (block[i] === NEWLINE) capacity++;
  const start = wanted.map(() => new Int32Array(capacity).fill(-1));
  const end = wanted.map(() => new Int32Array(capacity).fill(-1));
  const slots: (number[] | undefined)[] = [];
  wanted.forEach((column, f) => {
    slots[column] = [...(slots[column] ?? []), f];
  });
  let rows = 0;
  let skip = skipFirst;
  for (let at = 0; at < block.length; ) {
    let stop = at;
    let blank = true;
    let column = 0;
    while (stop < block.length && block[stop] !== NEWLINE) {
      const from = stop;
      if (block[stop] === QUOTE) {
        stop++;
        while (block[stop] !== NEWLINE && (block[stop] !== QUOTE || block[stop + 1] === QUOTE))
          stop += block[stop] === QUOTE ? 2 : 1;
      }
      while (block[stop] !== delimiter && block[stop] !== NEWLINE) stop++;
      let to = stop;
      if (to > from && block[to - 1] === RETURN && block[stop] === NEWLINE) to--;
      if (to > from || block[stop] === delimiter) blank = false;
      const slot = slots[column];
      if (slot !== undefined)
        for (const f of slot) {
          const quoted = to - from >= 2 && block[from] === QUOTE && block[to - 1] === QUOTE;
          start[f]![rows] = quoted ? from + 1 : from;
          end[f]![rows] = quoted ? to - 1 : to;
        }
      column++;
      if (block[stop] === delimiter) stop++;
    }
    at = stop + 1;
    if (blank || skip) {
      if (!blank) skip = false;
      for (let f = 0; f < wanted.length; f++) start[f]![rows] = -1;
    } else rows++;
  }
  return { rows, start, end };
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
      if (value === -1) return this.#all(block, fields, f);
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

  #all(block: Uint8Array, fields: Fields, f: number): SourceColumn {
    const texts: (string | null)[] = [];
    for (let row = 0; row < fields.rows; row++) {
      const from = fields.start[f]![row]!;
      texts.push(from === -1 ? null : textAt(block, from, fields.end[f]![row]!));
    }
    return { type: 'text', kind: 'texts', texts };
  }
}

const textAt = (block: Uint8Array, from: number, to: number): string =>
  Buffer.from(block.buffer, block.byteOffset + from, to - from)
    .toString('utf8')
    .replaceAll('""', '"');

function sameBytes(block: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = 0; i < aEnd - a; i++) if (block[a + i] !== block[b + i]) return false;
  return true;
}

const POW10 = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

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
