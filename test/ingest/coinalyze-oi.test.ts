import { describe, expect, it } from 'vitest';
import { coinalyzeFunding } from '../../src/ingest/coinalyze-funding.js';
import { coinalyzeOi } from '../../src/ingest/coinalyze-oi.js';
import { readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const DAILY = realData('coinalyze/open_interest_daily_alts.csv');
const WEEK = realData('coinalyze/open_interest_all_perps_7d.csv');
const HEADER = 'coin_symbol,symbol,date,timestamp,oi_open,oi_high,oi_low,oi_close';

describe('coinalyze-oi', () => {
  it.skipIf(!haveData)(`${dataLine}: every row of both files, in USD`, async () => {
    const daily = await readWith(coinalyzeOi, [DAILY]);
    expect([daily.rows.length, daily.skipped, daily.instruments.length]).toEqual([21577, 1, 24]);
    const week = await readWith(coinalyzeOi, [WEEK]);
    expect([week.rows.length, week.skipped, week.instruments.length]).toEqual([4422, 1, 640]);
    const rows = [...daily.rows, ...week.rows];
    expect(rows.filter(({ reject }) => reject !== undefined)).toEqual([]);
    expect(rows.filter(({ cells }) => Object.values(cells).includes(null))).toEqual([]);
    // exactly rounded sums of oi_close, by Python's math.fsum; a plain sum of so few rows stays within 1e-12 of it
    const sum = (of: typeof rows): number => of.reduce((all, { cells }) => all + Number(cells.oi_usd), 0);
    expect(sum(daily.rows) / 635714769618.9233).toBeCloseTo(1, 11);
    expect(sum(week.rows) / 59838571288.51574).toBeCloseTo(1, 11);
    expect(daily.instruments[0]).toEqual({ venue: 'coinalyze', symbol: 'VIRTUALUSDT_PERP.A' });
    expect(daily.rows[0]).toMatchObject({ kind: 'oi', symbol: 'VIRTUALUSDT_PERP.A', record: 1 });
    expect(daily.rows[0]!.cells).toEqual({
      ts: 1733788800e6,
      interval: 86400e6,
      available_at: 1733875200e6,
      oi_open: 4636.9220399999995,
      oi_high: 2335881.26842,
      oi_low: 4636.9220399999995,
      oi_usd: 2319482.6988,
    });
    expect(week.rows.at(-1)!.symbol).toBe('币安人生USDT_PERP.A');
    // the argument for USD: fewer than 36,667 YFI exist
    const yfi = week.rows.filter(({ symbol }) => symbol === 'YFIUSDT_PERP.A');
    expect(Math.min(...yfi.map(({ cells }) => Number(cells.oi_usd)))).toBeGreaterThan(100 * 36_667);
  });

  it.skipIf(!haveData)(`${dataLine}: neither importer takes the other's file`, async () => {
    await expect(readWith(coinalyzeOi, [realData('coinalyze/funding_rates.csv')])).rejects.toThrow(
      /^funding_rates\.csv column oi_open is missing; found: rank, coin_name, /,
    );
    await expect(readWith(coinalyzeFunding, [WEEK])).rejects.toThrow(
      /^open_interest_all_perps_7d\.csv column fr_open is missing; found: coin_symbol, symbol, /,
    );
  });

  it('counts contracts where told so', async () => {
    const path = files.write('oi.csv', `${HEADER}\nA,AUSDT_PERP.A,2025-10-21,1761004800,1,3,0,2\n`);
    const { rows } = await readWith(coinalyzeOi, [path], { unit: 'contracts' });
    expect(rows[0]!.cells).toMatchObject({ oi_open: 1, oi_high: 3, oi_low: 0, oi_contracts: 2 });
    expect(rows[0]!.cells).not.toHaveProperty('oi_usd');
  });

  it('takes a daily stamp of its date alone, and rejects what is no open interest', async () => {
    const row = (symbol: string, date: string, stamp: string, values: string): string =>
      `A,${symbol},${date},${stamp},${values}`;
    const day = ['2025-10-21', '1761004800'] as const;
    const cases: [string, string | undefined][] = [
      [row('"A/../B"', ...day, '1,3,0,2'), undefined],
      [row('A', ...day, ',,,2'), undefined],
      [row('', ...day, '1,3,0,2'), 'bad_instrument'],
      [row('A', '2025-10-22', day[1], '1,3,0,2'), 'bad_time'],
      [row('A', day[0], '1761008400', '1,3,0,2'), 'bad_time'],
      // midnight of an intraday history
      [row('A', '2025-10-21 00:00', day[1], '1,3,0,2'), 'bad_time'],
      [row('A', ...day, '1,3,0,'), 'bad_value'],
      [row('A', ...day, '1,3,0,NaN'), 'bad_value'],
      [row('A', ...day, '1,3,x,2'), 'bad_value'],
      [row('A', ...day, '1,1e999,0,2'), 'bad_value'],
      [row('A', ...day, `1,3,${'0'.repeat(1e6)}x,2`), 'bad_value'],
      [row('A', ...day, '-1,3,-1,2'), 'bad_value'],
      [row('A', ...day, '1,1.5,0,2'), 'bad_value'],
      [row('A', ...day, '1,3,1.5,2'), 'bad_value'],
      [row('A', ...day, '1,3,2.5,2'), 'bad_value'],
      ['\0\u{1f600},"', 'bad_row'],
      ['A,A,2025-10-21', 'bad_row'],
    ];
    const path = files.write('hostile.csv', `\ufeff${[HEADER, ...cases.map(([line]) => line)].join('\r\n')}`);
    const { rows, instruments } = await readWith(coinalyzeOi, [path]);
    expect(rows.map(({ text, reject }) => [text, reject])).toEqual(cases);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['A/../B', 'A']);
    expect(rows[1]!.cells).toMatchObject({ oi_open: null, oi_high: null, oi_low: null, oi_usd: 2 });
  });
});
