import { describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';
import { importFiles } from './support.js';

const files = scratch();

describe('an absurd price', () => {
  it('added to a partition of several record batches costs its own row', async () => {
    // 200,000 rows are four batches
    const row = (i: number): string => `${1672531200 + Math.floor(i / 4)},${100 + (i % 997)}.25,1`;
    const many = files.write('many.csv', `${Array.from({ length: 200_000 }, (_, i) => row(i)).join('\n')}\n`);
    const more = files.write('more.csv', '1672531300,1e30,1\n1672531301,100.5,1\n');
    const folder = files.path('dataset');
    const params = { symbol: 'ETHUSD' };
    await importFiles(folder, 'kraken-trades', [many], { params });
    const { manifest } = await importFiles(folder, 'kraken-trades', [more], { params });
    expect(manifest.rows).toEqual({ trades: 200_001 });
    expect(manifest.ledger).toEqual({ tick_overflow: 1 });
  });
});
