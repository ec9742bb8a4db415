import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coinalyzeFunding } from '../../src/ingest/coinalyze-funding.js';
import { fractionOfPercent } from '../../src/ingest/percent.js';
import { readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const HEADER = 'symbol,date,timestamp,funding_rate,funding_rate_pct,fr_open,fr_high,fr_low';

describe('coinalyze-funding', () => {
  it.skipIf(!haveData)(`${dataLine}: per cent becomes a fraction, rounded once`, async () => {
    const path = realData('coinalyze/funding_rates.csv');
    const { rows, skipped, instruments } = await readWith(coinalyzeFunding, [path]);
    expect([rows.length, skipped, instruments.length]).toEqual([8384, 1, 94]);
    expect(rows.filter(({ reject }) => reject !== undefined)).toEqual([]);
    expect(rows[0]).toMatchObject({ kind: 'funding', symbol: 'BTCUSD_PERP.A' });
    expect(rows[0]!.cells).toEqual({
      ts: 1753660800e6,
      available_at: 1753747200e6,
      rate: 0.0001,
      rate_open: 0.0001,
      rate_high: 0.0001,
      rate_low: 0.0001,
    });
    // all rates, written out in full behind the point
    const digits = /^(-?)(\d+)(?:\.(\d+))?(?:e-(\d+))?$/;
    const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
    let unlikeDivision = 0;
    lines.forEach((line, i) => {
      const text = line.split(',')[6]!;
      const m = digits.exec(text)!;
      const places = (m[3]?.length ?? 0) + Number(m[4] ?? 0) + 2;
      const want = Number(`${m[1]}0.${(m[2]! + (m[3] ?? '')).padStart(places, '0')}`);
      if (rows[i]!.cells.rate !== want) throw new Error(`${line}: ${rows[i]!.cells.rate}, not ${want}`);
      if (Number(text) / 100 !== want) unlikeDivision++;
    });
    // Python's decimal module finds 772 rates that a division by 100 would get wrong
    expect(unlikeDivision).toBe(772);
  });

  it('moves the point of every notation', () => {
    for (const [text, want] of [
      ['0.002106', 0.00002106],
      ['-6.8e-05', -6.8e-7],
      ['+1E2', 1],
      ['5.', 0.05],
      ['.5', 0.005],
      ['0', 0],
    ] as const)
      expect([text, fractionOfPercent(text)]).toEqual([text, want]);
    for (const text of ['', ' 1', '1,5', 'NaN', 'Infinity', '1e999', '1e9999', '0x10', '1.2.3', '--1', 'e5'])
      expect([text, fractionOfPercent(text)]).toEqual([text, Number.NaN]);
    expect(fractionOfPercent(undefined)).toBeNaN();
  });

  it('negative rates are rates; contradictions and gaps are not', async () => {
    const cases: [string, string | undefined][] = [
      ['A,2025-10-21,1761004800,-0.5,-50,-0.25,0,-0.5', undefined],
      ['A,2025-10-21,1761004800,0.01,1,,,', undefined],
      ['A,2025-10-21,1761004800,,1,0.01,0.01,0.01', 'bad_value'],
      ['A,2025-10-21,1761004800,1e-400,1,0,0,0', undefined],
      ['A,2025-10-21,1761004800,x,1,0.01,0.01,0.01', 'bad_value'],
      ['A,2025-10-21,1761004800,0.02,2,0.01,0.01,0.01', 'bad_value'],
      ['A,2025-10-21,1e9,0.01,1,0.01,0.01,0.01', 'bad_time'],
    ];
    const path = files.write('f.csv', [HEADER, ...cases.map(([line]) => line)].join('\n'));
    const { rows } = await readWith(coinalyzeFunding, [path]);
    expect(rows.map(({ text, reject }) => [text, reject])).toEqual(cases);
    expect(rows[0]!.cells).toMatchObject({
      rate: -0.005,
      rate_open: -0.0025,
      rate_high: 0,
      rate_low: -0.005,
    });
    expect(rows[1]!.cells).toMatchObject({ rate: 0.0001, rate_open: null, rate_high: null, rate_low: null });
  });
});
