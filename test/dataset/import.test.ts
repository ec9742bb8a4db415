import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData, scratch } from '../ingest/support.js';
import { folderHashes, importFiles } from './support.js';

const files = scratch();

describe('importDataset', () => {
  it.skipIf(!haveData)(`${dataLine}: klines of 203 symbols, twice`, async () => {
    const names = readdirSync(realData('binance-klines')).map((name) => realData(`binance-klines/${name}`));
    const folder = files.path('klines');
    const report = await importFiles(folder, 'binance-klines', names);
    const sum = (key: 'rowsRead' | 'rowsKept' | 'duplicates'): number =>
      report.sources.reduce((total, source) => total + source[key], 0);
    expect(report.manifest.ledger).toEqual({});
    // 93 lines of JUVUSDT.csv stand there four times: `sort | uniq -d` finds 31 of them
    expect([sum('rowsRead'), sum('duplicates'), sum('rowsKept')]).toEqual([129_451, 93, 129_358]);
    expect(report.manifest).toMatchObject({
      ...{ rows: { bars: 129_358 }, from: '2021-01-01', to: '2022-09-30' },
    });
    const before = folderHashes(folder);
    const again = await importFiles(folder, 'binance-klines', names);
    expect(again.known).toHaveLength(203);
    expect(folderHashes(folder)).toEqual(before);
  });
});
