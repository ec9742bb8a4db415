import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Its optional platform packages break a lock file, so it is no dependency: tests install it beside the others. */
const PACKAGES = ['nodejs-polars@0.26.1', 'nodejs-polars-linux-x64-gnu@0.26.1'];
const folder = fileURLToPath(new URL('../../node_modules/.cache/steelyard/polars/', import.meta.url));
const TIMEOUT = 120_000;

/** nodejs-polars, installed on first use; undefined, said on standard error, where that fails. */
export function loadPolars() {
  try {
    if (!existsSync(join(folder, 'node_modules/nodejs-polars/package.json'))) {
      mkdirSync(folder, { recursive: true });
      // without it npm would take the project above for the one to install into
      writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
      const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
      execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...PACKAGES], {
        stdio: 'pipe',
        timeout: TIMEOUT,
      });
    }
    return createRequire(join(folder, 'package.json'))('nodejs-polars');
  } catch (error) {
    const [line] = String(error.message).split('\n');
    process.stderr.write(`SKIPPED: Polars is not there and cannot be installed (${line})\n`);
    return undefined;
  }
}
