import { describe, expect, it } from 'vitest';
import { binanceKlines } from '../../src/ingest/binance-klines.js';
import { readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();

describe('binance-klines', () => {
  it.skipIf(!haveData)(`${dataLine}: BTCUSDT daily`, async () => {
    const { rows, skipped, instruments } = await readWith(binanceKlines, [
      realData('binance-klines/BTCUSDT.csv'),
    ]);
    expect(skipped).toBe(1);
    expect(instruments).toEqual([{ venue: 'binance-spot', contract: 'linear', symbol: 'BTCUSDT' }]);
    expect(rows.filter((row) => row.reject !== undefined)).toEqual([]);
    expect(rows[0]!.cells).toEqual({
      ts: 1609459200000000,
      interval: 86400e6,
      available_at: 1609545600000000,
      trades: 1314910,
      open: '28923.63',
      high: '29600.0',
      low: '28624.57',
      close: '29331.69',
      volume: '54182.925011',
      buy_volume: '27455.801725',
      sell_volume: '26727.123286',
      notional: '1582526989.1618724',
      buy_notional: '802247744.5451041',
    });
  });

  it('takes µs stamps without a header, and rejects what is no bar', async () => {
    const line = '1735689600000000,1,2,0.5,1.5,10,1735775999999999,12,3,4,5,0';
    const path = files.write(
      'ETHUSDT-1d-2025-01.csv',
      `${line}\n${line.replace(',2,0.5', ',1.2,0.5')}\n${line.replace(',4,5,0', ',11,5,0')}\nx\n`,
    );
    const { rows } = await readWith(binanceKlines, [path]);
    expect(rows.map((row) => row.reject)).toEqual([undefined, 'bad_price', 'bad_size', 'bad_row']);
    expect(rows[0]!.cells).toMatchObject({ ts: 1735689600e6, interval: 86400e6, available_at: 1735776000e6 });
    expect(rows[3]).toMatchObject({ symbol: undefined, record: 3, text: 'x' });
  });
});
