import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fifteenDigits } from '../../src/engine/bar-rows.js';
import { nativeDataset } from '../../src/engine/native-dataset.js';
import { type OpenedBars, openBars } from '../../src/engine/open-bars.js';
import { importFiles } from '../dataset/support.js';
import { dataLine, haveData, realData } from '../ingest/support.js';

const DAY = 86_400_000_000;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-bars-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of klines: day of January 2024, open, high, low, close, volume, taker-buy volume. */
async function dataset(
  name: string,
  rows: readonly (readonly [number, ...string[]])[],
  hours = 24,
): Promise<string> {
  const lines = rows.map(([at, open, high, low, close, volume, buy]) => {
    const start = Date.UTC(2024, 0, 1) + at * hours * 3_600_000;
    const end = start + hours * 3_600_000 - 1;
    return [start, open, high, low, close, volume, end, '12.5', '3', buy, '6.25', '0'].join(',');
  });
  const path = join(folder, `ABCUSDT-${hours}h-${name}.csv`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const to = join(folder, name);
  await importFiles(to, 'binance-klines', [path]);
  return to;
}

const column = ({ frame }: OpenedBars, name: string): number[] => [...(frame.columns[name] as Float64Array)];

describe('bars of a dataset', () => {
  it('become a panel in one unit, whatever units their days are stored in', async () => {
    const path = await dataset('units', [
      [0, '1.5', '2', '1', '1.25', '10', '4'],
      [1, '1.25', '1.255', '1.2', '1.2', '7.125', '7.125'],
      [3, '1.2', '1.3', '1.2', '1.3', '1', '0'],
    ]);
    const bars = await openBars(path, DAY, {});
    expect(bars.frame.instruments[0]).toMatchObject({
      tick: { coef: 1, scale: 3 },
      lot: { coef: 1, scale: 3 },
    });
    expect(column(bars, 'close')).toEqual([1250, 1200, Number.NaN, 1300]);
    expect(column(bars, 'volume')).toEqual([10000, 7125, Number.NaN, 1000]);
    expect(column(bars, 'buy_volume')).toEqual([4000, 7125, Number.NaN, 0]);
    expect(column(bars, 'sell_volume')).toEqual([6000, 0, Number.NaN, 1000]);
    expect(column(bars, 'notional')).toEqual([12.5, 12.5, Number.NaN, 12.5]);
    expect(bars.ledger).toMatchObject({ rowsRead: 3, rowsKept: 3, filtered: 0, counts: {} });
  });

  it('are cut in time and by instrument, and say so', async () => {
    const path = await dataset('cut', [
      [0, '1', '1', '1', '1', '1', '1'],
      [1, '2', '2', '2', '2', '1', '1'],
      [2, '3', '3', '3', '3', '1', '1'],
    ]);
    const from = Date.UTC(2024, 0, 2) * 1000;
    const bars = await openBars(path, DAY, { fromTime: from, until: from + DAY });
    expect(column(bars, 'close')).toEqual([2]);
    expect(bars.ledger).toMatchObject({ rowsRead: 3, rowsKept: 1, filtered: 2 });
    await expect(openBars(path, DAY, { instruments: ['nothing'] })).rejects.toThrow(
      'instrument nothing has no bars',
    );
  });

  it('that contradict themselves are counted and not taken; what f64 arithmetic left over is', async () => {
    const header = 'ts,interval,open,high,low,close,volume,buy_volume,sell_volume';
    const lines = [
      '0,1,1,1,1,1,1,',
      '1,0.5,0.4,0.45,1,1,',
      '1,1,1,1,1,2,',
      '1,1,1,1,53538.359,30884.014,22654.345000000004',
      '1,1,1,1,2,0.5,0.5',
    ].map((cells, day) => `${Date.UTC(2024, 0, 1 + day)},${DAY},${cells.replace(/^0,/, '')}`);
    const path = join(folder, 'ABC.csv');
    writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
    const to = join(folder, 'bad');
    await importFiles(to, 'csv', [path], { kind: 'bars' });
    const bars = await openBars(to, DAY, {});
    expect(column(bars, 'close')).toEqual([100, Number.NaN, Number.NaN, 100, 100]);
    expect(bars.ledger).toMatchObject({ rowsRead: 5, rowsKept: 3, counts: { bad_price: 1, bad_size: 1 } });
    const [volume, buy, sell] = ['volume', 'buy_volume', 'sell_volume'].map((name) => column(bars, name));
    expect(volume![3]).toBe(buy![3]! + sell![3]!);
    // half of the last bar is of no known side
    expect(column(bars, 'unknown_volume')[4]! * 2).toBe(volume![4]);
  });

  it('have no negative notional', async () => {
    const rows = ['5', '-5', ''].map(
      (money, day) => `${Date.UTC(2024, 0, 1 + day)},${DAY},1,1,1,1,1,${money}`,
    );
    const path = join(folder, 'DEF.csv');
    writeFileSync(path, `${['ts,interval,open,high,low,close,volume,notional', ...rows].join('\n')}\n`);
    const to = join(folder, 'negative');
    await importFiles(to, 'csv', [path], { kind: 'bars' });
    const bars = await openBars(to, DAY, {});
    expect(column(bars, 'notional')).toEqual([5, Number.NaN, Number.NaN]);
    expect(column(bars, 'volume').map(Number.isNaN)).toEqual([false, true, false]);
    expect(bars.ledger).toMatchObject({ rowsRead: 3, rowsKept: 2, counts: { bad_value: 1 } });
  });

  it('without a trade may have no price: quiet is not a gap; half a bar is none', async () => {
    const rows = [
      '10,11,9,10,4,3,1,2',
      ',,,,0,0,0,0',
      ',,,,0,,,',
      ',,,,1,,,',
      ',,,,0,,,2',
      ',11,9,10,4,3,1,2',
      '10,11,9,10,4,3,1,2',
    ].map((cells, day) => `${Date.UTC(2024, 0, 1 + day)},${DAY},${cells}`);
    const path = join(folder, 'QUIET.csv');
    const header = 'ts,interval,open,high,low,close,volume,buy_volume,sell_volume,trades';
    writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
    const to = join(folder, 'quiet');
    const { sources } = await importFiles(to, 'csv', [path], { kind: 'bars' });
    expect(sources[0]!.ledger).toEqual({ bad_price: 3 });
    const bars = await openBars(to, DAY, {});
    const { NaN: none } = Number;
    expect(column(bars, 'close')).toEqual([10, none, none, none, none, none, 10]);
    expect(column(bars, 'volume')).toEqual([4, 0, 0, none, none, none, 4]);
    expect(column(bars, 'buy_volume')).toEqual([3, 0, 0, none, none, none, 3]);
    expect(bars.ledger).toMatchObject({ rowsRead: 4, rowsKept: 4, counts: {} });
  });

  it('take no price of parts without a trade, where venues carry the last close', async () => {
    const rows = [
      [0, '1', '1', '1', '1', '0', '0'],
      [1, '5', '6', '4', '5.5', '1', '1'],
      [2, '5.5', '7', '5', '6', '1', '0'],
      [3, '9', '9', '9', '9', '0', '0'],
      ...Array.from({ length: 4 }, (_, h) => [4 + h, '9', '9', '9', '9', '0', '0'] as const),
      ...Array.from({ length: 4 }, (_, h) => [8 + h, '2', '3', '1', '2', '1', '0'] as const),
    ] as const;
    const bars = await openBars(await dataset('carried', rows, 1), 4 * 3_600_000_000, {});
    expect(column(bars, 'open')).toEqual([50, Number.NaN, 20]);
    expect(column(bars, 'high')).toEqual([70, Number.NaN, 30]);
    expect(column(bars, 'low')).toEqual([40, Number.NaN, 10]);
    expect(column(bars, 'close')).toEqual([60, Number.NaN, 20]);
    expect(column(bars, 'volume')).toEqual([20, 0, 40].map((v) => v / 10));
  });

  it('count as incomplete where a part of a wider one is missing', async () => {
    const hours = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12];
    const rows = hours.map((h) => [h, '1', '2', '1', '1', '1', '0.5'] as const);
    const bars = await openBars(await dataset('parts', rows, 1), 4 * 3_600_000_000, {});
    expect(column(bars, 'volume')).toEqual([40, Number.NaN, 40]);
    expect(bars.ledger).toMatchObject({ rowsRead: 12, rowsKept: 8, filtered: 0, counts: { incomplete: 4 } });
  });

  it('add up to wider ones; of no width that does, there are none', async () => {
    const rows = Array.from({ length: 24 }, (_, h) => [h, '1', '2', '1', '1', '1', '0.5'] as const);
    const path = await dataset('hours', rows, 1);
    const bars = await openBars(path, 4 * 3_600_000_000, {});
    expect(column(bars, 'volume')).toEqual(Array.from({ length: 6 }, () => 40));
    expect(bars.frame.instruments[0]!.lot).toEqual({ coef: 1, scale: 1 });
    expect(bars.ledger).toMatchObject({ rowsRead: 24, rowsKept: 24, counts: {} });
    await expect(openBars(path, 1_800_000_000, {})).rejects.toThrow('holds no bars of 30m');
  });
});

describe.skipIf(!haveData)(`bars of ${dataLine}`, () => {
  it('hold the taker-buy volume of every kline, exactly or rounded by less than a unit', async () => {
    const path = realData('binance-klines/SUNUSDT.csv');
    const input = await nativeDataset([path], ['bars'], {});
    const bars = await openBars(input.folder, DAY, {});
    await input.close();
    const { lot } = bars.frame.instruments[0]!;
    const unit = lot.coef / 10 ** lot.scale;
    const time = column(bars, 'time');
    const buy = column(bars, 'buy_volume');
    const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
    const seen = new Map(lines.map((line) => [Number(line.split(',')[0]) * 1000, line.split(',')]));
    // one row is of another width
    expect(column(bars, 'volume').filter((v) => v > 0)).toHaveLength(seen.size - 1);
    time.forEach((t, i) => {
      const fields = seen.get(t);
      if (fields === undefined || Number.isNaN(buy[i])) expect(buy[i]).toBeNaN();
      else expect(Math.abs(buy[i]! * unit - Number(fields[9]))).toBeLessThanOrEqual(unit);
    });
  });
});

describe('noise of f64 arithmetic in imported volumes', () => {
  it('ends at the fifteenth digit', () => {
    expect(fifteenDigits(999_999_999_999_999n)).toBe(999_999_999_999_999n);
    expect(fifteenDigits(65_381_149_000_000_005n)).toBe(65_381_149_000_000_000n);
    expect(fifteenDigits(199_756_528_999_999_98n)).toBe(199_756_529_000_000_00n);
    expect(fifteenDigits(1_234_567_890_123_455n)).toBe(1_234_567_890_123_460n);
  });
});
