import type { InputError } from '../core/errors.js';
import { isNull, type SourceColumn, wordsAt } from './source-column.js';

/** Trade ids: numbers order rows; ids that are no integers below 2^53 have a hash besides, to find duplicates. */
export function idsOf(
  column: SourceColumn,
  rows: number,
  wrong: (must: string) => InputError,
): { seq: Float64Array; idKey?: Float64Array } {
  const seq = new Float64Array(rows).fill(Number.NaN);
  let idKey: Float64Array | undefined;
  for (let i = 0; i < rows; i++) {
    if (isNull(column, i)) continue;
    let value: number;
    let text: string | null = null;
    if (column.kind === 'numbers') value = column.values[i]!;
    else if (column.kind === 'words')
      value =
        (column.unsigned ? column.words[2 * i + 1]! >>> 0 : column.words[2 * i + 1]!) * 4294967296 +
        (column.words[2 * i]! >>> 0);
    else if (column.kind === 'texts' || column.kind === 'codes') {
      text = column.kind === 'texts' ? column.texts[i]! : column.texts[column.codes[i]!]!;
      if (text === null || text === '') continue;
      value = idNumber(text);
    } else throw wrong('an integer or text');
    if (Number.isInteger(value) && value >= 0) seq[i] = value;
    if (Number.isSafeInteger(value) && value >= 0) continue;
    idKey ??= new Float64Array(rows).fill(Number.NaN);
    if (text !== null) idKey[i] = hashText(text);
    // the digits, so that text and integer ids of one trade agree
    else if (column.kind === 'words') idKey[i] = hashText(String(wordsAt(column, i)));
    else if (!Number.isNaN(value)) idKey[i] = hashText(String(value));
  }
  return idKey ? { seq, idKey } : { seq };
}

/** A whole number in digits, or NaN: other ids neither order rows nor compare as numbers. */
function idNumber(text: string): number {
  if (text.length === 0 || text.length > 20) return Number.NaN;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  // beyond 2^53 the sum rounds at each step, Number() once
  return value <= Number.MAX_SAFE_INTEGER ? value : Number(text);
}

/** 53 bits of two FNV-like hashes. */
function hashText(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b + c, 0x85ebca6b) ^ (b >>> 13);
  }
  return hashWords(a, b);
}

const hashWords = (lo: number, hi: number): number =>
  ((hi ^ (hi >>> 15)) & 0x1fffff) * 4294967296 + (lo >>> 0);
