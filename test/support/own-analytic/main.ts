// Installed beside the packed library and compiled there: argument 1 is what to do, the answer is one JSON line.
import {
  compareResults,
  openTrades,
  presentResult,
  type Result,
  run,
  tradeAnalytics,
  verify,
  writeMarket,
} from 'steelyard';
import { tickRule } from './tick-rule.js';

const params = { every: '5m,1h' };
const { path } = await writeMarket('market', { instruments: 9, trades: 6000, seed: 3 });
const { frame, inputHash } = await openTrades([path]);

/** What differs from one plain run when the same trades are cut in any way. */
async function cuts(backend: 'cpu' | 'webgpu'): Promise<object> {
  const options =
    backend === 'cpu' ? { backend, inputHash } : ({ backend, adapter: 'any', inputHash } as const);
  const want: Result = await run(tickRule, frame, params, { backend: 'cpu', inputHash });
  const tiles: number[] = [];
  let mismatches = 0;
  for (const cut of [
    {},
    { tileRows: 7 },
    { tileRows: 613 },
    { cuts: [1, 2, 3, 999, 1000, 5999] },
    { workgroup: 3 },
  ]) {
    // a launch a tile: seven rows at a time would take long on a device
    if (backend === 'webgpu' && cut.tileRows === 7) continue;
    const got = await run(tickRule, frame, params, { ...options, ...cut });
    tiles.push(got.timing.tiles);
    mismatches += compareResults(got, want).mismatches;
  }
  return { tiles, mismatches };
}

/** The rule once more, in decimals and without tiles. */
function plainRule(): { up: number; down: number; flat: number; trades: number } {
  const sum = { up: 0, down: 0, flat: 0, trades: frame.rows };
  const { tick, size } = frame.columns as { tick: Int32Array; size: Uint32Array };
  for (let s = 0; s < frame.instruments.length; s++) {
    let side: 'up' | 'down' | 'flat' = 'flat';
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const step = i === frame.offsets[s] ? 0 : tick[i]! - tick[i - 1]!;
      if (step !== 0) side = step > 0 ? 'up' : 'down';
      sum[side] += size[i]! >>> 2;
    }
  }
  return sum;
}

async function reference(): Promise<object> {
  const { tables } = await run(tickRule, frame, params, { backend: 'cpu', inputHash });
  const { columns, rows } = tables['bars-1h']!.table;
  const total = (name: string): number => {
    const column = columns[name]!;
    return Array.from('values' in column && 'wide' in column ? column.values : column).reduce(
      (a, b) => a + b,
      0,
    );
  };
  const got = { up: total('up'), down: total('down'), flat: total('flat'), trades: total('trades') };
  const shown = presentResult(await run(tickRule, frame, { every: '1h' }, { backend: 'cpu' }));
  return {
    rows,
    got,
    want: plainRule(),
    columns: shown.bars!.columns.map((column) => column.name),
    backend: shown.bars!.metadata['steelyard.backend'],
  };
}

async function bothBackends(): Promise<object> {
  const report = await verify(tickRule, frame, params, { adapter: 'any' });
  const shipped: Record<string, boolean> = {};
  for (const [name, analytic] of tradeAnalytics())
    shipped[name] = (await verify(analytic, frame, {}, { adapter: 'any' })).ok;
  const { ok, mismatches, tables, worst, analytic } = report;
  // a kernel that forgets the carry must be caught by the same verification
  const forgetful = {
    ...tickRule,
    kernel: {
      ...tickRule.kernel!,
      plan: (context: Parameters<NonNullable<typeof tickRule.kernel>['plan']>[0]) =>
        tickRule.kernel!.plan({
          ...context,
          carry: { last: new Int32Array(9), sign: new Int32Array(9).fill(2) },
        }),
    },
  };
  const caught = await verify(forgetful, frame, params, { adapter: 'any', tileRows: 500 });
  return { ok, mismatches, tables, worst, analytic, shipped, caught: { ok: caught.ok, worst: caught.worst } };
}

const tasks: Record<string, () => Promise<object>> = {
  reference,
  'cuts-cpu': () => cuts('cpu'),
  'cuts-webgpu': () => cuts('webgpu'),
  verify: bothBackends,
};
console.log(JSON.stringify(await tasks[process.argv[2]!]!()));
