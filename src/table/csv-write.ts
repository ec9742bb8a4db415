import { open } from 'node:fs/promises';
import { isoTime } from './iso-time.js';
import { isValid, type PresentedColumn, type PresentedTable, readInt64 } from './presented.js';
import { readDecimal } from './scaled-words.js';

const CHUNK_ROWS = 4096;

/**
 * A presented table as CSV text, in chunks: RFC 4180 quoting, LF line ends, f64 in their shortest form that
 * reads back equal, ISO-8601 UTC timestamps, decimals in plain notation, null as an empty field.
 */
export function* csvChunks(table: PresentedTable, header = true): Generator<string> {
  const cells = table.columns.map(cellOf);
  const last = table.columns.length - 1;
  let text = header ? `${table.columns.map((column) => quoted(column.name)).join(',')}\n` : '';
  for (let row = 0; row < table.rows; row++) {
    for (let c = 0; c < last; c++) text += `${cells[c]!(row)},`;
    text += `${cells[last]!(row)}\n`;
    if (row % CHUNK_ROWS === CHUNK_ROWS - 1) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

/** Writes the CSV to a file. Callers make it atomic: see `atomically`. */
export async function writeCsv(table: PresentedTable, path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const chunk of csvChunks(table)) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

function cellOf(column: PresentedColumn): (row: number) => string {
  const { data } = column;
  const value = textOf(data);
  return column.valid ? (row) => (isValid(column, row) ? value(row) : '') : value;
}

function textOf(data: PresentedColumn['data']): (row: number) => string {
  switch (data.type) {
    case 'symbol': {
      const texts = data.values.map(quoted);
      return (row) => texts[data.codes[row]!]!;
    }
    case 'text':
      // an empty field is null
      return (row) => quoted(data.values[row] ?? '') || '""';
    case 'timestamp': {
      // bars repeat their time over instruments only, but a bar's own columns often share one
      let time = Number.NaN;
      let text = '';
      return (row) => {
        const next = readInt64(data.words, row);
        if (next !== time) {
          time = next;
          text = isoTime(next);
        }
        return text;
      };
    }
    case 'i64':
      return (row) => String(readInt64(data.words, row));
    case 'f64':
    case 'u32':
      return (row) => String(data.values[row]);
    case 'decimal':
      return (row) => decimalAt(data.words, data.scale, row);
  }
}

function decimalAt(words: Uint32Array, scale: number, row: number): string {
  const high = words[4 * row + 1]!;
  // an upper half of zero and 53 bits below: no BigInt needed
  const narrow = words[4 * row + 2] === 0 && words[4 * row + 3] === 0 && high < 0x200000;
  const text = narrow ? String(high * 4294967296 + words[4 * row]!) : String(readDecimal(words, row));
  if (scale === 0) return text;
  const negative = text.startsWith('-');
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
