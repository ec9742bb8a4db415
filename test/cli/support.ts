import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'dist/cli/main.js');

const newest = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );

/** The built command line; an outdated build would test something else, so it is an error. */
export function builtCli(): string {
  if (!existsSync(main) || newest(join(root, 'dist')) < newest(join(root, 'src')))
    throw new Error('dist is missing or older than src: run `npm run build` before the command-line tests');
  return main;
}

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `steelyard` as its user would. */
export function steelyard(args: readonly string[], options: { cwd?: string; shell?: string } = {}): Outcome {
  const cli = builtCli();
  const quoted = [process.execPath, cli, ...args].map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ');
  const child = options.shell
    ? spawnSync('bash', ['-c', options.shell.replace('STEELYARD', quoted)], {
        encoding: 'utf8',
        ...options,
        shell: false,
      })
    : spawnSync(process.execPath, [cli, ...args], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        ...options,
        shell: false,
      });
  return { code: child.status, out: child.stdout, err: child.stderr };
}
