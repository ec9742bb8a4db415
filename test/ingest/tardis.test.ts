import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Importer } from '../../src/core/importer.js';
import { BOOK_RESET, BOOK_SNAPSHOT } from '../../src/core/kinds.js';
import { tardisBookSnapshot } from '../../src/ingest/tardis-book-snapshot.js';
import { tardisDerivativeTicker } from '../../src/ingest/tardis-derivative-ticker.js';
import { tardisIncrementalBookL2 } from '../../src/ingest/tardis-incremental-book-l2.js';
import { tardisOptionsChain } from '../../src/ingest/tardis-options-chain.js';
import { tardisQuotes } from '../../src/ingest/tardis-quotes.js';
import { tardisTrades } from '../../src/ingest/tardis-trades.js';
import { readWith } from './import-support.js';
import { linesOf, survive } from './mangle.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const KEY = 'exchange,symbol,timestamp,local_timestamp';
const AT = '1583020803145000,1583020803307160';
const TICKER =
  'funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price';
const CHAIN =
  'type,strike_price,expiration,open_interest,last_price,bid_price,bid_amount,bid_iv,ask_price,' +
  'ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,vega,theta,rho';
const option = (
  exchange: string,
  symbol: string,
  type = 'put',
  strike = '9000',
  expiry = '1593158400000000',
) =>
  `${exchange},${symbol},${AT},${type},${strike},${expiry},18.7,0.0605,0.061,3,56.1,,,,0.0617,57.3,BTC-26JUN20,` +
  '8621.7,-0.51,0.00012,13.5,-4.2,-7.1\n';

describe('tardis-trades', () => {
  it.skipIf(!haveData)(`${dataLine}: XBTUSD`, async () => {
    const { rows, skipped, instruments } = await readWith(tardisTrades, [
      realData('tardis/bitmex_trades_XBTUSD.csv'),
    ]);
    expect(skipped).toBe(1);
    // ten lines behind the header: 2152 + 9 · 1 contracts sold (read off the file)
    expect(rows).toHaveLength(10);
    expect(rows.map((row) => row.reject)).toEqual(Array(10).fill(undefined));
    expect(rows.reduce((sum, row) => sum + Number(row.cells.size), 0)).toBe(2161);
    expect(instruments).toEqual([{ venue: 'bitmex', symbol: 'XBTUSD' }]);
    expect(rows[0]!.cells).toEqual({
      ts: 1583020803145000,
      recv_ts: 1583020803307160,
      seq: null,
      trade_id: 'ccc3c1fa-212c-e8b0-1706-9b9c4f3d5ecf',
      price: '8531.5',
      size: '2152',
      side: 2,
    });
  });

  it('tells ids that are numbers from texts, and sides from what is none', async () => {
    const ids = ['7', '007', '9007199254740991', '9007199254740993', ''];
    const sides = ['buy', 'sell', 'unknown', 'Buy', 'up'];
    const text = ids.map((id, i) => `binance,a/../b,${AT},${id},${sides[i]},1e-7,0.1`).join('\n');
    const path = files.write(
      'binance_trades_2020-03-01_X.csv.gz',
      gzipSync(`\ufeff${KEY},id,side,price,amount\r\n${text}\r\n`),
    );
    const { rows, instruments } = await readWith(tardisTrades, [path]);
    expect(rows.map((row) => row.cells.seq)).toEqual([7, null, 9007199254740991, null, null]);
    expect(rows.map((row) => row.cells.trade_id)).toEqual([null, '007', null, '9007199254740993', null]);
    expect(rows.map((row) => row.cells.side)).toEqual([1, 2, 0, 1, 0]);
    expect(rows.map((row) => row.reject)).toEqual([undefined, undefined, undefined, undefined, 'bad_side']);
    expect(rows[0]!.cells).toMatchObject({ price: '1e-7', size: '0.1' });
    expect(instruments).toEqual([{ venue: 'binance', symbol: 'a/../b' }]);
  });

  it('rejects rows without instrument or time, and short ones', async () => {
    const path = files.write(
      'x.csv',
      `${KEY},id,side,price,amount\n,XBTUSD,${AT},1,buy,1,1\nbitmex,,${AT},1,buy,1,1\nbitmex,X,,,1,buy,1,1\n` +
        `bitmex,X,1583020803145000,soon,1,buy,1,1\nbitmex,X,${AT},1,buy,1\nbitmex,X,${AT},1,buy,1,1,1\n`,
    );
    const { rows } = await readWith(tardisTrades, [path]);
    const reasons = ['bad_instrument', 'bad_instrument', 'bad_time', 'bad_time', 'bad_row', 'bad_row'];
    expect(rows.map((row) => row.reject)).toEqual(reasons);
  });

  it('refuses other files, and takes from a folder what is of its type', async () => {
    const path = files.write('y.csv', 'time,price\n1,2\n');
    await expect(readWith(tardisTrades, [path])).rejects.toThrow(/^y\.csv header time,price must name/);
    expect(tardisTrades.files.test('deribit_trades_2020-04-01_BTC-PERPETUAL.csv.gz')).toBe(true);
    expect(tardisTrades.files.test('BTC-PERPETUAL.csv.gz')).toBe(true);
    expect(tardisTrades.files.test('deribit_quotes_2020-04-01_BTC-PERPETUAL.csv.gz')).toBe(false);
    expect(tardisQuotes.files.test('deribit_quotes_2020-04-01_BTC-PERPETUAL.csv.gz')).toBe(true);
    expect(tardisBookSnapshot.files.test('deribit_book_snapshot_25_2020-04-01_X.csv')).toBe(true);
  });
});

describe('tardis-quotes', () => {
  it.skipIf(!haveData)(`${dataLine}: BTC-USD`, async () => {
    const { rows, instruments } = await readWith(tardisQuotes, [
      realData('tardis/huobi-dm-swap_quotes_BTC-USD.csv'),
    ]);
    expect(rows).toHaveLength(10);
    expect(rows.every((row) => row.reject === undefined && row.kind === 'book_snapshot')).toBe(true);
    expect(instruments).toEqual([{ venue: 'huobi-dm-swap', symbol: 'BTC-USD' }]);
    expect(rows[9]!.cells).toEqual({
      ts: 1588291201814000,
      recv_ts: 1588291201927888,
      bid_price_1: '8629.2',
      bid_size_1: '847',
      ask_price_1: '8629.3',
      ask_size_1: '5411',
    });
  });

  it('leaves an empty side null', async () => {
    const path = files.write('q.csv', `${KEY},ask_amount,ask_price,bid_price,bid_amount\nx,y,${AT},,,5,0\n`);
    const { rows } = await readWith(tardisQuotes, [path]);
    expect(rows[0]!.reject).toBeUndefined();
    expect(rows[0]!.cells).toMatchObject({
      ...{ bid_price_1: '5', bid_size_1: '0', ask_price_1: null, ask_size_1: null },
    });
  });
});

describe('tardis-incremental-book-l2', () => {
  it.skipIf(!haveData)(`${dataLine}: BTC-PERPETUAL`, async () => {
    const { rows } = await readWith(tardisIncrementalBookL2, [
      realData('tardis/deribit_incremental_book_L2_BTC-PERPETUAL.csv'),
    ]);
    // fifteen asks of one snapshot, from 6421.5 up
    expect(rows).toHaveLength(15);
    expect(rows.map((row) => row.cells.flags)).toEqual([
      BOOK_SNAPSHOT | BOOK_RESET,
      ...Array(14).fill(BOOK_SNAPSHOT),
    ]);
    expect(rows[0]!.cells).toMatchObject({ ts: 1585699200245000, side: 2, price: '6421.5', size: '18640' });
    expect(rows.every((row) => row.reject === undefined && row.cells.side === 2)).toBe(true);
  });

  const read = async (...lines: readonly string[]) =>
    readWith(tardisIncrementalBookL2, [
      files.write('l2.csv', `${KEY},is_snapshot,side,price,amount\n${lines.join('\n')}\n`),
    ]);

  it('clears the book at each run of snapshot rows of an instrument', async () => {
    const row = (symbol: string, snapshot: boolean, rest: string) =>
      `deribit,${symbol},${AT},${snapshot},${rest}`;
    const { rows } = await read(
      row('A', true, 'bid,10,1'),
      row('B', true, 'ask,20,1'),
      row('A', true, 'ask,11,1'),
      row('A', false, 'ask,11,0'),
      row('B', true, 'bid,19,1'),
      row('A', true, 'bid,9,1'),
    );
    const first = BOOK_SNAPSHOT | BOOK_RESET;
    expect(rows.map((r) => r.cells.flags)).toEqual([first, first, BOOK_SNAPSHOT, 0, BOOK_SNAPSHOT, first]);
    expect(rows.map((r) => r.cells.side)).toEqual([1, 2, 2, 2, 1, 1]);
    expect(rows[3]!.cells.size).toBe('0');
  });

  it('goes on with a run across batches', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `x,${i % 2 ? 'B' : 'A'},${AT},true,bid,${i + 1},1`,
    );
    const { rows } = await read(...lines);
    expect(rows).toHaveLength(20_000);
    const resets = rows.flatMap((row, i) => (Number(row.cells.flags) & BOOK_RESET ? [i] : []));
    expect(resets).toEqual([0, 1]);
    expect(rows.every((row) => row.reject === undefined)).toBe(true);
  });

  it('hands the reset on when the first row of a snapshot is rejected', async () => {
    const { rows } = await read(
      `x,A,${AT},true,bid,-10,1`,
      `x,A,${AT},true,bid,9,-1`,
      `x,A,${AT},true,buy,9,1`,
      `x,A,soon,,true,bid,9,1`,
      `x,A,${AT},yes,bid,9,1`,
      `x,A,${AT},true,bid,,1`,
      `x,A,${AT},true,bid,8,1`,
      `x,A,${AT},true,bid,7,1`,
    );
    expect(rows.map((r) => r.reject)).toEqual([
      ...['bad_price', 'bad_size', 'bad_side', 'bad_time', 'bad_value', 'bad_price'],
      ...[undefined, undefined],
    ]);
    expect(rows.map((r) => r.cells.flags)).toEqual([
      0,
      0,
      0,
      0,
      0,
      0,
      BOOK_SNAPSHOT | BOOK_RESET,
      BOOK_SNAPSHOT,
    ]);
  });

  it('marks the next good row when no row of a snapshot is good', async () => {
    const { rows } = await read(
      `x,A,${AT},true,bid,0,1`,
      `x,A,${AT},false,bid,9,1`,
      `x,A,${AT},false,bid,8,1`,
    );
    expect(rows.map((r) => r.cells.flags)).toEqual([0, BOOK_RESET, 0]);
  });
});

describe('tardis-book-snapshot', () => {
  it.skipIf(!haveData)(`${dataLine}: five levels of book_snapshot_25 are book_snapshot_5`, async () => {
    const of = async (depth: number) =>
      (
        await readWith(tardisBookSnapshot, [
          realData(`tardis/binance-futures_book_snapshot_${depth}_BTCUSDT.csv`),
        ])
      ).rows;
    const five = await of(5);
    const deep = await of(25);
    expect([five.length, deep.length]).toEqual([10, 10]);
    expect([...five, ...deep].every((row) => row.reject === undefined)).toBe(true);
    expect(Object.keys(deep[0]!.cells)).toHaveLength(2 + 4 * 25);
    expect(deep[0]!.cells).toMatchObject({ ask_price_6: '11658.09', ask_size_6: '1.015' });
    // the deep file has more rows of the same time: between two rows of the other the top five stay
    let compared = 0;
    for (const row of deep) {
      const same = five.filter((top) => top.cells.recv_ts! <= row.cells.recv_ts!).at(-1)!;
      for (let level = 1; level <= 5; level++)
        for (const name of ['bid_price', 'bid_size', 'ask_price', 'ask_size'])
          expect(row.cells[`${name}_${level}`]).toBe(same.cells[`${name}_${level}`]);
      compared += row.cells.recv_ts === same.cells.recv_ts ? 1 : 0;
    }
    // local stamps both files have, by `comm` of their sorted fourth columns
    expect(compared).toBe(4);
  });

  it('takes any depth from the header, and missing levels as null', async () => {
    const level = (n: number) => `asks[${n}].price,asks[${n}].amount,bids[${n}].price,bids[${n}].amount`;
    const path = files.write('s.csv', `${KEY},${level(0)},${level(1)}\nx,y,${AT},11,1,10,2,,,9,3\n`);
    const { rows } = await readWith(tardisBookSnapshot, [path]);
    expect(rows[0]!.cells).toMatchObject({
      ...{ ask_price_1: '11', ask_size_1: '1', bid_price_1: '10', bid_size_1: '2' },
      ...{ ask_price_2: null, ask_size_2: null, bid_price_2: '9', bid_size_2: '3' },
    });
  });

  it('refuses a header without levels, with a hole, or with too many', async () => {
    const read = (header: string) =>
      readWith(tardisBookSnapshot, [files.write('bad.csv', `${KEY}${header}\n`)]);
    await expect(read('')).rejects.toThrow(/^bad\.csv levels 0 must be 1 to 200/);
    await expect(read(',asks[999999999].price')).rejects.toThrow(/levels 1000000000 must be 1 to 200/);
    await expect(read(',asks[0].price,asks[0].amount,bids[0].price')).rejects.toThrow(
      /column bids\[0\]\.amount is missing/,
    );
  });
});

describe('tardis-derivative-ticker', () => {
  it('reads open interest, funding and prices; what is not there is null', async () => {
    const path = files.write(
      'bitmex_derivative_ticker_2020-03-01_XBTUSD.csv',
      `${KEY},${TICKER}\nbitmex,XBTUSD,${AT},1583035200000000,-0.000345,0.0001,1000123,8531.5,8530.1,8531.02\n` +
        `bitmex,XBTUSD,${AT},,,,,,,\nbitmex,XBTUSD,${AT},,x,,,,,\nbitmex,XBTUSD,${AT},,,,-1,,,\n`,
    );
    const { rows } = await readWith(tardisDerivativeTicker, [path]);
    expect(rows.map((row) => row.reject)).toEqual([undefined, undefined, 'bad_value', 'bad_value']);
    expect(rows[0]!.cells).toEqual({
      ...{ ts: 1583020803145000, recv_ts: 1583020803307160, interval: 0 },
      ...{ oi_contracts: 1000123, funding: -0.000345, mark: 8531.02, index: 8530.1, last: 8531.5 },
    });
    expect(rows[1]!.cells).toMatchObject({ oi_contracts: null, funding: null, mark: null });
  });
});

describe('tardis-options-chain', () => {
  it('reads states, volatilities as fractions: per cent on deribit, fractions elsewhere', async () => {
    const path = files.write(
      'deribit_options_chain_2020-03-01_OPTIONS.csv',
      `${KEY},${CHAIN}\n` +
        option('deribit', 'BTC-26JUN20-9000-P') +
        option('okex-options', 'BTC-USD-200626-9000-C', 'call'),
    );
    const { rows, instruments } = await readWith(tardisOptionsChain, [path]);
    expect(rows.map((row) => row.reject)).toEqual([undefined, undefined]);
    expect(instruments[0]).toEqual({
      venue: 'deribit',
      symbol: 'BTC-26JUN20-9000-P',
      option: { expiry: 1593158400000000, strike: 9000, cp: 'P' },
    });
    expect(rows[0]!.cells).toEqual({
      ...{ ts: 1583020803145000, recv_ts: 1583020803307160, expiry: 1593158400000000, strike: 9000, cp: 'P' },
      ...{ underlying_index: 'BTC-26JUN20', underlying: 8621.7, open_interest: 18.7, last: 0.0605 },
      ...{ bid: 0.061, bid_size: 3, ask: null, ask_size: null, mark: 0.0617 },
      ...{ bid_iv: 0.561, ask_iv: null, mark_iv: 0.573 },
      ...{ delta: -0.51, gamma: 0.00012, vega: 13.5, theta: -4.2, rho: -7.1 },
    });
    expect(rows[1]!.cells).toMatchObject({ cp: 'C', bid_iv: 56.1 });
    const forced = await readWith(tardisOptionsChain, [path], { iv: 'percent' });
    expect(forced.rows.map((row) => row.cells.bid_iv)).toEqual([0.561, 0.561]);
  });

  it('rejects what names no option', async () => {
    const path = files.write(
      'o.csv',
      `${KEY},${CHAIN}\n` +
        option('deribit', 'A', 'future') +
        option('deribit', 'A', 'put', '-1') +
        option('deribit', 'A', 'put', '1', 'x') +
        option('', 'A') +
        option('deribit', 'A').replace('13.5', '1e999') +
        option('deribit', 'A').replace('8621.7', '-8621.7'),
    );
    const { rows } = await readWith(tardisOptionsChain, [path]);
    expect(rows.map((row) => row.reject)).toEqual([
      ...Array(4).fill('bad_instrument'),
      ...['bad_value', 'bad_value'],
    ]);
  });
});

describe('hostile tardis.dev files', () => {
  const body: readonly (readonly [Importer, string, string])[] = [
    [tardisTrades, 'id,side,price,amount', `bitmex,X,${AT},1,buy,1.5,2\nbitmex,Y,${AT},ab-c,sell,1,2\n`],
    [tardisQuotes, 'ask_amount,ask_price,bid_price,bid_amount', `x,y,${AT},1,2,1,1\nx,y,${AT},1,2,,\n`],
    [
      tardisIncrementalBookL2,
      'is_snapshot,side,price,amount',
      `x,y,${AT},true,bid,1,1\nx,y,${AT},false,ask,1,0\n`,
    ],
    [
      tardisBookSnapshot,
      'asks[0].price,asks[0].amount,bids[0].price,bids[0].amount',
      `x,y,${AT},1,2,1,1\nx,y,${AT},1,2,,\n`,
    ],
    [tardisDerivativeTicker, TICKER, `x,y,${AT},1583035200000000,0.1,0.1,5,6,7,8\n`],
    [tardisOptionsChain, CHAIN, option('deribit', 'A') + option('okex', 'B', 'call')],
  ];
  for (const [importer, header, lines] of body)
    it(importer.name, async () => {
      const sample = `${KEY},${header}\n${lines.repeat(6)}`;
      const { read, rejected } = await survive(importer, files.write, 'hostile.csv', sample, 200, linesOf);
      expect(read).toBeGreaterThan(50);
      expect(rejected).toBeGreaterThan(20);
    });
});
