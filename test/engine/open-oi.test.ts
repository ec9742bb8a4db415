import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOi } from '../../src/engine/open-oi.js';
import { importFiles } from '../dataset/support.js';

const T0 = Date.UTC(2024, 0, 1) * 1000;
const MINUTE = 60_000_000;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-oi-'));
  const rows = [
    // minute, interval, contracts, funding, available
    [0, '', '100', '', ''],
    [1, '', '', '0.0001', ''],
    [2, '', '', '', ''],
    [3, '', '-5', '', ''],
    [4, MINUTE, '110', '', T0 + 9 * MINUTE],
  ];
  const lines = rows.map(([minute, ...cells]) => [T0 + Number(minute) * MINUTE, ...cells].join(','));
  const path = join(folder, 'ABC.csv');
  writeFileSync(path, `${['ts,interval,oi_contracts,funding,available_at', ...lines].join('\n')}\n`);
  await importFiles(join(folder, 'oi'), 'csv', [path], { kind: 'oi' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('open interest of a dataset', () => {
  it('leaves out rows of other things; an empty or negative value is an observation that is null', async () => {
    const { frame } = await openOi(join(folder, 'oi'));
    expect([...(frame.columns.oi as Float64Array)]).toEqual([100, Number.NaN, Number.NaN, 110]);
  });

  it('is of the end of its interval, and known when it was received', async () => {
    const { frame } = await openOi(join(folder, 'oi'));
    const minutes = (name: string) =>
      [...(frame.columns[name] as Float64Array)].map((t) => (t - T0) / MINUTE);
    expect(minutes('time')).toEqual([0, 2, 3, 5]);
    expect(minutes('available')).toEqual([0, 2, 3, 9]);
  });

  it('is cut in time, and refused in one line where nothing remains', async () => {
    const { frame } = await openOi(join(folder, 'oi'), { fromTime: T0 + 4 * MINUTE });
    expect(frame.rows).toBe(1);
    await expect(openOi(join(folder, 'oi'), { fromTime: T0 + 60 * MINUTE })).rejects.toThrow('holds no');
  });
});
