import { InputError } from '../core/errors.js';
import type { RawSource } from '../core/raw.js';
import { badText, cutFields, type Fields, FieldTexts, fieldText } from './csv-fields.js';
import { bytesOf, READ_BYTES } from './read-bytes.js';
import type { SourceColumn } from './source-column.js';
import { type ReadOptions, type SourceBatch, type TableSource, tradesOf, type Want } from './table-source.js';

const DELIMITERS = [',', ';', '\t', '|'].map((c) => c.charCodeAt(0));
const MAX_FIELDS = 4096;

/**
 * A CSV file, plain or gzip. Delimiter `,` `;` tab or `|` and the header are told from the first record; without a
 * header the columns are named by their 0-based numbers, and a map is needed. Numbers are f64 where that is exact and
 * text where digits go beyond. A record with more or fewer fields than the first is a bad one.
 */
export async function csvSource(
  path: string,
  input: string,
  map?: Readonly<Record<string, string>>,
): Promise<TableSource> {
  const { cells, delimiter } = await firstRecord(path, input);
  const header = !cells.some((cell) => cell !== '' && Number.isFinite(Number(cell)));
  const names = header ? cells : cells.map((_, i) => String(i));
  if (!header && map === undefined)
    throw new InputError(
      `${input} header`,
      cells.join(' ').slice(0, 60),
      `is missing; pass --map time=0,price=1,size=2 with column numbers 0 to ${cells.length - 1}`,
    );
  return {
    ...{ input, columns: names, map: named(map, names) },
    declarations: new Map(),
    read: async function* (wanted) {
      const roles = Object.keys(wanted);
      const places = roles.map((role) => names.indexOf(wanted[role]!.column));
      const wants = roles.map((role) => wanted[role]!.want);
      const texts = roles.map(() => new FieldTexts());
      const cutting = { delimiter, columns: cells.length };
      let skipFirst = header;
      let firstRecord = 0;
      let rest: Uint8Array = new Uint8Array(0);
      const batchOf = (block: Uint8Array, fields: Fields): SourceBatch => {
        const columns = Object.fromEntries(
          roles.map((role, i) => [role, columnOf(wants[i]!, texts[i]!, block, fields, i)]),
        );
        const batch = { rows: fields.rows, columns, firstRecord };
        firstRecord += fields.rows;
        return fields.bad ? { ...batch, bad: fields.bad, text: (row) => badText(block, fields, row) } : batch;
      };
      for await (const chunk of textBytes(path, input)) {
        const block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
        const fields = cutFields(block, places, { ...cutting, skipFirst });
        if (fields.used > 0) skipFirst = false;
        if (fields.rows > 0) yield batchOf(block, fields);
        rest = block.slice(fields.used);
        checkLength(rest, input);
      }
      const fields = cutFields(rest, places, { ...cutting, skipFirst, last: true });
      if (fields.rows > 0) yield batchOf(rest, fields);
    },
  };
}

/** Trades in a CSV file: see `csvSource`. Missing columns are InputErrors. */
export const csvTrades = async (path: string, options: ReadOptions): Promise<RawSource> =>
  tradesOf(await csvSource(path, options.input, options.map), options);

function columnOf(want: Want, texts: FieldTexts, block: Uint8Array, fields: Fields, f: number): SourceColumn {
  if (want === 'side' || want === 'symbol') return texts.codes(block, fields, f);
  return want === 'text' || want === 'integer'
    ? texts.texts(block, fields, f)
    : texts.numbers(block, fields, f);
}

/** Bytes of the file without a byte order mark. */
async function* textBytes(path: string, input: string): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of bytesOf(path, input)) {
    yield first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
    first = false;
  }
}

/** Cells of the first record, cut at the delimiter that gives most of them. */
async function firstRecord(path: string, input: string): Promise<{ cells: string[]; delimiter: number }> {
  let head: Uint8Array = new Uint8Array(0);
  let last = true;
  for await (const chunk of textBytes(path, input)) {
    head = Buffer.concat([head, chunk]);
    last = false;
    if (cutFields(head, [], { delimiter: DELIMITERS[0]!, columns: 0, maxRows: 1 }).rows > 0) break;
    checkLength(head, input);
    last = true;
  }
  const wanted = Array.from({ length: MAX_FIELDS }, (_, i) => i);
  let best: { cells: string[]; delimiter: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const fields = cutFields(head, wanted, { delimiter, columns: 0, maxRows: 1, last });
    if (fields.rows === 0) continue;
    if (fields.bad) throw new InputError(`${input} header`, undefined, 'has a quote that is not closed');
    if (fields.columns > MAX_FIELDS)
      throw new InputError(`${input} columns`, fields.columns, `must be at most ${MAX_FIELDS}`);
    if (best && best.cells.length >= fields.columns) continue;
    const cells = wanted.slice(0, fields.columns).map((f) => fieldText(head, fields, f, 0).trim());
    best = { cells, delimiter };
  }
  if (best === undefined) throw new InputError('CSV file', input, 'is empty');
  return best;
}

function checkLength(bytes: Uint8Array, input: string): void {
  if (bytes.length > 2 * READ_BYTES)
    throw new InputError(`${input} line of bytes`, bytes.length, `must be at most ${2 * READ_BYTES}`);
}

/** A map may give column numbers of a file with a header, too; so given, a name that is there twice is clear. */
function named(
  map: Readonly<Record<string, string>> | undefined,
  names: string[],
): Record<string, string> | undefined {
  if (map === undefined) return undefined;
  const nameOf = (column: string): string => {
    if (names.includes(column) || !/^\d+$/.test(column) || names[Number(column)] === undefined) return column;
    const name = names[Number(column)]!;
    if (name !== '' && names.indexOf(name) === names.lastIndexOf(name)) return name;
    names[Number(column)] = column;
    return column;
  };
  return Object.fromEntries(Object.entries(map).map(([role, column]) => [role, nameOf(column)]));
}
