import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';
import { importFiles } from './support.js';

const files = scratch();

describe("a user's own files", () => {
  it('in a folder called like a kind stay, an earlier version of a partition goes', async () => {
    const folder = files.path('data');
    const own = join(folder, 'trades/kraken');
    mkdirSync(join(own, 'raw.d'), { recursive: true });
    const raw = join(own, 'ETHUSD.csv');
    writeFileSync(raw, '1672531436,90.5,1\n');
    await importFiles(folder, 'kraken-trades', [raw]);
    writeFileSync(raw, '1672531436,90.5,1\n1672531437,91,1\n');
    const { manifest } = await importFiles(folder, 'kraken-trades', [raw], { replace: true });
    expect(existsSync(raw)).toBe(true);
    const partition = manifest.partitions[0]!.path.split('/').at(-1)!;
    expect(readdirSync(own).sort()).toEqual([partition, 'ETHUSD.csv', 'raw.d']);
  });
});
