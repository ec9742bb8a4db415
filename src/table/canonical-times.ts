import { look, type Seen } from './canonical-numbers.js';
import { isNull, type SourceColumn } from './source-column.js';
import { microsOfText, microsOfWords, type TimeUnit } from './time-unit.js';

/**
 * µs since the epoch of a column's first `rows` cells into `out`, NaN where null or unreadable; false if the column
 * is of a type that holds no times.
 */
export function fillMicros(
  out: Float64Array,
  column: SourceColumn,
  rows: number,
  unit: TimeUnit,
  seen: Seen,
): boolean {
  unit.survey(column, rows);
  switch (column.kind) {
    case 'stamps': {
      const { words, perSecond } = column;
      if (perSecond === 1e6)
        for (let i = 0; i < rows; i++) {
          const high = words[2 * i + 1]!;
          out[i] = high < 0 ? Number.NaN : high * 4294967296 + (words[2 * i]! >>> 0);
        }
      else
        for (let i = 0; i < rows; i++)
          out[i] = microsOfWords(words[2 * i]! >>> 0, words[2 * i + 1]!, perSecond);
      break;
    }
    case 'words':
      for (let i = 0; i < rows; i++)
        out[i] = isNull(column, i)
          ? Number.NaN
          : unit.microsOfWords(column.words[2 * i]! >>> 0, column.words[2 * i + 1]!);
      break;
    case 'numbers':
      for (let i = 0; i < rows; i++) out[i] = isNull(column, i) ? Number.NaN : unit.micros(column.values[i]!);
      break;
    case 'dates':
      for (let i = 0; i < rows; i++) out[i] = column.days[i]! * 86_400_000_000;
      break;
    case 'texts':
      for (let i = 0; i < rows; i++)
        out[i] = column.texts[i] === null ? Number.NaN : microsOfText(column.texts[i]!, unit);
      look(column.texts, seen, /\d/, /^\s*$/);
      break;
    case 'codes': {
      const { codes, texts } = column;
      const micros = texts.map((text) => (text === null ? Number.NaN : microsOfText(text, unit)));
      for (let i = 0; i < rows; i++) out[i] = isNull(column, i) ? Number.NaN : micros[codes[i]!]!;
      look(texts, seen, /\d/, /^\s*$/);
      break;
    }
    default:
      return false;
  }
  if (column.valid) for (let i = 0; i < rows; i++) if (isNull(column, i)) out[i] = Number.NaN;
  return true;
}
