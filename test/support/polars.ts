import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Its optional platform packages break a lock file, so it is no dependency: tests install it beside the others. */
const PACKAGES = ['nodejs-polars@0.26.1', 'nodejs-polars-linux-x64-gnu@0.26.1'];
const folder = fileURLToPath(new URL('../../node_modules/.cache/steelyard/polars/', import.meta.url));
const TIMEOUT = 120_000;

/** The part of nodejs-polars that tests use. */
export interface Polars {
  /** From a Buffer: given a path it does not find our files' footer. */
  readonly readIPC: (data: Buffer) => PolarsFrame;
  readonly readParquet: (path: string) => PolarsFrame;
  readonly readCSV: (path: string, options: Readonly<Record<string, unknown>>) => PolarsFrame;
  readonly col: (name: string) => { cast: (type: unknown) => unknown };
  readonly Int64: unknown;
  readonly Utf8: unknown;
}

export interface PolarsFrame {
  readonly height: number;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly withColumns: (...columns: readonly unknown[]) => PolarsFrame;
  readonly toRecords: () => Record<string, unknown>[];
}

/** nodejs-polars, installed on first use; undefined, said on standard error, where that fails. */
export function loadPolars(): Polars | undefined {
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
    return createRequire(join(folder, 'package.json'))('nodejs-polars') as Polars;
  } catch (error) {
    const [line] = String((error as Error).message).split('\n');
    process.stderr.write(`SKIPPED: Polars is not there and cannot be installed (${line})\n`);
    return undefined;
  }
}
