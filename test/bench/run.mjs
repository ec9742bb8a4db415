// npm run bench: builds, brings a Vulkan driver, then times the engine beside DuckDB and Polars, each workload in a process
// of its own. --only bars,lag,footprint,ofi,indicators,sweep runs some, --scale 0.1 makes all smaller, --runs N takes so many
// rounds, --out FOLDER takes the numbers as JSON; GPU_DRIVER chooses the driver as in npm test.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareDriver } from '../support/driver.mjs';

/** Workloads by name: the script, and its options at a scale. */
const kernel = (name) => (scale) => [
  '--expose-gc',
  join('kernels', 'run-workload.mjs'),
  name,
  '--scale',
  scale,
];
const WORKLOADS = {
  bars: (scale) => ['bench.mjs', '--trades', String(Math.round(5_000_000 * scale))],
  ...Object.fromEntries(
    ['lag', 'footprint', 'ofi', 'indicators', 'sweep'].map((name) => [name, kernel(name)]),
  ),
};

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(WORKLOADS).join(',') },
    scale: { type: 'string', default: '1' },
    runs: { type: 'string' },
    out: { type: 'string', default: 'out' },
  },
});
const wanted = flags.only.split(',');
const unknown = wanted.find((name) => !Object.hasOwn(WORKLOADS, name));
if (unknown !== undefined || !(Number(flags.scale) > 0)) {
  const names = Object.keys(WORKLOADS).join(',');
  console.error(
    `--only ${flags.only} --scale ${flags.scale} must be names among ${names} and a number above 0`,
  );
  process.exit(2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    .status ?? 1;

const built = node([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
if (built !== 0) process.exit(built);
const driver = prepareDriver();
if (!driver.adapter) console.error(`no adapter: WebGPU is not timed (${driver.why})`);
let status = 0;
for (const name of wanted) {
  const args = WORKLOADS[name](flags.scale).map((arg) =>
    arg.endsWith('.mjs') ? join('test', 'bench', arg) : arg,
  );
  const runs = flags.runs === undefined ? [] : ['--runs', flags.runs];
  status = node([...args, ...runs, '--out', flags.out], driver.env) || status;
  console.log('');
}
process.exit(status);
