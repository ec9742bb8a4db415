import { InputError } from '../core/errors.js';
import { type ImportContext, NO_INSTRUMENT, type RawRows, type SourceFile } from '../core/importer.js';
import type { RowBatch } from './row-batch.js';
import { splitCsv } from './split-csv.js';

/** Places of the named columns in a record; -1 where the file has no such column. */
export type Places = Readonly<Record<string, number>>;

export interface CsvRows {
  /** Takes the rows, and the records that do not fit. */
  readonly batch: RowBatch;
  /** A second batch that `record` fills, for rows of another kind. */
  readonly also?: RowBatch;
  /** Documented columns in file order: what a file without header has. */
  readonly columns: readonly string[];
  /**
   * Columns that must be there, by header or by place; default all. A record that ends before the last of them is a
   * bad_row, as is one of more fields than the header has, or than are documented.
   */
  readonly required?: readonly string[];
  /** never: the format has no header; always: it must have one; maybe: told by whether the first line names columns. */
  readonly header: 'never' | 'always' | 'maybe';
  /** Default a comma. */
  readonly separator?: string;
  /** Other spellings of header names: `{ open_interest: 'sum_open_interest' }`. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Adds the rows of a record to the batch. */
  readonly record: (fields: readonly string[], at: Places, record: number, line: string) => void;
}

/**
 * Reads a delimited text of one record a line, line by line: header, blank lines, quoted fields and records that do not
 * fit are dealt with here, every good record goes to `record`. Record numbers are line numbers from 0, the header's
 * among them.
 */
export async function* csvRows(
  file: SourceFile,
  context: ImportContext,
  format: CsvRows,
): AsyncGenerator<RawRows> {
  const { batch, also } = format;
  const separator = format.separator ?? ',';
  const required = format.required ?? format.columns;
  let places: Places | undefined;
  let fewest = 0;
  let most = 0;
  for await (const { first, lines } of file.lines()) {
    for (let j = 0; j < lines.length; j++) {
      const line = lines[j]!;
      if (line === '') continue;
      const fields = splitCsv(line, separator);
      if (places === undefined) {
        const head = headerOf(file, fields, format);
        places = placesOf(file, head ?? format.columns, required);
        most = (head ?? format.columns).length;
        fewest = Math.max(...required.map((name) => places![name]!)) + 1;
        if (head) {
          context.skip(1);
          continue;
        }
      }
      if (fields === undefined || fields.length < fewest || fields.length > most)
        batch.reject(batch.add(NO_INSTRUMENT, first + j, line), 'bad_row');
      else format.record(fields, places, first + j, line);
      if (batch.full) yield batch.take();
      if (also?.full) yield also.take();
    }
  }
  if (batch.rows > 0) yield batch.take();
  if (also !== undefined && also.rows > 0) yield also.take();
}

/** The header's names in our spelling; undefined if the first record is data. */
function headerOf(
  file: SourceFile,
  fields: readonly string[] | undefined,
  format: CsvRows,
): string[] | undefined {
  if (format.header === 'never') return undefined;
  const names = (fields ?? []).map((name) => {
    const key = name.trim();
    return format.alias && Object.hasOwn(format.alias, key) ? format.alias[key]! : key;
  });
  const known = new Set(format.columns);
  const named = names.filter((name) => known.has(name)).length;
  if (named >= Math.min(2, known.size)) return names;
  if (format.header === 'always')
    throw new InputError(
      `${file.name} header`,
      names.join(',').slice(0, 120),
      `must name ${format.columns.slice(0, 8).join(', ')}`,
    );
  return undefined;
}

function placesOf(file: SourceFile, names: readonly string[], required: readonly string[]): Places {
  const places: Record<string, number> = {};
  names.forEach((name, i) => {
    if (Object.hasOwn(places, name) && required.includes(name))
      throw new InputError(`${file.name} column`, name, 'must occur once');
    places[name] ??= i;
  });
  for (const name of required)
    if (!Object.hasOwn(places, name))
      throw new InputError(
        `${file.name} column`,
        name,
        `is missing; found: ${names.join(', ').slice(0, 200)}`,
      );
  return places;
}
