// Times volume-imbalance, volume-profile and value-area on a synthetic market in memory, beside DuckDB.
// Started by run.mjs, which builds and chooses the driver.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBackend } from '../../dist/engine/backend.js';
import { resolve } from '../../dist/engine/resolve.js';
import { runOn } from '../../dist/engine/run.js';
import { openTrades, presentResult, registry, writeMarket } from '../../dist/index.js';
import { checkPeer } from './check.mjs';
import { contest } from './contest.mjs';
import { machine, watchOthers } from './machine.mjs';
import { openPeer } from './peer.mjs';
import { report } from './report.mjs';
import { FULL, LEAN, PROFILE } from './sql.mjs';

const { values: flags } = parseArgs({
  options: {
    trades: { type: 'string', default: '5000000' },
    instruments: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '9' },
    out: { type: 'string', default: 'out' },
  },
});
const [trades, instruments, runs] = [flags.trades, flags.instruments, flags.runs].map(Number);

const frame = await marketFrame({ trades, instruments });
const peer = await openPeer(frame);
const cpu = await openBackend({ backend: 'cpu', threads: 1 });
const threads = await openBackend({ backend: 'cpu' });
const gpu = await gpuBackend();
const table = (sql) => ({
  reset: () => peer.run('DROP TABLE IF EXISTS answer'),
  run: () => peer.run(`CREATE TEMP TABLE answer AS ${sql}`),
});
const ours = (node) => [
  { who: 'cpu', name: 'steelyard, one CPU thread', run: () => runOn(cpu, node, frame, {}) },
  { who: 'threads', name: 'steelyard, all CPU threads', run: () => runOn(threads, node, frame, {}) },
  ...(gpu
    ? [{ who: 'webgpu', name: 'steelyard, WebGPU', run: () => runOn(gpu.backend, node, frame, {}) }]
    : []),
];

const bars = resolve(registry.get('volume-imbalance'), { every: '1m' }, registry);
const profile = resolve(registry.get('volume-profile'), { rowTicks: 1, session: '1d' }, registry);
const area = resolve(registry.get('value-area'), { rowTicks: 1, session: '1d' }, registry);
const answer = await runOn(cpu, bars, frame, {});
const checked = [];
for (const [name, sql] of Object.entries(FULL))
  checked.push({ name, ...(await checkPeer(peer, name, sql, presentResult(answer).bars)) });
checked.push({ name: 'lean', ...(await checkPeer(peer, 'lean', LEAN, presentResult(answer).bars)) });
const rows = presentResult(await runOn(cpu, profile, frame, {}), { exact: true }).rows;
checked.push({ name: 'profile', ...(await checkPeer(peer, 'profile', PROFILE, inLots(rows))) });
const moved = gpu ? await gpuBytes(bars) : undefined;

const others = watchOthers();
const started = performance.now();
const full = await contest(
  [
    ...ours(bars),
    {
      who: 'decimals',
      name: 'the same, presented in decimals',
      run: async () => presentResult(await runOn(cpu, bars, frame, {})),
    },
    ...Object.entries(FULL).map(([name, sql]) => ({ who: 'duckdb', name: `DuckDB, ${name}`, ...table(sql) })),
    { who: 'lean', name: 'DuckDB, only buy, sell, trades, vwap', ...table(LEAN) },
  ],
  runs,
);
const othersShare = others();
const more = {
  'volume-profile 1d by 1 tick': await contest(
    [...ours(profile), { who: 'duckdb', name: 'DuckDB, CASE, integers', ...table(PROFILE) }],
    Math.min(runs, 5),
  ),
  'value-area 1d by 1 tick, its profile included': await contest(ours(area), Math.min(runs, 5)),
};

const result = {
  machine: {
    ...machine(),
    duckdb: peer.version,
    duckdbThreads: peer.threads,
    adapter: gpu ? gpu.backend.description : 'none',
    others: othersShare,
  },
  market: { trades: frame.rows, instruments: frame.instruments.length, bars: answer.tables.bars.table.rows },
  bytes: { frame: frameBytes(), duckdb: peer.bytes, ...moved },
  seconds: Math.round((performance.now() - started) / 1000),
  runs,
  checked,
  'volume-imbalance 1m': full,
  ...more,
};
mkdirSync(flags.out, { recursive: true });
writeFileSync(join(flags.out, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(report(result, ['volume-imbalance 1m', ...Object.keys(more)]));
peer.close();
await gpu?.backend.close();

/** The market as `generate` writes it and `run` reads it. */
async function marketFrame(options) {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-bench-'));
  try {
    const { path } = await writeMarket(folder, options);
    return (await openTrades([path])).frame;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function gpuBackend() {
  if ((process.env.STEELYARD_GPU ?? 'none') === 'none') return undefined;
  return { backend: await openBackend({ backend: 'webgpu', adapter: 'any' }) };
}

/** Bytes to and from the adapter in one run, and its GPU time. */
async function gpuBytes(node) {
  const backend = await openBackend({ backend: 'webgpu', adapter: 'any', profile: true });
  await runOn(backend, node, frame, {});
  const warm = backend.profiles.length;
  await runOn(backend, node, frame, {});
  const sum = (of) => backend.profiles.slice(warm).reduce((n, profile) => n + of(profile), 0);
  const bytes = { uploaded: sum((p) => p.uploadBytes), read: sum((p) => p.readBytes) };
  await backend.close();
  return bytes;
}

function frameBytes() {
  return Object.values(frame.columns).reduce((n, column) => n + column.byteLength, frame.offsets.byteLength);
}

/** The profile with volumes in lots, as the peer sums them. */
function inLots({ rows: count, columns, metadata }) {
  const exact = columns.filter(({ name }) => name.endsWith('_lots'));
  const shown = columns.filter(({ name }) => !columns.some((other) => other.name === `${name}_lots`));
  const low = ({ name, data }) => ({
    name: name.replace('_lots', ''),
    nulls: 0,
    data: {
      type: 'f64',
      values: Float64Array.from(
        { length: count },
        (_, i) => data.words[4 * i] + data.words[4 * i + 1] * 2 ** 32,
      ),
    },
  });
  return { rows: count, metadata, columns: [...shown.filter((c) => !exact.includes(c)), ...exact.map(low)] };
}
