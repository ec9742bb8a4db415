import { DuckDBInstance, version } from '@duckdb/node-api';
import { append } from '../peer.mjs';

/** Threads of either peer: the machine that the numbers are quoted of has two cores. */
export const THREADS = 2;

/** DuckDB in memory; columns are loaded once and belong to it. */
export async function openDuck() {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(THREADS) });
  const connection = await instance.connect();
  return {
    version: version(),
    run: (sql) => connection.run(sql),
    /** A table of columns `[type, typed array]`. */
    async table(name, columns) {
      const types = Object.entries(columns).map(([column, [type]]) => `${column} ${type}`);
      await connection.run(`CREATE TABLE ${name} (${types})`);
      const arrays = Object.values(columns).map(([, array]) => array);
      append(await connection.createAppender(name), arrays, arrays[0].length);
    },
    /** Makes temporary tables, in order, of what SQL answers. `sample` reads them as `compare` wants. */
    contestant(name, tables) {
      const names = Object.keys(tables);
      return {
        who: 'duckdb',
        name: `DuckDB, ${name}`,
        async reset() {
          for (const table of names) await connection.run(`DROP TABLE IF EXISTS ${table}`);
        },
        async run() {
          for (const table of names) await connection.run(`CREATE TEMP TABLE ${table} AS ${tables[table]}`);
        },
        sample: (table, keys, every) => sample(connection, table, keys, every),
      };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Rows of every `every`-th instrument in key order as numbers, null as NaN, and how many rows there are in all. */
async function sample(connection, table, keys, every) {
  const rowsOf = async (sql) => (await connection.runAndReadAll(sql)).getRowObjects();
  const [{ n }] = await rowsOf(`SELECT count(*) AS n FROM ${table}`);
  const schema = await rowsOf(`DESCRIBE ${table}`);
  const shown = schema.map(({ column_name: name, column_type: type }) =>
    type.startsWith('TIMESTAMP') ? `epoch_us(${name})::DOUBLE AS ${name}` : `${name}::DOUBLE AS ${name}`,
  );
  const picked = `SELECT * FROM ${table} WHERE instrument % ${every} = 0 ORDER BY ${keys}`;
  const read = await connection.runAndReadAll(`SELECT ${shown} FROM (${picked})`);
  const columns = read.getColumns().map((values) => Float64Array.from(values, (v) => v ?? Number.NaN));
  return {
    rows: Number(n),
    columns: Object.fromEntries(schema.map(({ column_name: name }, i) => [name, columns[i]])),
  };
}
