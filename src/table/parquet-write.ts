import type { DuckDBType } from '@duckdb/node-api';
import type { PresentedColumn, PresentedTable } from './presented.js';

/**
 * Writes a zstd Parquet file with the types `arrowTable` has: TIMESTAMP WITH TIME ZONE, DECIMAL(38, s), DOUBLE,
 * UINTEGER, BIGINT, VARCHAR and symbols as an enum (as VARCHAR if one of them holds a NUL); schema metadata becomes
 * key-value metadata. Typed arrays are copied into DuckDB's vectors, no number is ever boxed. Callers make it atomic:
 * see `atomically`.
 */
export async function writeParquet(table: PresentedTable, path: string): Promise<void> {
  await writeParquetParts(table, [table], path, ':memory:', { temp_directory: '' });
}

/**
 * The same for tables that follow one another, with the columns and symbols of `template`. They gather in a DuckDB
 * database at `database`, a path that does not exist yet, so that memory stays bounded.
 */
export async function writeParquetParts(
  template: PresentedTable,
  parts: Iterable<PresentedTable> | AsyncIterable<PresentedTable>,
  path: string,
  database: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const duckdb = await import('@duckdb/node-api');
  const { default: bindings } = await import('@duckdb/node-bindings');
  const instance = await duckdb.DuckDBInstance.create(database, settings);
  try {
    const connection = await instance.connect();
    const types = template.columns.map((column) => duckType(duckdb, column));
    const declared = template.columns.map((column, c) => `${quoted(column.name, '"')} ${types[c]}`);
    await connection.run(`CREATE TABLE output (${declared.join(', ')})`);
    // DuckDB keeps enum codes in one, two or four bytes by the number of values
    const enumBytes = (type: DuckDBType): number =>
      type instanceof duckdb.DuckDBEnumType ? (ENUM_BYTES[type.internalTypeId] ?? 4) : 0;
    const ENUM_BYTES: Readonly<Record<number, number>> = {
      [duckdb.DuckDBTypeId.UTINYINT]: 1,
      [duckdb.DuckDBTypeId.USMALLINT]: 2,
    };
    const appender = await connection.createAppender('output');
    const size = bindings.vector_size();
    let chunks = 0;
    for await (const table of parts) {
      const columns = table.columns.map((column, c) => memoryOf(column, enumBytes(types[c]!)));
      for (let from = 0; from < table.rows; from += size) {
        const rows = Math.min(size, table.rows - from);
        const chunk = duckdb.DuckDBDataChunk.create(types, rows);
        columns.forEach((column, c) => {
          const vector = bindings.data_chunk_get_vector(chunk.chunk, c);
          if ('textAt' in column)
            for (let row = 0; row < rows; row++)
              bindings.vector_assign_string_element_len(vector, row, column.textAt(from + row));
          else {
            const start = column.offset + from * column.width;
            bindings.copy_data_to_vector(vector, 0, column.buffer, start, rows * column.width);
          }
          const { valid } = table.columns[c]!;
          if (!valid) return;
          bindings.vector_ensure_validity_writable(vector);
          const bits = valid.byteOffset + from / 8;
          const words = Math.ceil(rows / 64) * 8;
          bindings.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, bits, words);
        });
        appender.appendDataChunk(chunk);
        // keeps the event loop alive for signals and aborts
        if (++chunks % 64 === 0) await new Promise(setImmediate);
      }
    }
    appender.closeSync();
    const metadata = Object.entries(template.metadata).map(
      ([key, value]) => `${quoted(key)}: ${quoted(value)}`,
    );
    const options = ['FORMAT parquet', 'COMPRESSION zstd'];
    if (metadata.length > 0) options.push(`KV_METADATA {${metadata.join(', ')}}`);
    await connection.run(`COPY output TO ${quoted(path)} (${options.join(', ')})`);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

const quoted = (text: string, mark = "'"): string => mark + text.replaceAll(mark, mark + mark) + mark;

function duckType(duckdb: typeof import('@duckdb/node-api'), column: PresentedColumn): DuckDBType {
  const { data } = column;
  switch (data.type) {
    case 'symbol':
      if (holdsNul(data.values)) return duckdb.VARCHAR;
      return data.values.length > 0 ? duckdb.ENUM(data.values) : duckdb.ENUM(['']);
    case 'text':
      return duckdb.VARCHAR;
    case 'timestamp':
      return duckdb.TIMESTAMPTZ;
    case 'i64':
      return duckdb.BIGINT;
    case 'f64':
      return duckdb.DOUBLE;
    case 'u32':
      return duckdb.UINTEGER;
    case 'decimal':
      return duckdb.DECIMAL(38, data.scale);
  }
}

/** DuckDB takes enum members as C strings, which end at a NUL. */
const holdsNul = (values: readonly string[]): boolean => values.some((value) => value.includes('\0'));

/** The column's memory as DuckDB lays it out; what lies in shared memory is copied once. Texts go one by one. */
function memoryOf(
  { data }: PresentedColumn,
  enumBytes: number,
): { textAt: (row: number) => Buffer } | { buffer: ArrayBuffer; offset: number; width: number } {
  if (data.type === 'text') return { textAt: (row) => Buffer.from(data.values[row] ?? '') };
  if (data.type === 'symbol' && holdsNul(data.values)) {
    const bytes = data.values.map((value) => Buffer.from(value));
    return { textAt: (row) => bytes[data.codes[row]!]! };
  }
  const whole =
    data.type === 'symbol'
      ? narrowed(data.codes, enumBytes)
      : data.type === 'f64' || data.type === 'u32'
        ? data.values
        : data.words;
  const array = whole.buffer instanceof ArrayBuffer ? whole : whole.slice();
  const perRow = data.type === 'timestamp' || data.type === 'i64' ? 2 : data.type === 'decimal' ? 4 : 1;
  return {
    buffer: array.buffer as ArrayBuffer,
    offset: array.byteOffset,
    width: array.BYTES_PER_ELEMENT * perRow,
  };
}

const narrowed = (codes: Uint32Array, bytes: number): Uint8Array | Uint16Array | Uint32Array =>
  bytes === 1 ? Uint8Array.from(codes) : bytes === 2 ? Uint16Array.from(codes) : codes;
