// Runs the analytic whose threads end, on two threads, and prints what came of it as JSON.
import { dirname } from 'node:path';
import { ending } from './unruly-analytics.mjs';

const { openTrades, registry, run, writeMarket } = await import(
  new URL('../../dist/index.js', import.meta.url).href
);
const { path } = await writeMarket(dirname(process.env.MARKER), { instruments: 8, trades: 4000, seed: 3 });
const { frame } = await openTrades([path]);
const { compareResults } = await import(new URL('../../dist/engine/compare.js', import.meta.url).href);
const warnings = [];
const options = { backend: 'cpu', threads: 2, tileRows: 600, warn: (line) => warnings.push(line) };
try {
  const got = await run(ending, frame, { every: '1m' }, options);
  const want = await run(
    registry.get('volume-imbalance'),
    frame,
    { every: '1m' },
    { backend: 'cpu', threads: 1 },
  );
  console.log(JSON.stringify({ worst: compareResults(got, want).worst ?? 'none', warnings }));
} catch ({ name, message }) {
  console.log(JSON.stringify({ name, message, warnings }));
}
