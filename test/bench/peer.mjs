import { DuckDBDataChunk, DuckDBInstance, version } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import { SCHEMA } from './sql.mjs';

/**
 * DuckDB in memory holding the frame's trades in the frame's order: as decimals in DOUBLE and as integer ticks
 * and lots, so that each formulation has the types it is fastest on. All cores.
 */
export async function openPeer(frame) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const symbols = frame.instruments.map(({ symbol }) => `'${symbol}'`).join(', ');
  await connection.run(`CREATE TYPE symbol AS ENUM (${symbols})`);
  await connection.run(`CREATE TABLE trades (${SCHEMA})`);
  await connection.run('CREATE TABLE units (symbol symbol, tick DOUBLE, lot DOUBLE)');
  for (const { symbol, tick, lot } of frame.instruments)
    await connection.run(`INSERT INTO units VALUES ('${symbol}', ${unit(tick)}, ${unit(lot)})`);
  append(await connection.createAppender('trades'), tradeColumns(frame), frame.rows);
  const value = async (sql) => (await connection.runAndReadAll(sql)).getRows()[0][0];
  return {
    version: version(),
    threads: Number(await value("SELECT current_setting('threads')")),
    bytes: Number(await value('SELECT sum(memory_usage_bytes) FROM duckdb_memory()')),
    value,
    run: (sql) => connection.run(sql),
    /** A table's columns as plain numbers in key order: enum codes, µs, null as null. */
    async columns(table) {
      const columns = (await connection.runAndReadAll(`DESCRIBE ${table}`)).getRowObjects();
      const names = columns.map(({ column_name }) => column_name);
      const shown = columns.map(({ column_name: name, column_type: type }) =>
        type.startsWith('ENUM')
          ? `enum_code(${name})::DOUBLE`
          : `${type === 'TIMESTAMP' ? `epoch_us(${name})` : name}::DOUBLE`,
      );
      const keys = ['symbol', 'time', 'row'].filter((name) => names.includes(name));
      const sql = `SELECT ${shown.map((text, i) => `${text} AS ${names[i]}`)} FROM ${table} ORDER BY ${keys.map((k) => `${table}.${k}`)}`;
      const values = (await connection.runAndReadAll(sql)).getColumns();
      return Object.fromEntries(names.map((name, i) => [name, values[i]]));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const unit = ({ coef, scale }) => `${coef}e-${scale}::DOUBLE`;

/** Column arrays in the order of SCHEMA. */
function tradeColumns(frame) {
  const { rows, offsets, instruments, time } = frame;
  const { time: offset, fine, tick, size } = frame.columns;
  // as wide as DuckDB keeps an enum of so many values
  const Code =
    instruments.length <= 256 ? Uint8Array : instruments.length <= 65536 ? Uint16Array : Uint32Array;
  const symbol = new Code(rows);
  const ts = new BigInt64Array(rows);
  const price = new Float64Array(rows);
  const amount = new Float64Array(rows);
  const ticks = new Int32Array(rows);
  const lots = new Int32Array(rows);
  const side = new Int8Array(rows);
  const id = new Int32Array(rows);
  instruments.forEach((meta, s) => {
    for (let i = offsets[s]; i < offsets[s + 1]; i++) {
      symbol[i] = s;
      ts[i] = BigInt(time.base + time.unit * offset[i] + (fine ? fine[i] : 0));
      ticks[i] = meta.base + tick[i];
      lots[i] = size[i] >>> 2;
      price[i] = (ticks[i] * meta.tick.coef) / 10 ** meta.tick.scale;
      amount[i] = (lots[i] * meta.lot.coef) / 10 ** meta.lot.scale;
      side[i] = [0, 1, -1][size[i] & 3];
      // numbers the rows of an instrument in (ts, seq) order
      id[i] = i - offsets[s];
    }
  });
  return [symbol, ts, price, amount, ticks, lots, side, id];
}

/** Appends whole columns, each an array of its DuckDB type. */
export function append(appender, columns, rows) {
  const types = columns.map((_, c) => appender.columnType(c));
  const step = bindings.vector_size();
  for (let from = 0; from < rows; from += step) {
    const n = Math.min(step, rows - from);
    const chunk = DuckDBDataChunk.create(types, n);
    columns.forEach((column, c) => {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, c);
      const width = column.BYTES_PER_ELEMENT;
      bindings.copy_data_to_vector(vector, 0, column.buffer, from * width, n * width);
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
