import { parseDecimalText } from '../core/decimal.js';
import { parseDuration } from '../core/duration.js';
import { numberOf } from '../core/stamps.js';
import { isNull, type SourceColumn, wordsAt } from './source-column.js';

/** Notes that a cell holds something that cannot be read. */
export type Spoil = (row: number) => void;

/** Texts that stand for no value. */
const EMPTY = /^\s*(nan|null|none|n\/a|-)?\s*$/i;

/** Text of a cell as it stands, null where there is none. */
export function textOf(column: SourceColumn, i: number): string | null {
  if (isNull(column, i)) return null;
  switch (column.kind) {
    case 'texts':
      return column.texts[i] ?? null;
    case 'codes':
      return column.texts[column.codes[i]!] ?? null;
    case 'numbers': {
      const value = column.values[i]!;
      return Number.isNaN(value) ? null : String(value);
    }
    case 'words':
      return String(wordsAt(column, i));
    case 'decimals':
      return decimalText(column, i);
    case 'stamps': {
      const { words } = column;
      return String((BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]! >>> 0));
    }
    case 'dates':
      return String(column.days[i]!);
    default:
      return null;
  }
}

function decimalText(column: SourceColumn & { readonly kind: 'decimals' }, i: number): string {
  const { words, stride, scale } = column;
  let value = 0n;
  for (let w = stride - 1; w >= 0; w--) value = (value << 32n) | BigInt(words[i * stride + w]! >>> 0);
  value = BigInt.asIntN(stride * 32, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

/** Numbers in f64, NaN where null; what is neither a finite number nor empty spoils its row. */
export function fillNumbers(out: Float64Array, column: SourceColumn, rows: number, spoil: Spoil): void {
  if (column.kind === 'numbers') {
    const { values } = column;
    for (let i = 0; i < rows; i++) {
      const value = isNull(column, i) ? Number.NaN : values[i]!;
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) spoil(i);
      out[i] = Number.isFinite(value) ? value : Number.NaN;
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    const text = textOf(column, i)?.trim() ?? '';
    out[i] = EMPTY.test(text) ? Number.NaN : truth(text);
    if (Number.isNaN(out[i]!) && !EMPTY.test(text)) spoil(i);
  }
}

const truth = (text: string): number => {
  if (/^true$/i.test(text)) return 1;
  return /^false$/i.test(text) ? 0 : numberOf(text);
};

/** Whole numbers within ±2^53, NaN where null; others spoil their rows. */
export function fillWhole(out: Float64Array, column: SourceColumn, rows: number, spoil: Spoil): void {
  if (column.kind === 'words') {
    const { words, unsigned } = column;
    for (let i = 0; i < rows; i++) {
      const high = unsigned ? words[2 * i + 1]! >>> 0 : words[2 * i + 1]!;
      const value = isNull(column, i) ? Number.NaN : high * 4294967296 + (words[2 * i]! >>> 0);
      out[i] = value;
      if (!Number.isSafeInteger(value) && !Number.isNaN(value)) spoilAt(out, i, spoil);
    }
    return;
  }
  fillNumbers(out, column, rows, spoil);
  for (let i = 0; i < rows; i++)
    if (!Number.isNaN(out[i]!) && !Number.isSafeInteger(out[i]!)) spoilAt(out, i, spoil);
}

function spoilAt(out: Float64Array, i: number, spoil: Spoil): void {
  out[i] = Number.NaN;
  spoil(i);
}

/** Widths in µs, or as `1m`, `8h`; never negative. */
export function fillWidths(out: Float64Array, column: SourceColumn, rows: number, spoil: Spoil): void {
  if (column.kind === 'texts' || column.kind === 'codes') {
    for (let i = 0; i < rows; i++) {
      const text = textOf(column, i)?.trim() ?? '';
      const value = EMPTY.test(text) ? Number.NaN : (parseDuration(text) ?? numberOf(text));
      out[i] = value;
      if (!EMPTY.test(text) && !(Number.isSafeInteger(value) && value >= 0)) spoilAt(out, i, spoil);
    }
    return;
  }
  fillWhole(out, column, rows, spoil);
  for (let i = 0; i < rows; i++) if (out[i]! < 0) spoilAt(out, i, spoil);
}

/** Bits in u16, 0 where null. */
export function fillFlags(out: Uint16Array, column: SourceColumn, rows: number, spoil: Spoil): void {
  const numbers = new Float64Array(rows);
  fillWhole(numbers, column, rows, spoil);
  for (let i = 0; i < rows; i++) {
    const value = numbers[i]!;
    if (value < 0 || value > 0xffff) spoil(i);
    out[i] = value >= 0 && value <= 0xffff ? value : 0;
  }
}

/** Texts as they stand, empty ones null. */
export function textsOf(column: SourceColumn, rows: number): (string | null)[] {
  const out: (string | null)[] = [];
  for (let i = 0; i < rows; i++) {
    const text = textOf(column, i);
    out.push(text === null || text.trim() === '' ? null : text);
  }
  return out;
}

/** Calls and puts as C and P. */
export function callsOf(column: SourceColumn, rows: number, spoil: Spoil): (string | null)[] {
  const texts = textsOf(column, rows);
  for (let i = 0; i < rows; i++) {
    const text = texts[i]!;
    if (text === null) continue;
    const match = /^\s*(c|p)(all|ut)?s?\s*$/i.exec(text);
    if (match) texts[i] = match[1]!.toUpperCase();
    else spoil(i);
  }
  return texts;
}

/** Decimals that money keeps. */
const MONEY_SCALE = 18;

/**
 * Exact decimal or integer texts; what an f64 holds beyond 18 decimals is rounded, as no f64 stands for so many.
 * An integer in an f64 must be below 2^53.
 */
export function exactTexts(
  column: SourceColumn,
  rows: number,
  whole: boolean,
  spoil: Spoil,
): (string | null)[] {
  const out: (string | null)[] = [];
  const floats = column.kind === 'numbers' && column.values instanceof Float64Array;
  for (let i = 0; i < rows; i++) {
    let text = textOf(column, i)?.trim() ?? null;
    if (text !== null && EMPTY.test(text)) text = null;
    if (text !== null && floats) {
      const value = Number(text);
      if (whole && !Number.isSafeInteger(value)) text = null;
      else if ((parseDecimalText(text)?.scale ?? 0) > MONEY_SCALE) text = value.toFixed(MONEY_SCALE);
      if (text === null) spoil(i);
    }
    out.push(text);
  }
  return out;
}
