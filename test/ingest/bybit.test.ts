import { describe, expect, it } from 'vitest';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../../src/core/kinds.js';
import { bybitOb500 } from '../../src/ingest/bybit-ob500.js';
import { bybitTrades } from '../../src/ingest/bybit-trades.js';
import { readWith } from './import-support.js';
import { linesOf, survive } from './mangle.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const FIRST = BOOK_SNAPSHOT | BOOK_RESET;

describe('bybit-ob500', () => {
  it.skipIf(!haveData)(`${dataLine}: XRPUSDT`, async () => {
    const { rows, skipped, instruments } = await readWith(bybitOb500, [
      realData('bybit/xrpusdt-ob500.data.zip'),
    ]);
    expect(skipped).toBe(0);
    expect(instruments).toEqual([{ venue: 'bybit-linear', symbol: 'XRPUSDT', contract: 'linear' }]);
    // counted with Python's json: 3,966 levels in 50 messages, no gap in u
    expect(rows).toHaveLength(3966);
    expect(rows.every((row) => row.reject === undefined)).toBe(true);
    expect(new Set(rows.map((row) => row.record)).size).toBe(50);
    // data/README.md: 500 + 500 levels, 4.8 s
    const snapshot = rows.filter((row) => Number(row.cells.flags) & BOOK_SNAPSHOT);
    expect([1, 2].map((side) => snapshot.filter((row) => row.cells.side === side).length)).toEqual([
      500, 500,
    ]);
    expect(snapshot.map((row) => row.cells.flags)).toEqual([FIRST, ...Array(999).fill(BOOK_SNAPSHOT)]);
    expect(snapshot.every((row) => row.record === 0 && row.cells.prev_seq === null)).toBe(true);
    expect((rows.at(-1)!.cells.ts as number) - (rows[0]!.cells.ts as number)).toBe(4_799_000);
    expect(rows[0]!.cells).toEqual({
      ...{ ts: 1733011200691000, seq: 20254869, prev_seq: null },
      ...{ side: 1, price: '1.9531', size: '6203', flags: FIRST },
    });
    let last = 20254869;
    for (const row of rows.slice(1000)) {
      expect(row.cells.flags).toBe(0);
      expect(row.cells.prev_seq).toBe((row.cells.seq as number) - 1);
      expect([last, last + 1]).toContain(row.cells.seq);
      last = row.cells.seq as number;
    }
    expect(last).toBe(20254918);
  });

  const message = (
    type: string,
    u: unknown,
    b: unknown,
    a: unknown,
    symbol = 'XRPUSDT',
    ts: unknown = 1733011200691,
  ) =>
    JSON.stringify({
      topic: `orderbook.500.${symbol}`,
      type,
      ts,
      data: { s: symbol, b, a, u, seq: 9 },
      cts: 1,
    });
  const read = (lines: readonly string[], params = {}) =>
    readWith(bybitOb500, [files.write('2024-12-01_X_ob500.data', lines.join('\n'))], params);

  it('keeps the sequence of messages without levels, and of restarts', async () => {
    const { rows } = await read([
      message('snapshot', 7, [['1', '2']], []),
      message('delta', 8, [], []),
      message('delta', 9, [], [['3', '0']]),
      message('snapshot', 1, [], []),
    ]);
    const { seq, prev, flags, side } = {
      seq: rows.map((row) => row.cells.seq),
      prev: rows.map((row) => row.cells.prev_seq),
      flags: rows.map((row) => row.cells.flags),
      side: rows.map((row) => row.cells.side),
    };
    expect(seq).toEqual([7, 8, 9, 1]);
    expect(prev).toEqual([null, 7, 8, null]);
    expect(flags).toEqual([FIRST, BOOK_EMPTY, 0, FIRST | BOOK_EMPTY]);
    expect(side).toEqual([1, 0, 2, 0]);
    expect(rows[1]!.cells).toMatchObject({ price: null, size: null });
    expect(rows[2]!.cells).toMatchObject({ price: '3', size: '0' });
  });

  it('rejects a message with a bad level as one row', async () => {
    const { rows } = await read([
      message(
        'snapshot',
        7,
        [
          ['-1', '2'],
          ['1', 'x'],
          ['1', '2'],
        ],
        [['2', '1']],
      ),
      message('snapshot', 8, [['NaN', '2']], []),
      message('delta', 9, [['1', '2']], [['2', '-1']]),
      message('delta', 10, [['1', '2']], []),
    ]);
    expect(rows.map((row) => row.reject)).toEqual(['bad_price', 'bad_price', 'bad_size', undefined]);
    expect(rows.map((row) => row.record)).toEqual([0, 1, 2, 3]);
    expect(rows[3]!.cells).toMatchObject({ seq: 10, prev_seq: 9, flags: 0 });
  });

  it('keeps messages whole and in order across batches', async () => {
    const levels = (side: number) => Array.from({ length: 3000 }, (_, i) => [`${side * 10000 + i + 1}`, '1']);
    const { rows } = await read([1, 2, 3].map((u) => message('snapshot', u, levels(0), levels(1))));
    expect(rows).toHaveLength(18_000);
    expect(rows.map((row) => row.cells.price)).toEqual(
      [1, 2, 3].flatMap(() => [...levels(0), ...levels(1)].map(([price]) => price)),
    );
    // one reset a message, at its first row
    const resets = rows.flatMap((row, i) => (Number(row.cells.flags) & BOOK_RESET ? [i] : []));
    expect(resets).toEqual([0, 6000, 12_000]);
  });

  it('tells venues by symbol or as declared', async () => {
    const lines = ['BTCUSD', 'BTCUSDH24', 'BTCUSDT', 'BTCPERP'].map((s) => message('delta', 2, [], [], s));
    const { instruments } = await read(lines);
    expect(instruments.map((info) => info.venue)).toEqual([
      ...['bybit-inverse', 'bybit-inverse', 'bybit-linear', 'bybit-linear'],
    ]);
    expect(instruments[0]).toMatchObject({ contract: 'inverse', multiplier: { coef: 1, scale: 0 } });
    const spot = await read(lines.slice(2, 3), { market: 'spot' });
    expect(spot.instruments[0]!.venue).toBe('bybit-spot');
  });

  it('rejects a malformed message as one row, and skips other topics', async () => {
    const good = message('delta', 8, [['1', '2']], []);
    const lines = [
      ...[
        '{',
        '[]',
        'null',
        '5',
        '{}',
        '{"topic":5}',
        '{"topic":"orderbook.1.X"}',
        '{"__proto__":{"topic":"a"}}',
      ],
      ...[message('update', 8, [], []), message('delta', '8', [], []), message('delta', 1e300, [], [])],
      ...[message('delta', -1, [], []), message('delta', 8, {}, []), message('delta', 8, [['1']], [])],
      ...[message('delta', 8, [[1, 2]], []), message('delta', 8, [], null), message('delta', 8, [], [], '')],
      message('delta', 8, [], [], 'X', '1733011200691'),
    ];
    const skip = ['{"topic":"publicTrade.X","data":[]}', '{"op":"subscribe","success":true}'];
    const { rows, skipped } = await read([...lines, ...skip, good, message('delta', 9, [], [], 'X', 12)]);
    expect(skipped).toBe(2);
    expect(rows.slice(0, lines.length).map((row) => row.reject)).toEqual(lines.map(() => 'bad_row'));
    expect(rows.slice(0, lines.length).map((row) => row.text)).toEqual(lines);
    expect(rows.slice(lines.length).map((row) => row.reject)).toEqual([undefined, 'bad_time']);
  });

  it('survives hostile files', async () => {
    const sample = `${message('snapshot', 7, [['1', '2']], [['2', '1']])}\n${message('delta', 8, [], [])}\n`;
    const { read: good, rejected } = await survive(
      ...([bybitOb500, files.write, 'x_ob500.data', sample.repeat(3), 300, linesOf] as const),
    );
    expect(good).toBe(300);
    expect(rejected).toBeGreaterThan(50);
  });
});

describe('bybit-trades', () => {
  const CONTRACTS =
    'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n';
  const trade = (symbol: string, time = '1733011200.6918') =>
    `${time},${symbol},Buy,0.003,96441.9,PlusTick,20f43950-d8dd-5b31-9112-a178eb6023af,2.89e+10,0.003,289.3257\n`;

  it('reads contracts', async () => {
    const { rows, instruments, skipped } = await readWith(bybitTrades, [
      files.write(
        'BTCUSDT2024-12-01.csv',
        CONTRACTS + trade('BTCUSDT') + trade('BTCUSD', '1585180700') + trade('') + trade('BTCUSDT', 'x'),
      ),
    ]);
    expect(skipped).toBe(1);
    expect(rows.map((row) => row.reject)).toEqual([undefined, undefined, 'bad_instrument', 'bad_time']);
    expect(instruments).toEqual([
      { venue: 'bybit-linear', symbol: 'BTCUSDT', contract: 'linear' },
      { venue: 'bybit-inverse', symbol: 'BTCUSD', contract: 'inverse', multiplier: { coef: 1, scale: 0 } },
    ]);
    expect(rows[0]!.cells).toEqual({
      ts: 1733011200691800,
      seq: null,
      trade_id: '20f43950-d8dd-5b31-9112-a178eb6023af',
      price: '96441.9',
      size: '0.003',
      side: 1,
    });
    expect(rows[1]!.cells.ts).toBe(1585180700000000);
    expect(rows.map((row) => row.symbol)).toEqual(['BTCUSDT', 'BTCUSD', undefined, 'BTCUSDT']);
  });

  it('reads spot, with and without rpi', async () => {
    const spot = async (name: string, header: string, rest: string) =>
      readWith(bybitTrades, [
        files.write(name, `${header}\n5,1747612800074,106453.8,0.003718,sell${rest}\n`),
      ]);
    const plain = await spot('BTCUSDT-2022-11.csv', 'id,timestamp,price,volume,side', '');
    const rpi = await spot('BTCUSDT_2025-05-19.csv', 'id,timestamp,price,volume,side,rpi', ',0');
    for (const { rows, instruments } of [plain, rpi]) {
      expect(instruments).toEqual([{ venue: 'bybit-spot', symbol: 'BTCUSDT', contract: 'linear' }]);
      expect(rows.map((row) => row.reject)).toEqual([undefined]);
      expect(rows[0]!.cells).toEqual({
        ...{ ts: 1747612800074000, seq: 5, trade_id: null, price: '106453.8', size: '0.003718', side: 2 },
      });
    }
  });

  it('refuses other files', async () => {
    await expect(readWith(bybitTrades, [files.write('z.csv', 'a,b\n1,2\n')])).rejects.toThrow(
      /^z\.csv header a,b must name id, timestamp/,
    );
  });

  it('survives hostile files', async () => {
    const sample = CONTRACTS + (trade('BTCUSDT') + trade('BTCUSD')).repeat(4);
    const { read, rejected } = await survive(bybitTrades, files.write, 'h.csv', sample, 200, linesOf);
    expect(read).toBeGreaterThan(100);
    expect(rejected).toBeGreaterThan(50);
  });
});
