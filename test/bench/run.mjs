// npm run bench: builds, brings a Vulkan driver, then times the engine beside DuckDB in a process of its own.
// --trades N, --instruments N and --runs N make it smaller or longer; GPU_DRIVER chooses the driver as in npm test.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDriver } from '../support/driver.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    .status ?? 1;

const built = node([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
if (built !== 0) process.exit(built);
const driver = prepareDriver();
if (!driver.adapter) console.error(`no adapter: WebGPU is not timed (${driver.why})`);
process.exit(node([join('test', 'bench', 'bench.mjs'), ...process.argv.slice(2)], driver.env));
