import { describe, expect, it } from 'vitest';
import { krakenTrades } from '../../src/ingest/kraken-trades.js';
import { readWith } from './import-support.js';
import { linesOf, survive } from './mangle.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();

describe('kraken-trades', () => {
  it.skipIf(!haveData)(`${dataLine}: BCHEUR and its increment`, async () => {
    const one = await readWith(krakenTrades, [realData('kraken/BCHEUR.csv')]);
    const two = await readWith(krakenTrades, [realData('kraken/incremental_q2/BCHEUR.csv')]);
    // `wc -l`: 148 and 486 lines, 634 together as data/README.md says
    expect([one.rows.length, two.rows.length, one.skipped + two.skipped]).toEqual([148, 486, 0]);
    const rows = [...one.rows, ...two.rows];
    expect(rows.every((row) => row.reject === undefined && row.cells.side === 0)).toBe(true);
    expect(one.instruments).toEqual([{ venue: 'kraken', symbol: 'BCHEUR', contract: 'linear' }]);
    expect(one.rows[0]!.cells).toEqual({
      ...{ ts: 1672531436000000, price: '90.540000', size: '1.10448420', side: 0 },
    });
    // sums of the third column in Python decimals: 426.64478477 and 1035.24613227
    const lots = (of: typeof rows) =>
      of.reduce((sum, row) => sum + BigInt((row.cells.size as string).replace('.', '')), 0n);
    expect(lots(one.rows)).toBe(42664478477n);
    expect(lots(two.rows)).toBe(103524613227n);
  });

  it('takes decimal seconds, and never a header', async () => {
    const path = files.write(
      'XBTUSD.csv',
      '\ufefftime,price,volume\r\n1688169600.123456789,1.0,2\r\n1,2\r\n',
    );
    const { rows, skipped } = await readWith(krakenTrades, [path], { symbol: 'XBT/USD' });
    expect(skipped).toBe(0);
    expect(rows.map((row) => row.reject)).toEqual(['bad_time', undefined, 'bad_row']);
    expect(rows[1]).toMatchObject({ symbol: 'XBT/USD', record: 1, cells: { ts: 1688169600123456 } });
  });

  it('survives hostile files', async () => {
    const sample = '1672531436,90.540000,1.10448420\n1672531471.5,90.450000,1.00000000\n'.repeat(4);
    const { read, rejected } = await survive(krakenTrades, files.write, 'H.csv', sample, 200, linesOf);
    expect(read).toBe(200);
    expect(rejected).toBeGreaterThan(50);
  });
});
