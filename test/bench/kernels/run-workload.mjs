// Times one workload: node --expose-gc test/bench/kernels/run-workload.mjs NAME. Started by ../run.mjs, one process a
// workload, so that none inherits another's memory. --scale makes it smaller, --runs takes more rounds.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBackend } from '../../../dist/engine/backend.js';
import { resolve } from '../../../dist/engine/resolve.js';
import { runOn } from '../../../dist/engine/run.js';
import { compareResults, isExact, registry } from '../../../dist/index.js';
import { contest, summary } from '../contest.mjs';
import { machine, watchOthers } from '../machine.mjs';
import { copyBandwidth } from './bandwidth.mjs';
import { checkSection } from './check-section.mjs';
import { openDuck, THREADS } from './duck.mjs';
import { openPolars } from './polars.mjs';
import { reportWorkload } from './report.mjs';
import { WORKLOADS } from './workloads.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    out: { type: 'string', default: 'out' },
  },
});
const [name] = positionals;
const bandwidth = copyBandwidth();
const duck = await openDuck();
const polars = openPolars();
const cpu = await openBackend({ backend: 'cpu', threads: 1 });
const threads = await openBackend({ backend: 'cpu' });
const gpu =
  (process.env.STEELYARD_GPU ?? 'none') === 'none'
    ? undefined
    : await openBackend({ backend: 'webgpu', adapter: 'any' });
const workload = await WORKLOADS[name]({ scale: Number(flags.scale), duck, polars });
const { inputs, reads } = workload;
const frames = 'offsets' in inputs ? [inputs] : Object.values(inputs);
const read = frames
  .flatMap(({ columns }) => reads.map((column) => columns[column]?.byteLength ?? 0))
  .reduce((sum, bytes) => sum + bytes, 0);

const sections = [];
for (const section of workload.sections) {
  const [analytic, params] = section.node;
  const node = resolve(registry.get(analytic), params, registry);
  const run = (backend) => runOn(backend, node, inputs, {});
  const first = await run(cpu);
  await same('threads', () => run(threads), first);
  const onGpu = gpu && section.gpu !== false ? await checkGpu(() => run(gpu), first) : [];
  const checked = await checkSection(section, first);
  const bytes = read + tableBytes(first, section.tables);
  const contestants = [
    { who: 'cpu', name: 'steelyard, one CPU thread', run: () => run(cpu) },
    { who: 'threads', name: 'steelyard, all CPU threads', run: () => run(threads) },
    ...section.peers,
  ];
  // a software adapter is there to be compared with, not to be fast: its first run is the only one
  if (gpu?.adapter === 'hardware') contestants.splice(2, 0, ...onGpu);
  const others = watchOthers();
  // whoever is timed has run once, to be checked
  const rows = (await contest(contestants.map(collected), Number(flags.runs), 0)).map(extrapolated);
  if (gpu?.adapter === 'software') rows.splice(2, 0, ...onGpu);
  sections.push({ title: section.title, notes: section.notes, checked, bytes, others: others(), rows });
}
const result = {
  name,
  machine: {
    ...machine(),
    duckdb: duck.version,
    polars: polars?.version ?? 'not there',
    threads: THREADS,
    adapter: gpu?.description ?? 'none',
  },
  ...{ scale: Number(flags.scale), runs: Number(flags.runs), unit: workload.unit, count: workload.rows },
  ...{ bandwidth, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024), sections },
};
mkdirSync(flags.out, { recursive: true });
writeFileSync(join(flags.out, `bench-${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
console.log(reportWorkload(result));
duck.close();
await gpu?.close();

/** Times of a peer that did a share of the work, as if it had done all of it. */
function extrapolated({ part, ...row }) {
  if (!part) return row;
  const { share, note } = part;
  const scaled = ['median', 'min', 'q1', 'q3', 'cpu'].map((name) => [name, row[name] / share]);
  return { ...row, ...Object.fromEntries(scaled), name: `${row.name} (${note})`, share };
}

/** What earlier runs left is collected before the clock starts, for all alike. */
function collected({ reset, sample: _, ...contestant }) {
  return {
    ...contestant,
    async reset() {
      await reset?.();
      globalThis.gc?.();
    },
  };
}

/** Throws unless the run gives what the CPU gave on one thread. */
async function same(who, run, want) {
  const { mismatches, worst } = compareResults(await run(), want);
  if (mismatches > 0) throw new Error(`${who} differs in ${mismatches} cells: ${JSON.stringify(worst)}`);
}

/** The contestant on WebGPU with its first run, whose answer must be that of the CPU. */
async function checkGpu(run, want) {
  let ms = 0;
  let cpuMs = 0;
  const timed = async () => {
    const before = process.cpuUsage();
    const started = performance.now();
    const got = await run();
    ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    cpuMs = (user + system) / 1000;
    return got;
  };
  await same('WebGPU', timed, want);
  const once = gpu.adapter === 'software' ? ', one run' : '';
  return [{ who: 'webgpu', name: `steelyard, WebGPU${once}`, run, ...summary([ms]), cpu: cpuMs }];
}

function tableBytes({ tables }, names) {
  let sum = 0;
  for (const name of Object.keys(names))
    for (const column of Object.values(tables[name].table.columns))
      sum += (isExact(column) ? column.values : column).byteLength;
  return sum;
}
