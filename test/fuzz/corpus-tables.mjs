import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TS = 1704412800000000;
const HASH = `0x${'ab'.repeat(32)}`;

/** Two or three rows of each kind, columns as the kinds name them. Texts are exact decimals where numbers are not. */
export const TABLES = {
  trades: [
    { ts: TS, instrument: 'BTC', id: 1, price: 43210.5, size: 0.25, side: 'buy' },
    { ts: TS + 1, instrument: 'BTC', id: 2, price: 43210.25, size: 1.5, side: 'sell' },
    { ts: TS + 86400e6, instrument: 'a/../b', id: 3, price: 0.00012, size: 7, side: 'buy' },
  ],
  book_snapshot: [
    { ts: TS, instrument: 'BTC', bid_price_1: 10, bid_size_1: 2, ask_price_1: 11, ask_size_1: 0.5 },
    { ts: TS + 5, instrument: 'BTC', bid_price_1: 10.5, bid_size_1: 2, ask_price_1: 11, ask_size_1: 0 },
  ],
  book_delta: [
    { ts: TS, instrument: 'BTC', seq: 7, prev_seq: 6, side: 'bid', price: 10.5, size: 0, flags: 0 },
    { ts: TS + 1, instrument: 'BTC', seq: 8, prev_seq: 7, side: 'ask', price: 11.5, size: 2.25, flags: 3 },
  ],
  bars: [
    { ...{ ts: TS, instrument: 'BTC', interval: 60e6, open: 1, high: 2.5, low: 0.5, close: 2 }, volume: 10 },
    {
      ...{ ts: TS + 60e6, instrument: 'BTC', interval: 60e6, open: 2, high: 2, low: 2, close: 2 },
      volume: 0,
    },
  ],
  oi: [
    { ts: TS, instrument: 'BTC', oi_contracts: 12.5, oi_usd: 5e5, mark: 43210.5 },
    { ts: TS + 300e6, instrument: 'BTC', oi_contracts: 13.5, oi_usd: 5e5, mark: 43211 },
  ],
  funding: [
    { ts: TS, instrument: 'BTC', rate: 0.0001, interval: 28800e6 },
    { ts: TS + 28800e6, instrument: 'BTC', rate: -0.00025, interval: 28800e6 },
  ],
  options: [
    { ts: TS, instrument: 'BTC-C', expiry: TS + 864e9, strike: 50000, cp: 'C', price: 0.0605, size: 3 },
    { ts: TS + 1, instrument: 'BTC-P', expiry: TS + 864e9, strike: 50000, cp: 'P', price: 0.05, size: 1 },
  ],
  dex_swaps: [
    {
      ...{ ts: TS, instrument: 'pool', chain: 'ethereum', block: 18937382, log_index: 1, tx_hash: HASH },
      ...{ amount0: '-22685342', amount1: '100000000000000000000' },
    },
  ],
  social: [
    { ts: TS, instrument: 'BTC', interval: 86400e6, mentions: 110, unique_authors: 12 },
    { ts: TS, instrument: 'ETH', interval: 86400e6, mentions: 3, unique_authors: 2 },
  ],
  depth_bands: [
    { ts: TS, instrument: 'BTC', percentage: -5, depth: 6789.123, notional: 290123456.789 },
    { ts: TS, instrument: 'BTC', percentage: 5, depth: 7000, notional: 31000000 },
  ],
};

const csvOf = (rows) =>
  `${[Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n')}\n`;

const sqlValue = (value) => (typeof value === 'number' ? String(value) : `'${value}'`);

/** Parquet files as DuckDB writes them: small integers, decimals, texts. */
async function parquetFiles() {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-corpus-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const out = {};
  try {
    for (const [kind, rows] of Object.entries(TABLES)) {
      const names = Object.keys(rows[0]).map((name) => `"${name}"`);
      const values = rows.map((row) => `(${Object.values(row).map(sqlValue).join(', ')})`);
      const path = join(folder, kind);
      const codec = kind === 'oi' ? 'zstd' : kind === 'bars' ? 'uncompressed' : 'snappy';
      await connection.run(
        `copy (select * from (values ${values.join(', ')}) t(${names.join(', ')})) to '${path}' (format parquet, codec '${codec}')`,
      );
      out[kind] = readFileSync(path);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
  return out;
}

/** An LZ4 frame of one stored block: what a decoder takes apart like any other. */
function storedFrame(data) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE((data.length | 0x80000000) >>> 0);
  return Buffer.concat([Buffer.from('04224d18604082', 'hex'), length, data, Buffer.alloc(4)]);
}

/** Arrow IPC: files, streams, and one with LZ4 bodies. */
async function arrowFiles() {
  const arrow = await import('apache-arrow');
  arrow.compressionRegistry.set(arrow.CompressionType.LZ4_FRAME, { encode: storedFrame });
  const out = {};
  const kinds = Object.keys(TABLES);
  for (const [kind, rows] of Object.entries(TABLES)) {
    const table = arrow.tableFromJSON(rows);
    const form = kinds.indexOf(kind) % 3;
    const Writer = form === 1 ? arrow.RecordBatchStreamWriter : arrow.RecordBatchFileWriter;
    const options = form === 2 ? { compressionType: arrow.CompressionType.LZ4_FRAME } : {};
    const writer = new Writer(options);
    writer.write(table);
    writer.finish();
    out[kind] = Buffer.from(await writer.toUint8Array());
  }
  return out;
}

/** Samples of every table format and kind. */
export async function tableSamples() {
  const [parquet, arrow] = [await parquetFiles(), await arrowFiles()];
  const samples = [];
  for (const [kind, rows] of Object.entries(TABLES)) {
    const add = (format, name, bytes, more = {}) =>
      samples.push({ format, kind, files: [{ name, bytes: Buffer.from(bytes) }], ...more });
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    add('csv', `${kind}.csv`, csvOf(rows));
    add('json', `${kind}.jsonl`, `${lines}\n`);
    add('json', `${kind}.json`, JSON.stringify(rows));
    add('parquet', `${kind}.parquet`, parquet[kind], { binary: true });
    add('arrow', `${kind}.arrow`, arrow[kind], { binary: true });
  }
  return samples;
}
