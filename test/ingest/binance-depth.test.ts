import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import { BOOK_RESET, BOOK_SNAPSHOT } from '../../src/core/kinds.js';
import { binanceDepth } from '../../src/ingest/binance-depth.js';
import { type ReadRow, readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const HEADER = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu';
const T = 1667346579146;

const read = (lines: readonly string[]) =>
  readWith(binanceDepth, [files.write('btcusdt-depth-snap.csv', lines.join('\n'))]);
const snap = (symbol: string, id: number, price: string, type = 'snap'): string =>
  `${symbol},${T},${id},${id},b,${type},${price},1,-1`;

/** Sum of sizes in thousandths, exact as the files have three decimals. */
const thousandths = (rows: readonly ReadRow[]): number =>
  rows.reduce((sum, { cells }) => sum + Number(String(cells.size).replace('.', '')), 0);

describe('binance-depth', () => {
  // counts and sums of the files by awk
  it.skipIf(!haveData)(`${dataLine}: snapshot`, async () => {
    const { rows, skipped, instruments } = await readWith(binanceDepth, [
      realData('binance-depth/btcusdt-depth-snap.csv'),
    ]);
    expect([skipped, rows.length]).toEqual([1, 100]);
    expect(instruments).toEqual([{ symbol: 'BTCUSDT', venue: 'binance-usdm', contract: 'linear' }]);
    expect(rows.map(({ reject }) => reject)).toEqual(Array(100).fill(undefined));
    expect(rows[0]!.cells).toEqual({
      ...{ ts: T * 1000, seq: 2098021528332, first_seq: 2098021528332, prev_seq: null },
      ...{ side: SIDE_BUY, price: '20377.00', size: '1.770', flags: BOOK_SNAPSHOT | BOOK_RESET },
    });
    expect(rows.slice(1).map(({ cells }) => cells.flags)).toEqual(Array(99).fill(BOOK_SNAPSHOT));
    expect(thousandths(rows)).toBe(176_960);
    expect([rows[0]!.cells.price, rows.at(-1)!.cells.price]).toEqual(['20377.00', '20365.90']);
  });

  it.skipIf(!haveData)(`${dataLine}: updates`, async () => {
    const { rows } = await readWith(binanceDepth, [realData('binance-depth/btcusdt-depth-update.csv')]);
    expect(rows.map(({ reject }) => reject)).toEqual(Array(100).fill(undefined));
    expect(rows[0]!.cells).toEqual({
      ...{ ts: 1667347199939000, seq: 2098041696700, first_seq: 2098041693435, prev_seq: 2098041693400 },
      ...{ side: SIDE_SELL, price: '20472.80', size: '0.000', flags: 0 },
    });
    const of = (side: number): ReadRow[] => rows.filter(({ cells }) => cells.side === side);
    expect([of(SIDE_BUY).length, of(SIDE_SELL).length]).toEqual([23, 77]);
    expect([thousandths(of(SIDE_BUY)), thousandths(of(SIDE_SELL))]).toEqual([129_868, 264_707]);
    const deletes = rows.filter(({ cells }) => Number(cells.size) === 0);
    expect(deletes.length).toBe(21);
  });

  it('a snapshot resets once: a symbol, a time, an update id', async () => {
    const { rows } = await read([
      HEADER,
      snap('BTCUSDT', 7, '5'),
      snap('BTCUSDT', 7, '4'),
      snap('ETHUSDT', 7, '3'),
      snap('BTCUSDT', 7, '3'),
      snap('BTCUSDT', 8, '5'),
      snap('BTCUSDT', 9, '5', 'set'),
      // the same again, after an update
      snap('BTCUSDT', 8, '5'),
      snap('ETHUSDT', 7, '2'),
    ]);
    const [first, rest] = [BOOK_SNAPSHOT | BOOK_RESET, BOOK_SNAPSHOT];
    expect(rows.map(({ cells }) => cells.flags)).toEqual([first, rest, first, rest, first, 0, first, rest]);
  });

  it('a bad first row does not take the reset away', async () => {
    const { rows } = await read([
      HEADER,
      snap('BTCUSDT', 7, '0'),
      snap('BTCUSDT', 7, 'x'),
      snap('BTCUSDT', 7, '4'),
      snap('BTCUSDT', 7, '3'),
    ]);
    expect(rows.map(({ reject, cells }) => [reject, cells.flags])).toEqual([
      ['bad_price', BOOK_SNAPSHOT],
      ['bad_price', BOOK_SNAPSHOT],
      [undefined, BOOK_SNAPSHOT | BOOK_RESET],
      [undefined, BOOK_SNAPSHOT],
    ]);
  });

  it('of snapshots longer than a batch, one row resets', async () => {
    const { rows } = await read([
      HEADER,
      ...Array.from({ length: 20_000 }, (_, i) => snap('BTCUSDT', 7, String(i + 1))),
    ]);
    expect(rows.length).toBe(20_000);
    expect(rows.filter(({ cells }) => cells.flags !== BOOK_SNAPSHOT).map(({ record }) => record)).toEqual([
      1,
    ]);
  });

  it('reads files without pu, as the older ones are, and COIN-M', async () => {
    const { rows, instruments } = await read([
      HEADER.replace(',pu', ''),
      'BTCUSDT,1593647999921,39538108420,39538108420,a,set,9235.09,0',
      'BTCUSD_200925,1593647999921,39538108420,39538108421,b,set,9235.1,12',
    ]);
    expect(rows.map(({ reject, cells }) => [reject, cells.prev_seq, cells.size])).toEqual([
      [undefined, null, '0'],
      [undefined, null, '12'],
    ]);
    expect(instruments.map(({ venue, multiplier }) => [venue, multiplier?.coef])).toEqual([
      ['binance-usdm', undefined],
      ['binance-coinm', 100],
    ]);
  });

  it('rejects what no book can take', async () => {
    const good = `BTCUSDT,${T},7,8,a,set,9235.09,0,6`;
    const bad: [string, string][] = [
      [good.replace(String(T), '1667346579'), 'bad_time'],
      [good.replace(',a,', ',A,'), 'bad_side'],
      [good.replace(',a,', ',buy,'), 'bad_side'],
      [good.replace('9235.09', '-1'), 'bad_price'],
      [good.replace('9235.09', 'NaN'), 'bad_price'],
      [good.replace(',0,6', ',-1,6'), 'bad_size'],
      [good.replace(',0,6', ',,6'), 'bad_size'],
      [good.replace(',0,6', ',1e999,6'), 'bad_size'],
      [good.replace(',7,8,', ',7,,'), 'bad_value'],
      [good.replace(',7,8,', ',x,8,'), 'bad_value'],
      [good.replace(',7,8,', `,7,${'9'.repeat(30)},`), 'bad_value'],
      [good.replace(',0,6', ',0,-2'), 'bad_value'],
      // a change of the size, not the size
      [good.replace(',set,', ',delta,'), 'bad_value'],
      [`${good},1`, 'bad_row'],
      [good.replace(',9235.09,0,6', ''), 'bad_row'],
    ];
    const { rows } = await read([HEADER, good, ...bad.map(([line]) => line)]);
    expect(rows.map(({ text, reject }) => [text, reject])).toEqual([[good, undefined], ...bad]);
  });
});
