import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/table/make-folder.js';
import { builtCli } from '../cli/support.js';
import { scratch } from '../support/scratch.js';

const files = scratch();

describe('makeFolder', () => {
  it('makes what is missing, and takes what is there', async () => {
    const folder = files.path('a/b/c');
    await makeFolder(folder);
    await makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it.skipIf(!existsSync('/proc/self'))(
    'ends where a folder can have none: import and generate say so',
    () => {
      const cli = builtCli();
      const input = files.write('ETHUSDT.csv', 'x\n');
      for (const args of [
        ['import', 'binance-klines', input, '--to', '/proc/none'],
        ['generate', '--trades', '10', '--instruments', '1', '--out', '/proc/none/below'],
      ]) {
        const child = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', timeout: 30_000 });
        expect(child.status, child.stderr).toBe(2);
        expect(child.stderr).toMatch(/^steelyard: output \/proc\/none\S* cannot be written: .*\(ENOENT\)\n$/);
      }
    },
  );
});
