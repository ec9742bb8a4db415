// Times the reading of trades from Parquet with every check of the import, beside DuckDB's own scan and beside a plain
// drain of the same columns through @duckdb/node-api. Needs the build: npm run build && node test/bench/import.mjs
// --trades N, --instruments N and --runs N make it smaller or longer.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance, version } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import { RowEncoder } from '../../dist/dataset/encode-rows.js';
import { RunBuffer } from '../../dist/dataset/run-buffer.js';
import { generateMarket } from '../../dist/ingest/generate.js';
import { int64Words } from '../../dist/table/presented.js';
import { tableRows } from '../../dist/table/table-rows.js';
import { destination, writeTables } from '../../dist/table/write-tables.js';
import { contest } from './contest.mjs';
import { machine, watchOthers } from './machine.mjs';

const { values: flags } = parseArgs({
  options: {
    trades: { type: 'string', default: '10000000' },
    instruments: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '7' },
    out: { type: 'string', default: 'out' },
  },
});
const [trades, instruments, runs] = [flags.trades, flags.instruments, flags.runs].map(Number);
/** The requirement: reading with all checks takes at most so many times the faster of the two drains. */
const MOST = 1.5;
/** As many encoded rows are kept before they are let go, as if they were spilled. */
const SPILL_ROWS = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'steelyard-bench-'));
const file = join(folder, 'trades.parquet');
try {
  await writeMarket();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const from = `read_parquet('${file}')`;
  // the drain gets its enums for nothing
  await connection.run(`create type symbol as enum (select distinct symbol from ${from} order by 1)`);
  await connection.run(`create type side as enum ('buy', 'sell')`);
  const arrays = drainArrays();
  const checked = await check(connection, from);

  const others = watchOthers();
  const rows = await contest(
    [
      {
        who: 'scan',
        name: 'DuckDB: max of every column',
        // + 0 keeps it from answering out of the statistics alone
        run: () =>
          connection.run(
            `select max(symbol), max(time), max(price + 0), max(size + 0), max(side), max(id + 0) from ${from}`,
          ),
      },
      {
        who: 'drain',
        name: 'node-api: getColumnVector, enums',
        run: () => drain(connection, from, arrays, (chunk, c) => chunk.getColumnVector(c).items),
      },
      {
        who: 'lean',
        name: 'node-bindings: vectors as bytes, enums',
        run: () => drain(connection, from, bytesOf(arrays), vectorBytes(arrays)),
      },
      { who: 'rows', name: 'steelyard: rows, not yet encoded', run: () => read(() => {}) },
      { who: 'all', name: 'steelyard: rows, checked and encoded', run: () => encode() },
    ],
    runs,
  );
  const result = {
    machine: { ...machine(), duckdb: version(), others: others() },
    market: { trades, instruments, bytes: statSync(file).size },
    runs,
    checked,
    rows,
  };
  mkdirSync(flags.out, { recursive: true });
  writeFileSync(join(flags.out, 'bench-import.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(report(result));
  connection.closeSync();
  instance.closeSync();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeMarket() {
  const market = generateMarket({ trades, instruments });
  const column = (name, data) => ({ name, data, nulls: 0, metadata: {} });
  const symbols = market.instruments.map(({ symbol }) => symbol);
  const table = {
    rows: market.rows,
    metadata: {},
    columns: [
      column('symbol', { type: 'symbol', codes: market.symbol, values: symbols }),
      column('time', { type: 'timestamp', words: int64Words(market.time) }),
      column('price', { type: 'f64', values: market.price }),
      column('size', { type: 'f64', values: market.size }),
      column('side', { type: 'symbol', codes: market.side, values: ['buy', 'sell'] }),
      column('id', { type: 'u32', values: market.id }),
    ],
  };
  await writeTables(destination(file), { trades: table });
}

function drainArrays() {
  const Code = instruments <= 255 ? Uint8Array : instruments <= 65535 ? Uint16Array : Uint32Array;
  return [
    new Code(trades),
    new BigInt64Array(trades),
    new Float64Array(trades),
    new Float64Array(trades),
    new Uint8Array(trades),
    new Uint32Array(trades),
  ];
}

function bytesOf(arrays) {
  return arrays.map((array) => new Uint8Array(array.buffer));
}

/** The bytes of a vector without an object around it. */
function vectorBytes(arrays) {
  return (chunk, c) =>
    bindings.vector_get_data(
      bindings.data_chunk_get_vector(chunk.chunk, c),
      chunk.rowCount * arrays[c].BYTES_PER_ELEMENT,
    );
}

/** The straightforward fast way: the vectors' own arrays, copied to where they belong. */
async function drain(connection, from, arrays, items) {
  const result = await connection.stream(
    `select symbol::symbol, time, price, size, side::side, id from ${from}`,
  );
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (let c = 0; c < arrays.length; c++) {
      const part = items(chunk, c);
      arrays[c].set(part, (part.length / chunk.rowCount) * at);
    }
    at += chunk.rowCount;
  }
  return at;
}

/** Every batch of the file, instruments numbered as they come. */
async function read(take, declare = () => {}) {
  const ids = new Map();
  const instrument = ({ symbol }) => {
    let id = ids.get(symbol);
    if (id === undefined) {
      id = ids.size;
      ids.set(symbol, id);
      declare(id);
    }
    return id;
  };
  const context = { params: {}, skip: () => {}, instrument };
  for await (const batch of tableRows(file, 'trades.parquet', { format: 'parquet' }, context)) take(batch);
  return ids;
}

/** Integers of every row, range, time, side and instrument checked; `spill` sees them before they go. */
async function encode(spill = () => {}) {
  const encoder = new RowEncoder();
  const buffer = new RunBuffer('trades');
  const places = [];
  let rejected = 0;
  let rows = 0;
  const ids = await read(
    (batch) => {
      const kept = encoder.append(buffer, batch, places, 0, () => {
        rejected++;
      });
      rows += kept;
      if (buffer.rows < SPILL_ROWS) return;
      spill(buffer);
      buffer.clear();
    },
    (id) => {
      places.push(id);
      encoder.price.add(id, undefined);
      encoder.size.add(id, undefined);
    },
  );
  spill(buffer);
  return { ids, rows, rejected };
}

/** Before anything is timed: counts and exact sums by instrument are DuckDB's. */
async function check(connection, from) {
  const sums = new Map();
  const { ids, rows, rejected } = await encode((buffer) => {
    const [price, size] = [buffer.column('price', 'scaled'), buffer.column('size', 'scaled')];
    const side = buffer.column('side', 'codes').codes;
    const seq = buffer.column('seq', 'f64').values;
    for (let i = 0; i < buffer.rows; i++) {
      const id = buffer.id[i];
      let sum = sums.get(id);
      if (sum === undefined) {
        sum = { rows: 0, buys: 0, price: 0n, size: 0n, time: 0n, seq: 0 };
        sums.set(id, sum);
      }
      sum.rows++;
      sum.buys += side[i] === 1 ? 1 : 0;
      sum.price += BigInt(price.values[i]) * 10n ** BigInt(6 - price.scale[i]);
      sum.size += BigInt(size.values[i]) * 10n ** BigInt(6 - size.scale[i]);
      sum.time += BigInt(buffer.ts[i]);
      sum.seq += seq[i];
    }
  });
  const answers = await connection.runAndReadAll(
    `select symbol, count(*), count(*) filter (side = 'buy'), sum(price::decimal(18, 6)), sum(size::decimal(18, 6)),
      sum(epoch_us(time)::hugeint), sum(id) from ${from} group by symbol`,
  );
  const micro = (decimal) => BigInt(decimal.replace('.', ''));
  for (const [symbol, count, buys, price, size, time, seq] of answers.getRowsJson()) {
    const sum = sums.get(ids.get(symbol));
    const same =
      sum.rows === Number(count) &&
      sum.buys === Number(buys) &&
      sum.price === micro(price) &&
      sum.size === micro(size) &&
      sum.time === BigInt(time) &&
      sum.seq === Number(seq);
    if (!same) throw new Error(`${symbol}: ours differs from DuckDB's`);
  }
  if (rows !== trades || rejected !== 0) throw new Error(`${rows} rows kept, ${rejected} rejected`);
  return { rows, instruments: sums.size };
}

function report({ machine, market, runs, checked, rows }) {
  const of = (who) => rows.find((row) => row.who === who);
  const [scanned, all] = [of('scan'), of('all')];
  const drained = of('lean').median < of('drain').median ? of('lean') : of('drain');
  const crowded = machine.others > 0.1 ? ': DO NOT QUOTE THE TIMES, run again alone' : '';
  const ratio = all.median / drained.median;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}; Node ${machine.node}; DuckDB ${machine.duckdb}`,
    `${market.trades.toLocaleString('en')} synthetic trades of ${market.instruments.toLocaleString('en')} instruments in ` +
      `${(market.bytes / 2 ** 20).toFixed(0)} MiB of Parquet; ${runs} interleaved runs after a warm-up`,
    `other processes took ${Math.round(100 * machine.others)} % of the cores${crowded}`,
    `counts and exact sums of ${checked.instruments} instruments compared with DuckDB's before timing`,
    '',
    '| reading | median ms | min | quartiles | M trades/s | / drain | / scan |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows.map(
      (r) =>
        `| ${r.name} | ${r.median.toFixed(0)} | ${r.min.toFixed(0)} | ${r.q1.toFixed(0)}–${r.q3.toFixed(0)} | ` +
        `${(market.trades / 1000 / r.median).toFixed(1)} | ${(r.median / drained.median).toFixed(2)} | ` +
        `${(r.median / scanned.median).toFixed(2)} |`,
    ),
    '',
    `checked and encoded: ${ratio.toFixed(2)} × the faster drain, at most ${MOST} ×: ${ratio <= MOST ? 'met' : 'MISSED'}`,
  ].join('\n');
}
