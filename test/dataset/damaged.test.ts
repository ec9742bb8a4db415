import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';
import { folderHashes, importFiles } from './support.js';

const files = scratch();
const params = { symbol: 'ETHUSD' };

describe('a partition whose content has changed', () => {
  it('is an error where rows are added to it, and stays as it is', async () => {
    const folder = files.path('dataset');
    const first = files.write('first.csv', '1672531436,90.5,1\n1672531437,91.5,1\n');
    const { manifest } = await importFiles(folder, 'kraken-trades', [first], { params });
    const path = join(folder, manifest.partitions[0]!.path);
    const bytes = readFileSync(path);
    // ticks 905 and 915
    const at = bytes.indexOf(Buffer.from(Int32Array.of(905, 915).buffer));
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(path, bytes);
    const before = folderHashes(folder);
    const more = files.write('more.csv', '1672531438,92.5,1\n');
    await expect(importFiles(folder, 'kraken-trades', [more], { params })).rejects.toThrow(
      /^dataset file trades\/kraken\/2023-01-01-[0-9a-f]{16}\.arrow is damaged/,
    );
    expect(folderHashes(folder)).toEqual(before);
  });
});
