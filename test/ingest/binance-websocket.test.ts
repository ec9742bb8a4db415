import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../../src/core/kinds.js';
import { binanceWebsocket } from '../../src/ingest/binance-websocket.js';
import { importers } from '../../src/ingest/index.js';
import { random } from '../support/random.js';
import { type ReadRow, readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const NS = '1723161256172210766';
const RECEIVED = 1723161256172210;
const MS = 1723161257434;

const line = (data: unknown, stream?: string): string =>
  `${NS} ${JSON.stringify(stream === undefined ? data : { stream, data })}`;
const read = (lines: readonly string[], params: Record<string, unknown> = {}) =>
  readWith(binanceWebsocket, [files.write('capture', `${lines.join('\n')}\n`)], params);

const spotDiff = { e: 'depthUpdate', E: MS, s: 'ETHUSDT', U: 5, u: 7, b: [['10.50', '0.000']], a: [] };
const usdmDiff = { ...spotDiff, T: MS - 6, pu: 4 };
const coinmDiff = { ...usdmDiff, s: 'ETHUSD_PERP', ps: 'ETHUSD' };
const trade = { e: 'trade', E: MS, T: MS - 1, s: 'ETHUSDT', t: 9, p: '10.5', q: '2', X: 'MARKET', m: true };
const aggTrade = { e: 'aggTrade', E: MS, s: 'BTCUSDT', a: 3, p: '1.0', q: '4', f: 1, l: 2, T: MS, m: false };
const ticker = { u: 8, s: 'ETHUSDT', b: '10.4', B: '1', a: '10.6', A: '2' };
const snapshot = { lastUpdateId: 6, bids: [['10', '1']], asks: [['11', '2.5']] };

const summary = ({ rows }: { rows: readonly ReadRow[] }): string[] =>
  rows.map(({ kind, symbol, record, reject }) => `${kind} ${symbol} ${record} ${reject ?? 'good'}`);

describe('binance-websocket', () => {
  it('is registered', () => {
    expect(importers.get('binance-websocket')).toBe(binanceWebsocket);
  });

  it.skipIf(!haveData)(`${dataLine}: first rows of the COIN-M capture`, async () => {
    const { rows, skipped, instruments } = await readWith(binanceWebsocket, [
      realData('binance-capture/coinm_ethusd_perp_20240808.gz'),
    ]);
    expect(skipped).toBe(0);
    expect(instruments).toEqual([
      {
        symbol: 'ETHUSD_PERP',
        venue: 'binance-coinm',
        contract: 'inverse',
        multiplier: { coef: 10, scale: 0 },
      },
    ]);
    expect(rows.filter(({ reject }) => reject !== undefined)).toEqual([]);
    // told from the file by `zcat … | head`, `grep -c`, and for the rows of the snapshot (1000 + 1000 levels)
    const deltas = rows.filter(({ kind }) => kind === 'book_delta');
    expect(deltas[0]!.cells).toEqual({
      ts: 1723161257434000,
      recv_ts: 1723161256172210,
      seq: 1007198631578,
      first_seq: 1007198631216,
      prev_seq: 1007198631180,
      side: SIDE_BUY,
      price: '2657.70',
      size: '0',
      flags: 0,
    });
    const full = deltas.filter(({ cells }) => Number(cells.flags) & BOOK_SNAPSHOT);
    expect(full).toHaveLength(2000);
    expect(full[0]).toMatchObject({
      record: 26,
      cells: {
        ...{ ts: 1723161257838000, recv_ts: 1723161256612430, seq: 1007198635066, first_seq: null },
        ...{ side: SIDE_BUY, price: '2682.17', size: '159', flags: BOOK_SNAPSHOT | BOOK_RESET },
      },
    });
    expect(full.filter(({ cells }) => Number(cells.flags) & BOOK_RESET)).toHaveLength(1);
    const tickers = rows.filter(({ kind }) => kind === 'book_snapshot');
    expect(tickers).toHaveLength(15812);
    expect(tickers[0]!.cells).toEqual({
      ts: 1723161257450000,
      recv_ts: 1723161256188217,
      seq: 1007198631825,
      bid_price_1: '2682.17',
      bid_size_1: '159',
      ask_price_1: '2682.18',
      ask_size_1: '3794',
    });
    const trades = rows.filter(({ kind }) => kind === 'trades');
    expect(trades).toHaveLength(1732);
    expect(trades[0]!.cells).toEqual({
      ...{ ts: 1723161258762000, recv_ts: 1723161257506125, seq: 805376266 },
      ...{ price: '2682.18', size: '1', side: SIDE_BUY },
    });
  });

  it('tells the market of each message, bare or in an envelope', async () => {
    const { rows, instruments } = await read([
      line(spotDiff, 'ethusdt@depth@100ms'),
      line(usdmDiff),
      line(coinmDiff, 'ethusd_perp@depth'),
      line(trade),
      line({ ...trade, X: undefined, M: true }),
      line(ticker),
      line({ ...ticker, e: 'bookTicker', T: MS - 3, E: MS }),
      line(aggTrade),
      line({ ...aggTrade, M: true }),
    ]);
    const venues = rows.map(({ kind, record, symbol }) => ({ kind, record, symbol }));
    expect(venues).toHaveLength(9);
    expect(instruments.map(({ venue, symbol }) => `${venue} ${symbol}`)).toEqual([
      'binance-spot ETHUSDT',
      'binance-usdm ETHUSDT',
      'binance-coinm ETHUSD_PERP',
      'binance-usdm BTCUSDT',
      'binance-spot BTCUSDT',
    ]);
    const deltas = rows.filter(({ kind }) => kind === 'book_delta');
    // transaction time where there is one
    expect(deltas.map(({ cells }) => cells.ts)).toEqual([MS * 1000, (MS - 6) * 1000, (MS - 6) * 1000]);
    expect(deltas.map(({ cells }) => cells.prev_seq)).toEqual([null, 4, 4]);
    const tickers = rows.filter(({ kind }) => kind === 'book_snapshot');
    // spot's have no time of their own
    expect(tickers.map(({ cells }) => cells.ts)).toEqual([RECEIVED, (MS - 3) * 1000]);
    const sides = rows.filter(({ kind }) => kind === 'trades').map(({ cells }) => cells.side);
    expect(sides).toEqual([SIDE_SELL, SIDE_SELL, SIDE_BUY, SIDE_BUY]);
  });

  it('takes stamps in µs, JSON with blanks, and exact text', async () => {
    const spaced = `${NS} ${JSON.stringify({ ...spotDiff, E: MS * 1000 + 7, b: [['0.00000012', '123456789012.5']] }, null, 1).replaceAll('\n', ' ')}`;
    const { rows } = await read([spaced]);
    expect(rows[0]!.cells).toMatchObject({ ts: MS * 1000 + 7, price: '0.00000012', size: '123456789012.5' });
  });

  it('a message without levels is one row that carries its ids', async () => {
    const { rows } = await read([line({ ...usdmDiff, b: [] }), line({ ...snapshot, bids: [], asks: [] })]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      {
        ...{ ts: (MS - 6) * 1000, recv_ts: RECEIVED, seq: 7, first_seq: 5, prev_seq: 4 },
        ...{ side: 0, price: null, size: null, flags: BOOK_EMPTY },
      },
      {
        ...{ ts: RECEIVED, recv_ts: RECEIVED, seq: 6, first_seq: null, prev_seq: null },
        ...{ side: 0, price: null, size: null, flags: BOOK_EMPTY | BOOK_SNAPSHOT | BOOK_RESET },
      },
    ]);
  });

  it('a snapshot belongs to the depth stream of the capture, also where that comes later', async () => {
    const good = await read([line(snapshot), line(trade), line(spotDiff)]);
    expect(summary(good).filter((text) => / 0 /.test(text))).toEqual([
      'book_delta ETHUSDT 0 good',
      'book_delta ETHUSDT 0 good',
    ]);
    expect(good.instruments[0]!.venue).toBe('binance-spot');
    expect(good.rows.filter(({ record }) => record === 0).map(({ cells }) => cells.flags)).toEqual([
      BOOK_SNAPSHOT | BOOK_RESET,
      BOOK_SNAPSHOT,
    ]);
    // of its answer's time; the book may not have changed for long
    const timed = await read([line({ ...snapshot, E: MS, T: MS - 60_000 }), line(usdmDiff)]);
    expect(timed.rows[0]!.cells.ts).toBe(MS * 1000);
    const two = [line(spotDiff), line({ ...spotDiff, s: 'BTCUSDT' }), line(snapshot)];
    expect(summary(await read(two))[2]).toBe('book_delta undefined 2 bad_instrument');
    expect(summary(await read(two, { symbol: 'BTCUSDT' })).slice(2)).toEqual([
      'book_delta BTCUSDT 2 good',
      'book_delta BTCUSDT 2 good',
    ]);
    const named = [
      line(coinmDiff),
      line(spotDiff),
      line({ ...snapshot, symbol: 'ETHUSD_PERP', pair: 'ETHUSD' }),
    ];
    expect(summary(await read(named))[2]).toBe('book_delta ETHUSD_PERP 2 good');
    // spot and USD-M streams of one symbol: whose it is cannot be told
    const both = [line(spotDiff), line(usdmDiff), line(snapshot)];
    expect(summary(await read(both, { symbol: 'ETHUSDT' }))[2]).toBe('book_delta undefined 2 bad_instrument');
    expect(summary(await read([line(snapshot)]))).toEqual(['book_delta undefined 0 bad_instrument']);
  });

  it('partial depth streams are no diffs and no snapshots', async () => {
    const { rows, skipped } = await read([
      line(usdmDiff, 'ethusdt@depth5@100ms'),
      line(snapshot, 'ethusdt@depth20'),
      line(usdmDiff, 'ethusdt@depth@0ms'),
    ]);
    expect(rows.map(({ record }) => record)).toEqual([2]);
    expect(skipped).toBe(2);
  });

  it('aggTrades count only where there are no trades', async () => {
    const { rows, skipped } = await read([line({ ...aggTrade, s: 'ETHUSDT' }), line(aggTrade), line(trade)]);
    expect(rows.map(({ symbol, cells }) => [symbol, cells.seq])).toEqual([
      ['BTCUSDT', 3],
      ['ETHUSDT', 9],
    ]);
    expect(skipped).toBe(1);
  });

  it('an empty side of a ticker is null', async () => {
    const { rows } = await read([line({ ...ticker, b: '0.00000000', B: '0.00000000' })]);
    expect(rows[0]).toMatchObject({
      ...{ reject: undefined, cells: { bid_price_1: null, bid_size_1: null, ask_price_1: '10.6' } },
    });
  });

  it('skips and counts all other messages', async () => {
    const { rows, skipped } = await read([
      line({ e: 'markPriceUpdate', E: MS, s: 'ETHUSDT', p: '1' }, 'ethusdt@markPrice'),
      line({ e: 'kline', s: 'ETHUSDT', k: { t: 1 } }),
      line({ result: null, id: 1 }),
      line({ stream: 5, data: [1] }),
      line({ e: { trade: 1 } }),
      line({ e: 'forceOrder', o: {} }),
    ]);
    expect(rows).toEqual([]);
    expect(skipped).toBe(6);
  });

  it('one damaged level or id rejects the whole message', async () => {
    const bad: [unknown, string][] = [
      [{ ...usdmDiff, b: [['10', '1'], ['11']] }, 'bad_row'],
      [{ ...usdmDiff, b: { length: 1 } }, 'bad_row'],
      [{ ...usdmDiff, a: undefined }, 'bad_row'],
      [{ ...usdmDiff, a: [['1e3', '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [['0.00', '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [['-1', '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [[10.5, '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [['NaN', '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [['1.123456789012345678901234567890', '1']] }, 'bad_price'],
      [{ ...usdmDiff, a: [['1', '']] }, 'bad_size'],
      [{ ...usdmDiff, a: [['1', '1e999']] }, 'bad_size'],
      [{ ...usdmDiff, a: [['1', { toString: 1 }]] }, 'bad_size'],
      [{ ...usdmDiff, u: 2 ** 53 }, 'bad_value'],
      [{ ...usdmDiff, u: '7' }, 'bad_value'],
      [{ ...usdmDiff, U: 8 }, 'bad_value'],
      [{ ...usdmDiff, U: undefined }, 'bad_value'],
      [{ ...usdmDiff, pu: null }, 'bad_value'],
      [{ ...usdmDiff, T: 'now' }, 'bad_time'],
      [{ ...usdmDiff, T: undefined, E: undefined }, 'bad_time'],
      [{ ...usdmDiff, s: '../x' }, 'bad_instrument'],
      [{ ...usdmDiff, s: { toString: 1 } }, 'bad_instrument'],
      [{ ...usdmDiff, ps: 'ETHUSD' }, 'bad_instrument'],
    ];
    for (const [data, reason] of bad) {
      const { rows, skipped } = await read([line(data)]);
      expect(rows.map(({ kind, reject }) => [kind, reject])).toEqual([['book_delta', reason]]);
      expect(rows[0]!.text).toBe(line(data));
      expect(skipped).toBe(0);
    }
  });

  it('damaged trades and tickers are rejected; a side that is none stays one', async () => {
    const { rows } = await read([
      line({ ...trade, t: -1 }),
      line({ ...trade, s: undefined }),
      line({ ...trade, m: 'x', p: 10.5, q: '' }),
      line({ ...ticker, u: '8' }),
      line({ ...ticker, b: 1 }),
      line({ ...ticker, A: '' }),
      line({ ...ticker, s: 1 }),
    ]);
    const by = (kind: string): unknown[] =>
      rows.filter((row) => row.kind === kind).map(({ reject }) => reject);
    expect(by('trades')).toEqual(['bad_value', 'bad_instrument', undefined]);
    // for the encoder to reject: no price, no size, no known side
    expect(rows[2]!.cells).toMatchObject({ price: null, size: null, side: 255 });
    expect(by('book_snapshot')).toEqual(['bad_value', 'bad_price', 'bad_size', 'bad_instrument']);
  });

  it('lines that are no capture lines are bad rows; a file of none is refused', async () => {
    const lines = [line(trade), '', `${NS} {"e":"trade"`, 'x', `${NS} [1]`, `12 {"e":"trade"}`, line(trade)];
    const { rows } = await read(lines);
    expect(rows.map(({ record, reject }) => [record, reject])).toEqual([
      [0, undefined],
      [2, 'bad_row'],
      [3, 'bad_row'],
      [4, 'bad_row'],
      [5, 'bad_row'],
      [6, undefined],
    ]);
    await expect(read(['\ufefftime,price'])).rejects.toThrow(
      /^capture line 1 time,price must be <local ns> <json>$/,
    );
  });

  it('BOM, CRLF, gzip and `__proto__` keys change nothing', async () => {
    const text = `\ufeff${line(spotDiff)}\r\n${NS} {"__proto__":{"e":"trade"},"constructor":1}\r\n`;
    const { rows, skipped } = await readWith(binanceWebsocket, [files.write('capture.gz', gzipSync(text))]);
    expect(rows.map(({ kind, reject }) => [kind, reject])).toEqual([['book_delta', undefined]]);
    expect(skipped).toBe(1);
  });

  it('every record of a garbled capture is a row, a reject or a skip', async () => {
    const next = random(11);
    const sources = [spotDiff, usdmDiff, coinmDiff, trade, aggTrade, ticker, snapshot].map((data) =>
      line(data),
    );
    const lines = [line(trade)];
    for (let i = 0; i < 3000; i++) {
      const chars = [...sources[Math.floor(next() * sources.length)]!];
      for (let cuts = Math.floor(next() * 4); cuts >= 0; cuts--)
        chars.splice(
          Math.floor(next() * chars.length),
          Math.floor(next() * 3),
          '{}[]",:0-9e\\ \u0000x'[Math.floor(next() * 18)]!,
        );
      lines.push(chars.join('').replaceAll('\n', ' '));
    }
    const { rows, skipped } = await read(lines);
    expect(new Set(rows.map(({ record }) => record)).size + skipped).toBe(lines.length);
    expect(new Set(rows.map(({ reject }) => reject)).size).toBeGreaterThan(4);
  });
});
