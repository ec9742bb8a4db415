import { openDuck, rowsOf } from './duckdb.js';
import { type Selected, select } from './duckdb-columns.js';
import { jsonShape } from './json-shape.js';
import { bytesOf, checkGzip, isGzip } from './read-bytes.js';
import { sqlPath } from './sql-text.js';
import type { TableSource } from './table-source.js';
import { vectorBatches } from './vector-batch.js';

const FORMAT = 'JSON';
/** JSON records that tell the columns and their types. */
const SAMPLE = 1000;

/**
 * A JSON file: an array or lines of records or of arrays. Arrays are positional: the map names 0-based indexes, and
 * `[ts, id, type, side, price, amount, cost]` is known without one. Numbers are f64 as JSON has them; numbers
 * written as strings are exact.
 */
export async function jsonSource(
  path: string,
  input: string,
  map?: Readonly<Record<string, string>>,
): Promise<TableSource> {
  const zipped = await isGzip(path);
  // DuckDB takes a gzip stream cut between two records for a whole one
  if (zipped) await checkGzip(path, input);
  const format = await jsonFormat(path, input);
  const from = `read_json_objects(${sqlPath(path)}, format='${format}', compression='${zipped ? 'gzip' : 'uncompressed'}')`;
  const sampling = await openDuck();
  let sample: unknown[][];
  try {
    sample = await rowsOf(sampling, `select json::varchar from ${from} limit ${SAMPLE}`, input, FORMAT);
  } finally {
    sampling.close();
  }
  const { names, positional, numeric, positions } = jsonShape(
    sample.map((row) => String(row[0])),
    input,
  );
  return {
    ...{ input, columns: names, map: map ?? positions },
    declarations: new Map(),
    read: async function* (wanted) {
      const roles = Object.keys(wanted);
      const selected = roles.map((role): Selected => {
        const { column, want } = wanted[role]!;
        const key = positional
          ? String(Number(column))
          : `'$."${column.replace(/"/g, '\\"').replace(/'/g, "''")}"'`;
        const text = `(json ->> ${key})`;
        // what is no number becomes null, and a row without a price goes to the ledger
        if (numeric.has(column) && (want === 'price' || want === 'size'))
          return select(want, `try_cast(${text} as double)`, 'DOUBLE', input, names);
        return select(want, text, 'VARCHAR', input, names);
      });
      const list = selected.map(({ sql }) => sql).join(', ');
      const sql = `select ${list === '' ? '1' : list} from ${from}`;
      const duck = await openDuck();
      let firstRecord = 0;
      try {
        for await (const { rows, columns } of vectorBatches(duck, sql, selected, [], input, FORMAT)) {
          yield {
            rows,
            firstRecord,
            columns: Object.fromEntries(roles.map((role, i) => [role, columns[i]!])),
          };
          firstRecord += rows;
        }
      } finally {
        duck.close();
      }
    },
  };
}

const MARKED_ARRAY = /^\ufeff\s*\[\s*[[{]/;

/** Behind a byte-order mark DuckDB takes an array of records for a single record, unless it is told. */
async function jsonFormat(path: string, input: string): Promise<'auto' | 'array'> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of bytesOf(path, input))
    return MARKED_ARRAY.test(decoder.decode(chunk.subarray(0, 1024))) ? 'array' : 'auto';
  return 'auto';
}
