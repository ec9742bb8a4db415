import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import type { Importer } from '../../src/core/importer.js';
import { binanceAggTrades } from '../../src/ingest/binance-aggtrades.js';
import { binanceBookDepth } from '../../src/ingest/binance-bookdepth.js';
import { binanceDepth } from '../../src/ingest/binance-depth.js';
import { binanceFunding } from '../../src/ingest/binance-funding.js';
import { binanceKlines } from '../../src/ingest/binance-klines.js';
import { binanceMetrics } from '../../src/ingest/binance-metrics.js';
import { binanceTrades } from '../../src/ingest/binance-trades.js';
import { zipOf } from '../support/zip.js';
import { readWith } from './import-support.js';
import { scratch } from './support.js';

// Rows here are synthetic: written by hand to the columns that the vendor documents.
const files = scratch();
const T = 1704412800000;

const readText = (importer: Importer, name: string, lines: readonly string[], params = {}) =>
  readWith(importer, [files.write(name, lines.join('\n'))], params);

const rejects = (read: { rows: { reject: string | undefined }[] }) => read.rows.map(({ reject }) => reject);

describe('binance-aggtrades', () => {
  const HEADER = 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';
  const name = 'ETHUSDT-aggTrades-2024-01-05.csv';

  it('spot: no header, eight columns, ms', async () => {
    const { rows, instruments, skipped } = await readText(binanceAggTrades, name, [
      `7,2268.10000000,0.50000000,9,11,${T},True,True`,
      `8,2268.20,1,12,12,${T + 1},False,True`,
    ]);
    expect(skipped).toBe(0);
    expect(instruments).toEqual([{ symbol: 'ETHUSDT', venue: 'binance-spot', contract: 'linear' }]);
    expect(rows.map(({ kind, symbol, record, cells }) => ({ kind, symbol, record, ...cells }))).toEqual([
      // the buyer was the maker: the taker sold
      {
        ...{ kind: 'trades', symbol: 'ETHUSDT', record: 0, ts: T * 1000, seq: 7 },
        price: '2268.10000000',
        size: '0.50000000',
        side: SIDE_SELL,
      },
      {
        ...{ kind: 'trades', symbol: 'ETHUSDT', record: 1, ts: (T + 1) * 1000, seq: 8 },
        price: '2268.20',
        size: '1',
        side: SIDE_BUY,
      },
    ]);
    expect(rejects({ rows })).toEqual([undefined, undefined]);
  });

  it('futures: with header, seven columns; the header is counted, records are lines', async () => {
    const { rows, instruments, skipped } = await readText(binanceAggTrades, name, [
      `\uFEFF${HEADER}\r`,
      `26129,0.01633102,4.70443515,27781,27781,${T},true\r`,
      '\r',
      `"26130","0.01633103","2","27782","27783","${T}","false"`,
    ]);
    expect(skipped).toBe(1);
    expect(instruments).toEqual([{ symbol: 'ETHUSDT', venue: 'binance-usdm', contract: 'linear' }]);
    expect(rows.map(({ record, cells }) => [record, cells.seq, cells.price, cells.size, cells.side])).toEqual(
      [
        [1, 26129, '0.01633102', '4.70443515', SIDE_SELL],
        [3, 26130, '0.01633103', '2', SIDE_BUY],
      ],
    );
  });

  it('a header may be in any order, with columns of its own', async () => {
    const { rows } = await readText(binanceAggTrades, name, [
      'is_buyer_maker,extra,transact_time,last_trade_id,first_trade_id,quantity,price,agg_trade_id',
      `1,x,${T}000,2,1,3,4,5`,
    ]);
    expect(rows[0]!.cells).toEqual({ ts: T * 1000, seq: 5, price: '4', size: '3', side: SIDE_SELL });
  });

  it('takes every spelling of the maker flag, and µs', async () => {
    const flags = ['true', 'True', 'TRUE', '1', 'false', 'False', 'FALSE', '0', '', 'yes', 'null', '2'];
    const { rows } = await readText(
      binanceAggTrades,
      name,
      flags.map((flag) => `1,2,3,4,5,${T}123,${flag},True`),
    );
    expect(rows.map(({ cells }) => cells.side)).toEqual([
      ...Array(4).fill(SIDE_SELL),
      ...Array(4).fill(SIDE_BUY),
      ...Array(4).fill(255),
    ]);
    expect(new Set(rows.map(({ cells }) => cells.ts))).toEqual(new Set([T * 1000 + 123]));
  });

  it('keeps 30 digits as they are, and rejects records that are no aggregates', async () => {
    const long = '123456789012345678901234567890';
    const read = await readText(binanceAggTrades, name, [
      `1,${long}.5,0.${long},1,1,${T},true,true`,
      `9007199254740993,1,1,1,1,${T},true,true`,
      `-1,1,1,1,1,${T},true,true`,
      `,1,1,1,1,${T},true,true`,
      `1,1,1,1,1,${T},true,true,more`,
      `1,1,1,1,1,${T}`,
      `"1,1,1,1,1,${T},true`,
      `1,1,1,1,1,1704412800,true,true`,
    ]);
    expect(rejects(read)).toEqual([
      undefined,
      'bad_value',
      'bad_value',
      'bad_value',
      'bad_row',
      'bad_row',
      'bad_row',
      undefined,
    ]);
    expect(read.rows[0]!.cells).toMatchObject({ price: `${long}.5`, size: `0.${long}` });
    // a stamp in seconds is none of the archive
    expect(read.rows[7]!.cells.ts).toBeNull();
  });

  it('reads no other file: names a missing column, and takes no time from an id', async () => {
    await expect(
      readText(binanceAggTrades, name, ['id,price,qty,quote_qty,time,is_buyer_maker', '1,2,3,4,5,true']),
    ).rejects.toThrow(/csv column agg_trade_id is missing; found: id, price, qty/);
    await expect(
      readText(binanceAggTrades, name, ['agg_trade_id,price,quantity,transact_time,is_buyer_maker']),
    ).rejects.toThrow(
      /^ETHUSDT-aggTrades-2024-01-05\.csv column first_trade_id is missing; found: agg_trade_id/,
    );
    // aggregates read as trades: ids of ten digits stand where trades have their time
    const { rows } = await readText(binanceTrades, name, [`1,2,3,3300000000,3300000001,${T},true`]);
    expect(rows[0]!.cells.ts).toBeNull();
  });
});

describe('binance-trades', () => {
  it('spot and futures columns', async () => {
    const spot = await readText(binanceTrades, 'BNBUSDT-trades-2020-03.csv', [
      '51175358,17.80180000,5.69000000,101.29224200,1583709433583,True,True',
    ]);
    expect(spot.instruments[0]!.venue).toBe('binance-spot');
    expect(spot.rows[0]!.cells).toEqual({
      ...{ ts: 1583709433583000, seq: 51175358, price: '17.80180000', size: '5.69000000', side: SIDE_SELL },
    });
    const futures = await readText(binanceTrades, 'BNBUSDT-trades-2020-03.csv', [
      'id,price,qty,quote_qty,time,is_buyer_maker',
      '28457,4.00000100,12.00000000,48.00,1499865549590,false',
    ]);
    expect(futures.instruments[0]!.venue).toBe('binance-usdm');
    expect(futures.skipped).toBe(1);
    expect(futures.rows[0]!.cells).toEqual({
      ...{ ts: 1499865549590000, seq: 28457, price: '4.00000100', size: '12.00000000', side: SIDE_BUY },
    });
    const rest = await readText(binanceTrades, 'BNBUSDT-trades.csv', [
      'id,price,qty,quoteQty,time,isBuyerMaker,isBestMatch',
      '1,2,3,6,1499865549590,true,true',
    ]);
    expect([rest.skipped, rest.rows[0]!.cells.seq, rest.instruments[0]!.venue]).toEqual([
      1,
      1,
      'binance-spot',
    ]);
  });

  it('COIN-M: by its name, with face value and expiry', async () => {
    const lines = [
      'id,price,qty,base_qty,time,is_buyer_maker',
      '28457,9635.0,1,0.01037883,1591250192508,true',
    ];
    const instrumentOf = async (name: string, params = {}) =>
      (await readText(binanceTrades, name, lines, params)).instruments[0];
    expect(await instrumentOf('BTCUSD_PERP-trades-2020-06-04.csv')).toEqual({
      ...{ symbol: 'BTCUSD_PERP', venue: 'binance-coinm', contract: 'inverse' },
      multiplier: { coef: 100, scale: 0 },
    });
    expect(await instrumentOf('ETHUSD_240927-trades-2024-06-04.csv')).toEqual({
      ...{ symbol: 'ETHUSD_240927', venue: 'binance-coinm', contract: 'inverse' },
      multiplier: { coef: 10, scale: 0 },
      expiry: Date.UTC(2024, 8, 27, 8) * 1000,
    });
    // dated, but of USD-M
    expect(await instrumentOf('BTCUSDT_240927-trades-2024-06-04.csv')).toEqual({
      ...{ symbol: 'BTCUSDT_240927', venue: 'binance-usdm', contract: 'linear' },
      expiry: Date.UTC(2024, 8, 27, 8) * 1000,
    });
    expect(await instrumentOf('x.csv', { symbol: 'BTCUSD_PERP' })).toMatchObject({ contract: 'inverse' });
    await expect(instrumentOf('BTCUSDT-trades.csv', { market: 'coinm' })).rejects.toThrow(
      'coinm symbol BTCUSDT must be named as BTCUSD_PERP or ETHUSD_240927 are',
    );
    expect(await instrumentOf('BTCUSDT-trades.csv', { market: 'spot' })).toMatchObject({
      venue: 'binance-spot',
    });
  });

  it('the file name must tell the symbol, or it must be given', async () => {
    const lines = ['1,2,3,6,1499865549590,true,true'];
    for (const name of [
      'trades.csv',
      '2024-01-05.csv',
      'my-ETHUSDT.csv',
      '__proto__.csv',
      'ETH USDT-trades.csv',
      '-trades.csv',
    ])
      await expect(readText(binanceTrades, name, lines), name).rejects.toThrow(
        /^file name .* must begin with the symbol/,
      );
    for (const name of ['1000SATSUSDT-trades.csv', 'ETHUSDT', '币安人生USDT-trades-2025-11-01.csv'])
      expect((await readText(binanceTrades, name, lines)).instruments[0]!.symbol).toBe(
        name.replace(/[-.].*/, ''),
      );
    await expect(readText(binanceTrades, 'x.csv', lines, { symbol: '../x' })).rejects.toThrow(
      'binance-trades symbol ../x must be a symbol such as ETHUSDT',
    );
  });
});

describe('binance-bookdepth', () => {
  const name = 'BTCUSDT-bookDepth-2024-01-05.csv';
  it('bands in either layout of the percentage', async () => {
    const { rows, instruments, skipped } = await readText(binanceBookDepth, name, [
      'timestamp,percentage,depth,notional',
      '2024-01-05 00:00:10,-5,6789.12300000,290123456.78900000',
      '2024-01-05 00:00:10,-0.20,12.5,550000.25',
      '2024-01-05 00:00:10,5.00,7000,310000000',
    ]);
    expect(skipped).toBe(1);
    expect(instruments).toEqual([{ symbol: 'BTCUSDT', venue: 'binance-usdm', contract: 'linear' }]);
    const ts = Date.UTC(2024, 0, 5, 0, 0, 10) * 1000;
    expect(rows.map(({ cells }) => cells)).toEqual([
      { ts, percentage: -5, depth: 6789.123, notional: 290123456.789 },
      { ts, percentage: -0.2, depth: 12.5, notional: 550000.25 },
      { ts, percentage: 5, depth: 7000, notional: 310000000 },
    ]);
  });

  it('unreadable cells: null and rejected, never 0', async () => {
    const read = await readText(binanceBookDepth, name, [
      '2024-01-05 00:00:10,-1,,',
      '2024-01-05 00:00:10,-1,-2,3',
      '2024-01-05 00:00:10,-1,NaN,3',
      '2024-01-05 00:00:10,-1,1e999,3',
      '2024-02-30 00:00:10,x,1,1',
    ]);
    expect(rejects(read)).toEqual([undefined, 'bad_value', 'bad_value', 'bad_value', undefined]);
    expect(read.rows[0]!.cells).toMatchObject({ depth: null, notional: null });
    expect(read.rows[4]!.cells).toMatchObject({ ts: null, percentage: null });
  });
});

describe('binance-metrics', () => {
  const HEADER =
    'create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio';
  it('open interest of an instant, ratios beside it', async () => {
    const { rows, instruments } = await readText(binanceMetrics, 'ACEUSDT-metrics-2025-01-21.csv', [
      HEADER,
      '2025-01-21 00:05:00,ACEUSDT,2310973.7900000000000000,3669133.0863830000000000,4.24734982,2.26803000,2.72141015,0.69236000',
      '2025-01-21 00:10:00,ACEUSDT,2310973.79,3669133.08,"",,"",',
    ]);
    expect(instruments).toEqual([{ symbol: 'ACEUSDT', venue: 'binance-usdm', contract: 'linear' }]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      {
        ...{
          ts: Date.UTC(2025, 0, 21, 0, 5) * 1000,
          interval: 0,
          oi_contracts: 2310973.79,
          oi_usd: 3669133.086383,
        },
        ...{
          top_account_ratio: 4.24734982,
          top_position_ratio: 2.26803,
          account_ratio: 2.72141015,
          taker_ratio: 0.69236,
        },
      },
      {
        ...{
          ts: Date.UTC(2025, 0, 21, 0, 10) * 1000,
          interval: 0,
          oi_contracts: 2310973.79,
          oi_usd: 3669133.08,
        },
        ...{ top_account_ratio: null, top_position_ratio: null, account_ratio: null, taker_ratio: null },
      },
    ]);
  });

  it('COIN-M: dollars are contracts · face value', async () => {
    const { rows, instruments } = await readText(binanceMetrics, 'BTCUSD_PERP-metrics-2024-01-05.csv', [
      '2024-01-05 00:05:00,BTCUSD_PERP,20403,211.5,1,1,1,1',
      '2024-01-05 00:05:00,ETHUSD_PERP,20403,211.5,1,1,1,1',
    ]);
    expect(instruments.map(({ venue }) => venue)).toEqual(['binance-coinm', 'binance-coinm']);
    expect(rows.map(({ cells }) => [cells.oi_contracts, cells.oi_usd])).toEqual([
      [20403, 2040300],
      [20403, 204030],
    ]);
  });

  it('columns swapped or unreadable declare no instrument and lose no row', async () => {
    const read = await readText(binanceMetrics, 'x.csv', [
      HEADER,
      'ACEUSDT,2025-01-21 00:05:00,1,1,1,1,1,1',
      '2025-01-21 00:05:00,,1,1,1,1,1,1',
      '2025-01-21 00:05:00,../../x,1,1,1,1,1,1',
      '2025-01-21 00:05:00,__proto__,1,1,1,1,1,1',
      '2025-01-21 00:05:00,ACEUSDT,one,1,1,1,1,1',
      '2025-01-21 00:05:00,ACEUSDT,1',
    ]);
    expect(read.instruments.map(({ symbol }) => symbol)).toEqual(['ACEUSDT']);
    expect(read.rows.map(({ symbol, reject }) => [symbol, reject])).toEqual([
      ...Array(4).fill([undefined, undefined]),
      ['ACEUSDT', 'bad_value'],
      [undefined, 'bad_row'],
    ]);
  });
});

describe('binance-funding', () => {
  it('archive: the jitter of the time stays', async () => {
    const { rows, instruments, skipped } = await readText(binanceFunding, 'BTCUSDT-fundingRate-2024-01.csv', [
      'calc_time,funding_interval_hours,last_funding_rate',
      '1704067200000,8,0.00037409',
      '1704096000001,8,-0.00011',
    ]);
    expect(skipped).toBe(1);
    expect(instruments).toEqual([{ symbol: 'BTCUSDT', venue: 'binance-usdm', contract: 'linear' }]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      { ts: 1704067200000000, rate: 0.00037409, interval: 8 * 3600e6, mark: null },
      { ts: 1704096000001000, rate: -0.00011, interval: 8 * 3600e6, mark: null },
    ]);
  });

  it('REST columns: symbols in the rows, mark prices, no interval', async () => {
    const { rows, instruments } = await readText(binanceFunding, 'all.csv', [
      'symbol,fundingTime,fundingRate,markPrice',
      'BTCUSDT,1698768000000,0.00010000,34287.54619963',
      'BTCUSD_PERP,1698768000000,0.0001,',
    ]);
    expect(instruments.map(({ symbol, venue }) => [symbol, venue])).toEqual([
      ['BTCUSDT', 'binance-usdm'],
      ['BTCUSD_PERP', 'binance-coinm'],
    ]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      { ts: 1698768000000000, rate: 0.0001, interval: null, mark: 34287.54619963 },
      { ts: 1698768000000000, rate: 0.0001, interval: null, mark: null },
    ]);
  });

  it('rejects intervals of no hours', async () => {
    const bad = ['0', '-8', '8.5', '1e3', '99999999', 'x'];
    const read = await readText(
      binanceFunding,
      'BTCUSDT.csv',
      bad.map((hours) => `1704067200000,${hours},0.0001`),
    );
    expect(rejects(read)).toEqual(bad.map(() => 'bad_value'));
    const open = await readText(binanceFunding, 'BTCUSDT.csv', ['1704067200000,,', '1704067200,8,0.1']);
    expect(open.rows.map(({ cells }) => [cells.ts, cells.interval, cells.rate])).toEqual([
      [1704067200000000, null, null],
      [null, 8 * 3600e6, 0.1],
    ]);
  });
});

describe('hostile inputs', () => {
  const importers = [
    ...[
      binanceAggTrades,
      binanceTrades,
      binanceKlines,
      binanceBookDepth,
      binanceMetrics,
      binanceFunding,
      binanceDepth,
    ],
  ];
  const lines = (bytes: Buffer): number =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '' && line !== '\r').length;

  it.each(importers.map((importer) => [importer.name, importer] as const))(
    '%s: every line of random bytes or shuffled cells is a row or skipped, zipped too',
    async (_, importer) => {
      let seed = 11;
      const random = (n: number): number => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return Math.floor((seed / 2 ** 32) * n);
      };
      const cells = [
        'NaN',
        '1e999',
        '-1',
        '',
        '""',
        '"',
        'true',
        '1704412800000',
        '9'.repeat(40),
        '__proto__',
        'ETHUSDT',
        '2024-01-05 00:00:00',
        'snap',
        'b',
        '0.1',
        ' 1 ',
        '\t',
        '\0',
      ];
      const noise = (): Buffer => Buffer.from(Array.from({ length: 400 }, () => random(256)));
      const table = (): Buffer =>
        Buffer.from(
          Array.from({ length: 20 }, () =>
            Array.from({ length: 1 + random(13) }, () => cells[random(cells.length)]).join(','),
          ).join('\n'),
        );
      for (let i = 0; i < 60; i++) {
        const content = i % 3 === 0 ? noise() : table();
        if (content[0] === 0x1f && content[1] === 0x8b) continue;
        const path = files.write('ETHUSDT-x.csv', content);
        const packed = files.write('x.zip', zipOf([{ name: 'ETHUSDT-x.csv', content }]));
        for (const input of [path, packed]) {
          const { rows, skipped } = await readWith(importer, [input]);
          expect(rows.length + skipped).toBe(lines(content));
        }
      }
    },
  );
});
