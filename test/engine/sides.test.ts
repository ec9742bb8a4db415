import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../../src/core/columns.js';
import type { SideOptions } from '../../src/engine/infer-sides.js';
import { type Opened, type OpenOptions, openTrades } from '../../src/engine/open.js';
import { presentResult } from '../../src/engine/present-result.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData, realData, rowsOf, scratch, volume } from '../ingest/support.js';
import { integerIn, random } from '../support/random.js';

const { path, write } = scratch();
const T0 = 1_700_000_000_000;
let files = 0;
const csv = (head: string, rows: readonly (readonly unknown[])[]): string =>
  write(`f${files++}.csv`, [head, ...rows.map((row) => row.join(','))].join('\n'));
const sidesOf = ({ frame }: Opened): string =>
  rowsOf(frame)
    .map(({ side }) => 'UBS'[side])
    .join('');
const bars = async (opened: Opened): Promise<Readonly<Record<string, string>>> => {
  const { frame, inputHash } = opened;
  const result = await run(
    registry.get('volume-imbalance')!,
    frame,
    { every: '1m' },
    { backend: 'cpu', inputHash },
  );
  return presentResult(result).bars!.metadata;
};

const trades = csv('ts,symbol,price,size,side', [
  [T0 + 10, 'A', 10.01, 1, ''],
  [T0 + 20, 'A', 10.02, 2, 'sell'],
  [T0 + 30, 'A', 10.02, 4, ''],
  [T0 + 40, 'A', 10.01, 8, ''],
  [T0 + 15, 'B', 5, 1, ''],
]);
const quotes = csv('timestamp,symbol,bid_price,ask_price', [
  [T0 + 5, 'A', 10.0, 10.02],
  [T0 + 40, 'A', 10.02, 10.03],
  [T0 + 1, 'C', 10.02, 10.03],
]);

describe('sides are filled in, and labelled', () => {
  it('only on request, and only where a trade has none', async () => {
    expect(sidesOf(await openTrades([trades]))).toBe('USUUU');
    expect(sidesOf(await openTrades([trades], { sides: { rule: 'flag' } }))).toBe('USUUU');
    // the second trade is an up-tick, but its flag stays
    expect(sidesOf(await openTrades([trades], { sides: { rule: 'tick' } }))).toBe('USBSU');
    const quote: SideOptions = { rule: 'quote', quotes: [quotes] };
    expect(sidesOf(await openTrades([trades], { sides: quote }))).toBe('USBUU');
    expect(sidesOf(await openTrades([trades], { sides: { ...quote, at: 'at' } }))).toBe('USBSU');
    expect(sidesOf(await openTrades([trades], { sides: { ...quote, rule: 'lee-ready' } }))).toBe('USBSU');
  });

  it('names the rule, the join and the coverage of the flags in the results', async () => {
    const plain = await bars(await openTrades([trades]));
    expect(plain['steelyard.sides']).toBe('flag');
    // 2 of 15 in A, none in B
    expect(JSON.parse(plain['steelyard.flagCoverage']!)).toEqual({ A: 2 / 15, B: 0 });
    expect(plain['steelyard.sidesQuotes']).toBeUndefined();
    const tick = await bars(await openTrades([trades], { sides: { rule: 'tick' } }));
    expect(tick['steelyard.sides']).toBe('tick');
    expect(tick['steelyard.flagCoverage']).toBe(plain['steelyard.flagCoverage']);
    expect(tick['steelyard.inputHash']).not.toBe(plain['steelyard.inputHash']);
    const joined = await bars(
      await openTrades([trades], {
        sides: { rule: 'lee-ready', quotes: [quotes], lag: 5000, maxAge: 60_000_000 },
      }),
    );
    expect(joined['steelyard.sides']).toBe('lee-ready');
    expect(JSON.parse(joined['steelyard.sidesQuotes']!)).toEqual({ at: 'before', lag: '5ms', maxAge: '1m' });
  });

  it('flags alone cover all: one number, and no rule changes anything', async () => {
    const full = csv('ts,price,size,side', [
      [T0, 10, 1, 'buy'],
      [T0 + 1, 11, 1, 'sell'],
    ]);
    const opened = await openTrades([full], { sides: { rule: 'tick' } });
    expect(opened.inputHash).toBe((await openTrades([full])).inputHash);
    expect((await bars(opened))['steelyard.flagCoverage']).toBe('1');
  });
});

describe('quotes', () => {
  const one = csv('ts,price,size', [
    [T0 + 10, 10.01, 1],
    [T0 + 20, 10.01, 1],
  ]);
  const by = async (
    file: string,
    more: Partial<SideOptions> = {},
    options: OpenOptions = {},
  ): Promise<Opened> => openTrades([one], { ...options, sides: { rule: 'quote', quotes: [file], ...more } });

  it('out of order, with sequence numbers, one-sided, crossed and bad rows, none of them lost', async () => {
    const file = csv('time,bid,ask,seq', [
      [T0 + 15, 10.0, 10.01, 3],
      [T0 + 15, 10.02, 10.03, 2],
      [T0 + 5, 10.02, 10.04, 1],
      [T0 + 30, '', 10.04, 4],
      [T0 + 31, 10.05, 10.04, 5],
      [T0 + 32, -1, 10.04, 6],
      [T0 + 33, 'x', 10.04, 7],
      ['', 10, 10.04, 8],
      [T0 + 34, 10, '1e999', 9],
      [T0 + 35, '123456789012345678901.5', 10.04, 10],
      [T0 + 36, 10],
    ]);
    const opened = await by(file);
    // the later sequence number stands, whatever its place
    expect(sidesOf(opened)).toBe('SB');
    const { ledger, oneSided, crossed } = opened.quotes!;
    expect(ledger).toMatchObject({ rowsRead: 11, rowsKept: 5, outOfOrder: 2 });
    expect(ledger.counts).toEqual({ bad_price: 2, bad_time: 1, inexact: 2, bad_row: 1 });
    expect([oneSided, crossed]).toEqual([1, 1]);
  });

  it('that are crossed or one-sided have no mid until the next one comes; locked ones have', async () => {
    const file = csv('time,bid,ask', [
      [T0 + 5, 10.01, 10.0],
      [T0 + 15, 10.0, 10.0],
    ]);
    expect(sidesOf(await by(file))).toBe('UB');
    expect(
      sidesOf(
        await by(
          csv('time,bid,ask', [
            [T0 + 5, 0, 10.0],
            [T0 + 15, 10.0, 'NaN'],
          ]),
        ),
      ),
    ).toBe('UU');
  });

  it('without a header or with odd names go by the map', async () => {
    const bare = write('bare.csv', `${T0 + 5};10.02;10.04\n${T0 + 15};10;10.01\n`);
    await expect(by(bare)).rejects.toThrow(
      /^bare\.csv column time is missing; pass --quotes-map time=<column>; columns: 0, 1, 2$/,
    );
    expect(sidesOf(await by(bare, { quotesMap: { time: '0', bid: '1', ask: '2' } }))).toBe('SB');
    const odd = csv('when,best,worst', [[T0 + 5, 10.02, 10.04]]);
    expect(sidesOf(await by(odd, { quotesMap: { time: 'when', bid: 'best', ask: 'worst' } }))).toBe('SS');
    await expect(by(odd, { quotesMap: { time: 'when', bid: 'besst' } })).rejects.toThrow(
      /column besst is missing/,
    );
  });

  it('of one other name stand for the single instrument, and it is said; of several none does', async () => {
    const other = csv('time,symbol,bid,ask', [[T0 + 5, 'BTC/USDT', 10.02, 10.04]]);
    const opened = await by(other);
    expect(opened.quotes!.paired).toBe('BTC/USDT');
    expect(sidesOf(opened)).toBe('SS');
    const two = csv('time,symbol,bid,ask', [
      [T0 + 5, 'X', 10.02, 10.04],
      [T0 + 5, 'Y', 10.02, 10.04],
    ]);
    await expect(by(two)).rejects.toThrow(/quotes of X, Y must name an instrument of the trades: f\d+$/);
    const own = await by(two, {}, { instrument: 'Y' });
    expect(own.quotes!.paired).toBeUndefined();
    expect(own.quotes!.ledger).toMatchObject({ rowsRead: 2, rowsKept: 1, filtered: 1 });
    expect(sidesOf(own)).toBe('SS');
  });

  it('that are empty, missing or of no use are one-line errors', async () => {
    const empty = csv('time,bid,ask', []);
    await expect(by(empty)).rejects.toThrow(/^quotes f\d+\.csv is empty: it holds no quotes$/);
    await expect(by(path('none.csv'))).rejects.toThrow(/none\.csv does not exist/);
    await expect(by(csv('time,bid,ask', [['x', 1, 2]]))).rejects.toThrow(/must be a timestamp/);
    await expect(by(csv('time,bid,ask', [[T0, -1, 2]]))).rejects.toThrow(
      /quotes 1 must hold a good one: bad_price 1$/,
    );
    await expect(openTrades([one], { sides: { rule: 'quote' } })).rejects.toThrow('sides quote needs quotes');
    await expect(openTrades([one], { sides: { rule: 'tick', quotes: [one] } })).rejects.toThrow(
      /of no use to sides tick/,
    );
    await expect(openTrades([one], { sides: { rule: 'best' as 'tick' } })).rejects.toThrow(
      /^sides best must be one of flag, tick/,
    );
    await expect(by(quotes, { lag: -1 })).rejects.toThrow(/^quotes lag -1 must be whole microseconds/);
  });

  it('bookTickers of a capture: futures by the exchange time; other messages and shapes are none', async () => {
    const line = (message: unknown, ns = '1700000000000000000'): string => `${ns} ${JSON.stringify(message)}`;
    const ticker = { e: 'bookTicker', u: 5, s: 'X', b: '10.02', B: '1', a: '10.04', A: '1', T: T0 + 5 };
    const capture = write(
      'capture.txt',
      [
        line({ stream: 'x@bookTicker', data: ticker }),
        line({ ...ticker, T: T0 + 15, u: 6, b: '10.00', a: '10.01' }),
        line({ e: '24hrTicker', s: 'X', b: '1', a: '2', u: 1, T: T0 + 16 }),
        line({ e: 'depthUpdate', s: 'X', b: [['1', '2']], a: [], u: 7, T: T0 + 16 }),
        line({ ...ticker, b: 1 }),
        line({ ...ticker, s: null }),
        line(null),
        '1700000000000000000 {"e":"bookTicker","b":"1"',
      ].join('\n'),
    );
    const opened = await by(capture);
    expect(opened.quotes!.ledger).toMatchObject({ rowsRead: 2, rowsKept: 2 });
    expect(sidesOf(opened)).toBe('SB');
    const spot = write('spot.txt', line({ u: 5, s: 'X', b: '10.02', B: '1', a: '10.04', A: '1' }));
    await expect(by(spot)).rejects.toThrow(/bad_time 1; a quote needs the exchange's time$/);
  });
});

describe('prefix invariance', () => {
  it('a row available by a moment has the side it has without all that came later', async () => {
    const next = random(11);
    const late = (ms: number): number => T0 + ms + (next() < 0.3 ? integerIn(next, 0, 60) : 0);
    const rows = Array.from(
      { length: 150 },
      (_, ms) => [T0 + ms, 100 + integerIn(next, -2, 2), 1, late(ms)] as const,
    );
    const book = Array.from({ length: 150 }, (_, ms) => {
      const bid = 99 + integerIn(next, -2, 2);
      return [T0 + ms, bid, next() < 0.1 ? '' : bid + integerIn(next, 0, 3), late(ms)] as const;
    });
    const open = (until: number, rule: 'tick' | 'quote' | 'lee-ready'): Promise<Opened> => {
      const known = <R extends readonly [unknown, unknown, unknown, number]>(list: readonly R[]): R[] =>
        list.filter((row) => row[3] <= until);
      const inputs = [csv('ts,price,size,local_timestamp', known(rows))];
      const joined = rule === 'tick' ? {} : { quotes: [csv('ts,bid,ask,local_timestamp', known(book))] };
      return openTrades(inputs, { instrument: 'X', sides: { rule, ...joined } });
    };
    for (const rule of ['tick', 'quote', 'lee-ready'] as const) {
      const whole = await open(Number.POSITIVE_INFINITY, rule);
      const available = whole.frame.columns.available as Float64Array;
      const full = rowsOf(whole.frame);
      for (const until of [T0 + 20, T0 + 77, T0 + 120]) {
        const part = new Map(rowsOf((await open(until, rule)).frame).map((row) => [row.time, row.side]));
        const settled = full.filter((_, i) => available[i]! <= until * 1000);
        expect(settled.length).toBeGreaterThan(5);
        expect(settled.map((row) => part.get(row.time))).toEqual(settled.map((row) => row.side));
      }
    }
  });
});

describe.skipIf(!haveData)(`sides, ${dataLine}`, () => {
  it('Kraken trades have no side: tick rule, labelled, coverage from flags 0', async () => {
    const inputs = [realData('kraken/BCHEUR.csv'), realData('kraken/incremental_q2/BCHEUR.csv')];
    const map = { time: '0', price: '1', size: '2' };
    expect(volume((await openTrades(inputs, { map })).frame, SIDE_UNKNOWN)).toBe('1461.89091704');
    const opened = await openTrades(inputs, { map, sides: { rule: 'tick' } });
    // by awk over both files, sorted by time: cat BCHEUR.csv incremental_q2/BCHEUR.csv | sort -s -t, -k1,1n | awk -F,
    // '{if(NR>1){if($2>p)d=1;else if($2<p)d=-1} p=$2; v[d]+=$3; n[d]++} END{…}': 352 buys, 281 sells, 1 unknown
    expect(opened.frame.rows).toBe(634);
    expect(volume(opened.frame, SIDE_BUY)).toBe('780.64542777');
    expect(volume(opened.frame, SIDE_SELL)).toBe('680.14100507');
    expect(volume(opened.frame, SIDE_UNKNOWN)).toBe('1.1044842');
    const sides = sidesOf(opened);
    expect(['B', 'S', 'U'].map((side) => sides.split(side).length - 1)).toEqual([352, 281, 1]);
    const metadata = await bars(opened);
    expect(metadata['steelyard.sides']).toBe('tick');
    expect(metadata['steelyard.flagCoverage']).toBe('0');
  });

  it('Parquet quotes of nautilus and CSV quotes of tardis are read as they are', async () => {
    const sides: SideOptions = { rule: 'quote', quotes: [realData('binance-depth/btcusdt-quotes.parquet')] };
    const scales = { tick: '0.01', lot: '0.000001' };
    const opened = await openTrades([realData('binance-depth/btcusdt-trades.parquet')], { ...scales, sides });
    expect(opened.quotes!.ledger).toMatchObject({ rowsRead: 451, rowsKept: 451 });
    expect(opened.quotes!.paired).toBe('BTC/USDT');
    const tardis: SideOptions = {
      rule: 'quote',
      quotes: [realData('tardis/huobi-dm-swap_quotes_BTC-USD.csv')],
    };
    const joined = await openTrades([realData('tardis/bitmex_trades_XBTUSD.csv')], { sides: tardis });
    expect(joined.quotes!.ledger).toMatchObject({ rowsRead: 10, rowsKept: 10 });
    expect(joined.quotes!.mappings[0]!.mapping).toEqual({
      ...{ time: 'timestamp', bid: 'bid_price', ask: 'ask_price', instrument: 'symbol' },
      received: 'local_timestamp',
    });
  });

  it('a capture whose trades have flags is left as it is', async () => {
    const capture = realData('binance-capture/usdm_ethusdt_20240808.gz');
    const opened = await openTrades([capture], { sides: { rule: 'quote', quotes: [capture] } });
    expect(opened.quotes!.ledger).toMatchObject({ rowsRead: 53_992, rowsKept: 53_992 });
    expect(opened.inputHash).toBe((await openTrades([capture])).inputHash);
  });
});
