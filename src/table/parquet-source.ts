import { InputError } from '../core/errors.js';
import { type Duck, openDuck, rowsOf } from './duckdb.js';
import { codedTexts, select } from './duckdb-columns.js';
import { sqlName, sqlPath } from './sql-text.js';
import type { SourceBatch, TableSource } from './table-source.js';
import { vectorBatches } from './vector-batch.js';

const FORMAT = 'Parquet';

export interface ParquetSource extends TableSource {
  /** DuckDB's type of each column. */
  readonly types: ReadonlyMap<string, string>;
  /** Rows of the file, by its footer. */
  readonly rows: () => Promise<number>;
  /** First values of a column as text, for what can only be told from data. */
  readonly sample: (column: string, rows: number) => Promise<(string | null)[]>;
  /** Different texts of a column, at most `limit` of them. */
  readonly distinct: (column: string, limit: number) => Promise<string[]>;
}

/**
 * A Parquet file, read through the caller's DuckDB or, without one, through one of its own each time. Damaged or
 * truncated files and types that cannot serve are InputErrors.
 */
export async function parquetSource(
  path: string,
  input: string,
  map?: Readonly<Record<string, string>>,
  shared?: Duck,
): Promise<ParquetSource> {
  const ask = async (sql: string): Promise<unknown[][]> => {
    const duck = shared ?? (await openDuck());
    try {
      return await rowsOf(duck, sql, input, FORMAT);
    } finally {
      if (!shared) duck.close();
    }
  };
  const from = (numbered: boolean): string =>
    `read_parquet(${sqlPath(path)}, hive_partitioning=false${numbered ? ', file_row_number=true' : ''})`;
  const described = await ask(`describe select * from ${from(false)}`);
  const types = new Map(described.map((row) => [String(row[0]), String(row[1])]));
  const columns = [...types.keys()];
  return {
    ...{ input, columns, map, types },
    declarations: new Map(),
    rows: async () => Number((await ask(`select count(*) from ${from(false)}`))[0]![0]),
    sample: async (column, rows) => {
      const sample = await ask(`select ${sqlName(column)}::varchar from ${from(false)} limit ${rows}`);
      return sample.map((row) => (row[0] === null ? null : String(row[0])));
    },
    distinct: async (column, limit) => {
      const name = sqlName(column);
      const sql = `select distinct ${name} from ${from(false)} where ${name} is not null limit ${limit}`;
      return (await ask(sql)).map((row) => String(row[0]));
    },
    read: async function* (wanted, where) {
      const roles = Object.keys(wanted);
      const chosen = roles.map((role) => {
        const { column, want } = wanted[role]!;
        return select(want, sqlName(column), types.get(column)!, `${input} column ${column}`, columns);
      });
      // rows that are left out leave a gap in the count
      const numbered = where !== undefined;
      if (numbered) chosen.push({ sql: NUMBER, type: 'BIGINT', as: 'i64', scale: 0 });
      if (numbered && types.has(NUMBER))
        throw new InputError(`${input} column`, NUMBER, 'must have another name where rows are filtered');
      const duck = shared ?? (await openDuck());
      try {
        const { selected, dictionaries } = await codedTexts(duck, from(false), chosen, input, FORMAT);
        const list = selected.map(({ sql }) => sql).join(', ');
        const sql = `select ${list === '' ? '1' : list} from ${from(numbered)}${where ? ` where ${where}` : ''}`;
        let firstRecord = 0;
        for await (const batch of vectorBatches(duck, sql, selected, dictionaries, input, FORMAT)) {
          const { rows } = batch;
          const cells = Object.fromEntries(roles.map((role, i) => [role, batch.columns[i]!]));
          const out: SourceBatch = { rows, columns: cells, firstRecord };
          const numbers = numbered ? batch.columns[roles.length] : undefined;
          firstRecord += rows;
          yield numbers?.kind === 'words' ? { ...out, record: recordsOf(numbers.words, rows) } : out;
        }
      } finally {
        if (!shared) duck.close();
      }
    },
  };
}

const NUMBER = 'file_row_number';

function recordsOf(words: Int32Array, rows: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = words[2 * i + 1]! * 4294967296 + (words[2 * i]! >>> 0);
  return out;
}
