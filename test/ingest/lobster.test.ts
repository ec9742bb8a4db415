import { describe, expect, it } from 'vitest';
import { lobster } from '../../src/ingest/lobster.js';
import { lobsterPrice, microsAfterMidnight } from '../../src/ingest/lobster-message.js';
import { zoneMidnight } from '../../src/ingest/zone-midnight.js';
import { readWith } from './import-support.js';
import { linesOf, survive } from './mangle.js';
import { scratch } from './support.js';

const files = scratch();
const STEM = 'AAPL_2012-06-21_34200000_57600000';
/** 2012-06-21 09:30 in New York is 13:30 UTC in summer. */
const OPEN = Date.UTC(2012, 5, 21, 13, 30) * 1000;

function pair(messages: readonly string[], states: readonly string[], stem = STEM, levels = 1): string[] {
  return [
    files.write(`${stem}_message_${levels}.csv`, `${messages.join('\n')}\n`),
    files.write(`${stem}_orderbook_${levels}.csv`, `${states.join('\n')}\n`),
  ];
}

const STATE = '5859400,200,5853300,18';

describe('lobster', () => {
  it('reads book states at every event, and executions as trades of the other side', async () => {
    const { rows, skipped, instruments } = await readWith(
      lobster,
      pair(
        [
          '34200.004241176,1,16113575,18,5853300,1',
          '34200.025551909,4,16120456,10,5859100,-1',
          '34200.1,4,16120457,7,5853300,1',
          '34200.2,5,0,3,5856150,-1',
          '34201,3,16120456,8,5859100,-1',
          '34202,6,-1,5000,5860000,-1',
          '34203,7,0,0,-1,-1',
        ],
        [STATE, ...Array(6).fill('9999999999,0,-9999999999,0')],
      ),
    );
    const books = rows.filter((row) => row.kind === 'book_snapshot');
    const trades = rows.filter((row) => row.kind === 'trades');
    expect(rows.map((row) => row.reject)).toEqual(rows.map(() => undefined));
    expect([books.length, trades.length]).toEqual([7, 3]);
    // the orderbook file comes along with its message file, and is an input of its own
    expect(skipped).toBe(7);
    expect(instruments).toEqual([{ venue: 'nasdaq', symbol: 'AAPL', contract: 'linear' }]);
    expect(books[0]!.cells).toEqual({
      ts: OPEN + 4241,
      ...{ ask_price_1: '585.9400', ask_size_1: '200', bid_price_1: '585.3300', bid_size_1: '18' },
    });
    expect(books[1]!.cells).toEqual({
      ts: OPEN + 25551,
      ...{ ask_price_1: null, ask_size_1: null, bid_price_1: null, bid_size_1: null },
    });
    expect(trades.map((row) => row.cells)).toEqual([
      { ts: OPEN + 25551, order_id: '16120456', price: '585.9100', size: '10', side: 1 },
      { ts: OPEN + 100000, order_id: '16120457', price: '585.3300', size: '7', side: 2 },
      { ts: OPEN + 200000, order_id: null, price: '585.6150', size: '3', side: 1 },
    ]);
    expect(trades.map((row) => row.record)).toEqual([1, 2, 3]);
  });

  it('knows no side of hidden orders from 2014-07-14 on', async () => {
    const sides = async (date: string) => {
      const lines = ['34200.1,4,9,7,5853300,1', '34200.2,5,0,3,5856150,1'];
      const { rows } = await readWith(lobster, pair(lines, [STATE, STATE], `AAPL_${date}_34200000_57600000`));
      return rows.filter((row) => row.kind === 'trades').map((row) => row.cells.side);
    };
    expect(await sides('2014-07-11')).toEqual([2, 2]);
    expect(await sides('2014-07-14')).toEqual([2, 0]);
  });

  it('reads any number of levels, deep ones missing', async () => {
    const state = '30000,1,20000,2,9999999999,0,19999,5';
    const { rows } = await readWith(lobster, pair(['34200,1,1,1,20000,1'], [state], STEM, 2));
    expect(rows[0]!.cells).toEqual({
      ts: OPEN,
      ...{ ask_price_1: '3.0000', ask_size_1: '1', bid_price_1: '2.0000', bid_size_1: '2' },
      ...{ ask_price_2: null, ask_size_2: null, bid_price_2: '1.9999', bid_size_2: '5' },
    });
  });

  it('keeps lines in step across batches', async () => {
    // 65 rows of 999 levels fill a batch
    const state = (i: number) => `${20_000 + i},1,10000,1${',9999999999,0,-9999999999,0'.repeat(998)}`;
    const count = 150;
    const { rows } = await readWith(
      lobster,
      pair(
        Array.from({ length: count }, (_, i) => `${34200 + i},4,${i + 1},1,20000,1`),
        Array.from({ length: count }, (_, i) => state(i)),
        STEM,
        999,
      ),
    );
    for (const kind of ['book_snapshot', 'trades']) {
      const of = rows.filter((row) => row.kind === kind);
      expect(of.map((row) => row.record)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(of.map((row) => row.cells.ts)).toEqual(of.map((_, i) => OPEN + i * 1e6));
    }
    const asks = rows.filter((row) => row.kind === 'book_snapshot').map((row) => row.cells.ask_price_1);
    expect(asks).toEqual(asks.map((_, i) => lobsterPrice(String(20_000 + i))));
  });

  it('converts to UTC with daylight saving, in the zone given', async () => {
    const ts = async (date: string, params = {}) =>
      (await readWith(lobster, pair(['34200,1,1,1,1,1'], [STATE], `X_${date}_34200000_57600000`), params))
        .rows[0]!.cells.ts;
    expect(await ts('2012-03-09')).toBe(Date.UTC(2012, 2, 9, 14, 30) * 1000);
    expect(await ts('2012-03-12')).toBe(Date.UTC(2012, 2, 12, 13, 30) * 1000);
    expect(await ts('2012-11-05')).toBe(Date.UTC(2012, 10, 5, 14, 30) * 1000);
    expect(await ts('2012-06-21', { zone: 'Asia/Tokyo' })).toBe(Date.UTC(2012, 5, 21, 0, 30) * 1000);
    await expect(ts('2012-06-21', { zone: 'Mars/Base' })).rejects.toThrow(/zone Mars\/Base must be an IANA/);
    await expect(ts('2012-02-30')).rejects.toThrow(/date 2012-02-30 must be a calendar day/);
  });

  it('finds midnight on days on which clocks change', () => {
    const hour = (y: number, m: number, d: number, zone: string) =>
      (zoneMidnight(y, m, d, zone, 'zone') - Date.UTC(y, m - 1, d) * 1000) / 3.6e9;
    expect(hour(2012, 3, 11, 'America/New_York')).toBe(5);
    expect(hour(2012, 11, 4, 'America/New_York')).toBe(4);
    expect(hour(2012, 1, 1, 'Pacific/Kiritimati')).toBe(-14);
    expect(hour(2012, 1, 1, 'Pacific/Pago_Pago')).toBe(11);
    // clocks in Sao Paulo went from 00:00 to 01:00: the day began at 03:00 UTC
    expect(hour(2012, 10, 21, 'America/Sao_Paulo')).toBe(3);
    // and in Beirut from 00:00 to 01:00 at 22:00 UTC
    expect(hour(2012, 3, 25, 'Asia/Beirut')).toBe(-2);
  });

  it('rejects lines that are no messages or states, one by one', async () => {
    const good = '34200.5,4,1,1,20000,1';
    const messages = [
      ...[
        'x',
        '34200,8,1,1,1,1',
        '',
        `${good},MPID,9`,
        `${good},MPID`,
        '86400,4,1,1,1,1',
        '34200,4,1,1,-1,1',
      ],
      ...['34200,4,1,1,1.5,1', '34200,4,1,1,1,0', good, good, '34200,1,1,1,1,1'],
    ];
    const states: string[] = [...Array(9).fill(STATE), '', '1,2,3', 'a,1,2,3'];
    const { rows } = await readWith(lobster, pair(messages, states));
    const of = (kind: string) =>
      rows.filter((row) => row.kind === kind).map((row) => [row.record, row.reject]);
    expect(of('book_snapshot')).toEqual([
      ...[0, 1, 2, 3].map((record) => [record, 'bad_row']),
      [4, undefined],
      [5, 'bad_time'],
      ...[6, 7, 8].map((record) => [record, undefined]),
      [9, 'bad_row'],
      [10, 'bad_row'],
      [11, 'bad_price'],
    ]);
    expect(of('trades')).toEqual([
      [4, undefined],
      [5, 'bad_time'],
      [6, 'bad_price'],
      [7, 'bad_price'],
      [8, 'bad_side'],
      [9, undefined],
      [10, undefined],
    ]);
  });

  it('needs both files, of equal length', async () => {
    const [message, orderbook] = pair(['34200,1,1,1,1,1', '34200,1,1,1,1,1'], [STATE]) as [string, string];
    await expect(readWith(lobster, [message])).rejects.toThrow(
      `${STEM}_message_1.csv needs ${STEM}_orderbook_1.csv among the inputs`,
    );
    await expect(readWith(lobster, [orderbook])).rejects.toThrow(/needs .*_message_1\.csv/);
    await expect(readWith(lobster, [message, orderbook])).rejects.toThrow(
      `${STEM}_message_1.csv line 2 must have its counterpart in ${STEM}_orderbook_1.csv`,
    );
    const blank = await readWith(lobster, pair(['34200,1,1,1,1,1'], [STATE, '', '']));
    expect(blank.rows).toHaveLength(1);
    await expect(readWith(lobster, [files.write('a.csv', 'x')])).rejects.toThrow(
      /file name a\.csv must be like/,
    );
  });

  it('moves the point of prices and cuts times in decimals', () => {
    expect(['5853300', '0', '12', '12345'].map(lobsterPrice)).toEqual([
      '585.3300',
      '0.0000',
      '0.0012',
      '1.2345',
    ]);
    for (const text of ['', '-1', '1.5', '1e4', '+1', ' 1', '1234567890123'])
      expect(lobsterPrice(text)).toBeUndefined();
    expect(microsAfterMidnight('34200.0000019')).toBe(34200000001);
    for (const text of ['', '86400', '-1', '1e3', '1.', 'NaN']) expect(microsAfterMidnight(text)).toBeNaN();
  });

  it('survives hostile message files', async () => {
    const messages = ['34200.004241176,1,16113575,18,5853300,1', '34200.025551909,4,16120456,10,5859100,-1'];
    const sample = `${[...messages, ...messages, ...messages].join('\n')}\n`;
    const orderbook = files.write(`${STEM}_orderbook_1.csv`, `${STATE}\n`.repeat(6));
    const { read, rejected, refused } = await survive(
      ...([lobster, files.write, `${STEM}_message_1.csv`, sample, 300] as const),
      // every line of both files
      (text) => linesOf(text) + 6,
      [orderbook],
    );
    expect(read).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(10);
    expect(rejected).toBeGreaterThan(50);
  });
});
