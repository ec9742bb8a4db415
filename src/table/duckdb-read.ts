import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, SteelyardError } from '../core/errors.js';
import type { RawSource } from '../core/raw.js';
import type { ReadOptions } from './arrow-read.js';
import { Canonicalizer } from './canonical.js';
import { guessColumns } from './column-guess.js';
import { type Selected, select, textColumns, vectorColumn } from './duckdb-columns.js';
import { jsonShape } from './json-shape.js';
import { checkGzip, isGzip } from './read-bytes.js';
import type { SourceColumn } from './source-column.js';
import { sqlName, sqlPath } from './sql-text.js';

/** JSON records that tell the columns and their types. */
const SAMPLE = 1000;

/** Trades in a Parquet file. Damaged or truncated files, wrong types and missing columns are InputErrors. */
export async function parquetTrades(path: string, options: ReadOptions): Promise<RawSource> {
  const { input } = options;
  const from = `read_parquet(${sqlPath(path)}, hive_partitioning=false)`;
  const described = await rowsOf(`describe select * from ${from}`, input, 'Parquet');
  const types = new Map(described.map((row) => [String(row[0]), String(row[1])]));
  const names = [...types.keys()];
  const mapping = guessColumns(input, names, options.map);
  const selected = Object.entries(mapping).map(([role, name]) =>
    select(role, sqlName(name), types.get(name)!, true, `${input} column ${name}`, names),
  );
  return duckSource('Parquet', from, selected, mapping, names, options);
}

/**
 * Trades in a JSON file: an array or lines of records or of arrays. Arrays are positional: the map names
 * 0-based indexes, and `[ts, id, type, side, price, amount, cost]` is known without one. Numbers are f64 as
 * JSON has them; numbers written as strings are exact.
 */
export async function jsonTrades(path: string, options: ReadOptions): Promise<RawSource> {
  const { input } = options;
  const zipped = await isGzip(path);
  // DuckDB takes a gzip stream cut between two records for a whole one
  if (zipped) await checkGzip(path, input);
  const from = `read_json_objects(${sqlPath(path)}, format='auto', compression='${zipped ? 'gzip' : 'uncompressed'}')`;
  const sample = await rowsOf(`select json::varchar from ${from} limit ${SAMPLE}`, input, 'JSON');
  const { names, positional, numeric, positions } = jsonShape(
    sample.map((row) => String(row[0])),
    input,
  );
  const mapping = guessColumns(input, names, options.map ?? positions);
  const selected = Object.entries(mapping).map(([role, name]) => {
    const key = positional ? String(Number(name)) : `'$."${name.replace(/"/g, '\\"').replace(/'/g, "''")}"'`;
    const text = `(json ->> ${key})`;
    if (numeric.has(name) && (role === 'price' || role === 'size'))
      return select(role, `try_cast(${text} as double)`, 'DOUBLE', false, input, names);
    return select(role, text, 'VARCHAR', false, input, names);
  });
  return duckSource('JSON', from, selected, mapping, names, options);
}

function duckSource(
  format: string,
  from: string,
  selected: readonly Selected[],
  mapping: Record<string, string>,
  names: readonly string[],
  options: ReadOptions,
): RawSource {
  const { input } = options;
  const canonical = new Canonicalizer(input, mapping, names, options);
  return {
    input,
    instruments: canonical.instruments,
    declarations: new Map(),
    mapping,
    batches: async function* () {
      const { default: bindings } = await import('@duckdb/node-bindings');
      const { connection, close } = await connect();
      try {
        const dictionaries = await textColumns(connection, from, selected);
        const result = await connection.stream(`select ${dictionaries.sql.join(', ')} from ${from}`);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          const columns: Record<string, SourceColumn> = {};
          selected.forEach((column, i) => {
            columns[column.role] = vectorColumn(bindings, chunk, i, column, dictionaries.texts[i]);
          });
          yield canonical.batch(chunk.rowCount, columns);
        }
      } catch (error) {
        throw duckError(error, input, format);
      } finally {
        close();
      }
      canonical.close();
    },
  };
}

/** A connection to an own in-memory DuckDB that loads no extension from elsewhere. */
async function connect(): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** All rows of a short query, as JSON values. */
async function rowsOf(sql: string, input: string, format: string): Promise<unknown[][]> {
  const { connection, close } = await connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  } catch (error) {
    throw duckError(error, input, format);
  } finally {
    close();
  }
}

function duckError(error: unknown, input: string, format: string): unknown {
  if (error instanceof SteelyardError || !(error instanceof Error) || error.name === 'AbortError')
    return error;
  // the path in DuckDB's own words would name the machine's folders
  const why = error.message
    .split('\n')[0]!
    .replace(/(in |of |from )?(file )?["'][^"']*\/[^"']*["']/g, '')
    .replace(/^[A-Za-z ]*Error: */, '')
    .slice(0, 160);
  return new InputError(`${format} file`, input, `is damaged or truncated (${why.trim()})`);
}
