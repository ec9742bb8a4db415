import { textOf } from './row-cells.js';
import { isNull, type SourceColumn } from './source-column.js';

const WHOLE = /^\d{1,16}$/;

/**
 * Trade ids: whole numbers up to 2^53 into `seq`, NaN elsewhere; the others are returned as texts, undefined if there
 * are none.
 */
export function fillIds(
  seq: Float64Array,
  column: SourceColumn,
  rows: number,
): (string | null)[] | undefined {
  if (wholeNumbers(seq, column, rows)) return undefined;
  let texts: (string | null)[] | undefined;
  for (let i = 0; i < rows; i++) {
    let value = Number.NaN;
    let text: string | null = null;
    if (column.kind === 'numbers') value = isNull(column, i) ? Number.NaN : column.values[i]!;
    else if (column.kind === 'words') {
      const high = column.unsigned ? column.words[2 * i + 1]! >>> 0 : column.words[2 * i + 1]!;
      if (!isNull(column, i)) value = high * 4294967296 + (column.words[2 * i]! >>> 0);
    } else {
      text = textOf(column, i)?.trim() ?? null;
      if (text !== null && WHOLE.test(text)) value = Number(text);
    }
    if (Number.isSafeInteger(value) && value >= 0) {
      seq[i] = value;
      continue;
    }
    seq[i] = Number.NaN;
    text ??= textOf(column, i);
    if (text === null || text === '') continue;
    texts ??= new Array<string | null>(rows).fill(null);
    texts[i] = text;
  }
  return texts;
}

/** The short way, where every id is there and a whole number; false where it is not to be gone. */
function wholeNumbers(seq: Float64Array, column: SourceColumn, rows: number): boolean {
  if (column.valid !== undefined) return false;
  if (column.kind === 'words') {
    const { words } = column;
    for (let i = 0; i < rows; i++) {
      const high = words[2 * i + 1]!;
      // 2^21 · 2^32 = 2^53
      if (high < 0 || high >= 2097152) return false;
      seq[i] = high * 4294967296 + (words[2 * i]! >>> 0);
    }
    return true;
  }
  if (column.kind !== 'numbers' || !(column.values instanceof Uint32Array)) return false;
  seq.set(column.values.length === rows ? column.values : column.values.subarray(0, rows));
  return true;
}
