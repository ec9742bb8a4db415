import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../../src/core/columns.js';
import { parseWhere } from '../../src/table/where.js';
import { dataLine, haveData, realData, scratch } from './support.js';
import { duck, readTable } from './table-support.js';

const { path, write } = scratch();
const T0 = 1_704_067_200_000_000;

/** The same three trades in each format. */
const TRADES = `(values
  ('BTCUSDT', timestamptz '2024-01-01 00:00:00+00', 42000.5::double, 0.001::double, 'buy', 1::bigint),
  ('ETHUSDT', timestamptz '2024-01-01 00:00:01+00', 2300.25::double, 1.5::double, 'sell', 2::bigint),
  ('BTCUSDT', timestamptz '2024-01-01 00:00:02+00', 42001::double, 0.25::double, null, 3::bigint)
) t(symbol, ts, price, size, side, id)`;
const EXPECTED = [
  { ts: T0, price: 42000.5, size: 0.001, side: SIDE_BUY, seq: 1 },
  { ts: T0 + 1e6, price: 2300.25, size: 1.5, side: SIDE_SELL, seq: 2 },
  { ts: T0 + 2e6, price: 42001, size: 0.25, side: SIDE_UNKNOWN, seq: 3 },
];

describe('trades, kind by default', () => {
  const CSV = `symbol,ts,price,size,side,id
BTCUSDT,2024-01-01T00:00:00Z,42000.5,0.001,buy,1
ETHUSDT,2024-01-01T00:00:01Z,2300.25,1.5,sell,2
BTCUSDT,2024-01-01T00:00:02Z,42001,0.25,,3
`;

  it('are the same in Parquet, CSV and JSON', async () => {
    await duck(`copy (select * from ${TRADES}) to '${path('t.parquet')}'`);
    await duck(
      `copy (select symbol, epoch_us(ts) as ts, price, size, side, id from ${TRADES}) to '${path('t.json')}' (format json)`,
    );
    const files = [
      ['parquet', path('t.parquet')],
      ['csv', write('t.csv', CSV)],
      ['json', path('t.json')],
    ] as const;
    for (const [format, file] of files) {
      const { rows, instruments } = await readTable(file, { format, venue: 'binance-spot' });
      expect(
        rows.map(({ cells }) => cells),
        format,
      ).toEqual(EXPECTED);
      expect(rows.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT', 'BTCUSDT']);
      expect(rows.map(({ record }) => record)).toEqual([0, 1, 2]);
      expect(instruments[0]).toEqual({ symbol: 'BTCUSDT', venue: 'binance-spot' });
    }
  });

  it('names and maps: a maker, a constant instrument, the file name otherwise', async () => {
    const file = write('odd.csv', 'when;p;q;flag\n1704067200;1;2;true\n1704067201;1;2;false\n');
    const map = { ts: 'when', price: 'p', size: 'q', maker: 'flag' };
    const { rows } = await readTable(file, { format: 'csv', map }, 'folder/odd.csv');
    expect(rows.map(({ cells, symbol }) => [symbol, cells.ts, cells.side])).toEqual([
      ['odd', T0, SIDE_SELL],
      ['odd', T0 + 1e6, SIDE_BUY],
    ]);
    const named = await readTable(file, { format: 'csv', map: { ...map, time: 'when' }, instrument: 'X/Y' });
    expect(named.rows[0]!.symbol).toBe('X/Y');
  });

  it('ids that are no numbers below 2^53 are texts', async () => {
    const file = path('ids.parquet');
    await duck(
      `copy (select ts, 1::double as price, 1::double as size, i as id from ${TRADES}, (values ('7'), ('9007199254740993'), ('ab-1'), (null)) v(i) where ts = timestamptz '2024-01-01 00:00:00+00') to '${file}'`,
    );
    const { rows } = await readTable(file, { format: 'parquet' });
    expect(rows.map(({ cells }) => [cells.seq, cells.trade_id ?? null])).toEqual([
      [7, null],
      [null, '9007199254740993'],
      [null, 'ab-1'],
      [null, null],
    ]);
  });

  it('nulls, NaN and long texts of Parquet stay what they are, over many batches', async () => {
    const file = path('long.parquet');
    const rows = 200_000;
    await duck(
      `copy (select to_timestamp(1704067200 + i) as ts, case when i % 1000 = 3 then null when i % 1000 = 4 then 'nan'::double else i / 4 end as price,
        case when i % 7 = 0 then null else (i % 100)::decimal(10,3) end as size,
        case when i % 5 = 0 then null when i % 2 = 0 then 'buy' else 'sell' end as side,
        case when i % 11 = 0 then null else 'A-VERY-LONG-SYMBOL-' || (i % 300) end as symbol,
        'S' || (i % 3000) as short
        from range(${rows}) r(i)) to '${file}' (row_group_size 30000)`,
    );
    for (const column of ['symbol', 'short']) {
      const read = await readTable(file, { format: 'parquet', map: { instrument: column } });
      expect(read.rows.length).toBe(rows);
      expect(read.batches).toBeLessThan(10);
      for (let i = 0; i < rows; i += 1 + (i % 13)) {
        const { cells, symbol, record } = read.rows[i]!;
        const long = i % 11 === 0 ? undefined : `A-VERY-LONG-SYMBOL-${i % 300}`;
        expect([i, record, symbol, cells.price, cells.size, cells.side]).toEqual([
          i,
          i,
          column === 'symbol' ? long : `S${i % 3000}`,
          i % 1000 === 3 || i % 1000 === 4 ? null : i / 4,
          i % 7 === 0 ? null : `${(i % 100) * 1000}e-3`,
          i % 5 === 0 ? SIDE_UNKNOWN : i % 2 === 0 ? SIDE_BUY : SIDE_SELL,
        ]);
      }
    }
  });

  it('long names of one file are not those of the next, nor a file those it held before', async () => {
    const files = ['one', 'two'].map((name) => path(`${name}.parquet`));
    const fill = async (file: string, name: string): Promise<unknown> =>
      duck(
        `copy (select 1704067200 as ts, 1.0::double as price, 1.0::double as size, 'LONG-NAME-OF-${name}' as symbol) to '${file}'`,
      );
    await fill(files[0]!, 'ONE');
    await fill(files[1]!, 'TWO');
    const names = async (): Promise<unknown[]> =>
      (await readTable(files, { format: 'parquet' }, files)).rows.map(({ symbol }) => symbol);
    expect(await names()).toEqual(['LONG-NAME-OF-ONE', 'LONG-NAME-OF-TWO']);
    await fill(files[0]!, 'SIX');
    // two readers at once share a database, not a connection
    expect(await Promise.all([names(), names()])).toEqual([
      ['LONG-NAME-OF-SIX', 'LONG-NAME-OF-TWO'],
      ['LONG-NAME-OF-SIX', 'LONG-NAME-OF-TWO'],
    ]);
  });

  it('long names after short ones, and dictionaries beyond their bound', async () => {
    const file = path('mixed.parquet');
    await duck(
      `copy (select to_timestamp(1704067200) as ts, 1.0::double as price, 1.0::double as size,
        case when i < 3000 then 'S' || i else 'MUCH-LONGER-NAME-' || i end as symbol from range(90000) r(i)) to '${file}'`,
    );
    const { rows, instruments } = await readTable(file, { format: 'parquet' });
    expect(instruments.length).toBe(90_000);
    for (let i = 0; i < rows.length; i += 7)
      expect(rows[i]!.symbol).toBe(i < 3000 ? `S${i}` : `MUCH-LONGER-NAME-${i}`);
  });
});

describe('hive paths, several files, filters', () => {
  const tree = async (): Promise<string[]> => {
    const files: string[] = [];
    for (const symbol of ['BTC%2FUSDT', 'ETHUSDT'])
      for (const day of ['2024-01-05', '2024-01-06']) {
        const file = path(`hive/symbol=${symbol}/date=${day}/x.parquet`);
        mkdirSync(dirname(file), { recursive: true });
        await duck(
          `copy (select epoch_us(timestamp '${day}') + i * 3600000000 as ts, 100.0::double + i as price, 1.0::double as size,
            case when i = 5 then null else 'buy' end as side, i as n from range(24) r(i)) to '${file}'`,
        );
        files.push(file);
      }
    return files;
  };

  it('parts of the path are columns, rows count by file', async () => {
    const files = await tree();
    const { rows, instruments } = await readTable(files, { format: 'parquet' }, ['a', 'b', 'c', 'd']);
    expect(rows.length).toBe(96);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'ETHUSDT']);
    expect(rows.filter(({ file, record }) => file === 3 && record === 23)).toHaveLength(1);
    // the path's date can stand for the time
    const days = await readTable(files[1]!, { format: 'parquet', map: { ts: 'date', instrument: 'symbol' } });
    expect(new Set(days.rows.map(({ cells }) => cells.ts))).toEqual(new Set([Date.UTC(2024, 0, 6) * 1000]));
  });

  it('time, instrument and conditions leave the same rows in every format, and count the rest', async () => {
    const files = await tree();
    const from = Date.UTC(2024, 0, 5, 20) * 1000;
    const until = Date.UTC(2024, 0, 6, 6) * 1000;
    const options = {
      instruments: ['BTC/USDT'],
      ...{ fromTime: from, until },
      where: ['price >= 101', "side = 'buy'", 'date != 1999-01-01'].map(parseWhere),
    };
    const pushed = await readTable(files, { format: 'parquet', ...options });
    // day one 20 … 23 h, day two 1 … 4 h (0 h has price 100, 5 h no side)
    expect(pushed.rows.map(({ cells }) => cells.price)).toEqual([120, 121, 122, 123, 101, 102, 103, 104]);
    expect(pushed.rows.map(({ record }) => record)).toEqual([20, 21, 22, 23, 1, 2, 3, 4]);
    expect(pushed.filtered).toBe(96 - 8);
    expect(pushed.instruments.map(({ symbol }) => symbol)).toEqual(['BTC/USDT']);
    for (const format of ['csv', 'json'] as const) {
      const copies: string[] = [];
      for (const file of files) {
        copies.push(file.replace('.parquet', `.${format}`));
        await duck(
          `copy (select * from read_parquet('${file}', hive_partitioning=false)) to '${copies.at(-1)}' (format ${format})`,
        );
      }
      const read = await readTable(copies, { format, ...options });
      expect(read.rows.map(({ cells, record }) => [cells.ts, cells.price, record])).toEqual(
        pushed.rows.map(({ cells, record }) => [cells.ts, cells.price, record]),
      );
      expect(read.filtered).toBe(88);
    }
  });

  it('a row without a time or a name is for the ledger, not for a filter', async () => {
    const file = path('holes.parquet');
    await duck(
      `copy (select * from (values (null::bigint, 'A'), (1704067200, null), (1704067200, 'A'), (5, 'A'), (1704067200, ' A '), (1704067200, 'B')) t(ts, symbol),
        (values (1.0::double, 1.0::double)) u(price, size)) to '${file}'`,
    );
    const { rows, filtered } = await readTable(file, {
      format: 'parquet',
      instruments: ['A'],
      fromTime: T0,
      until: T0 + 1,
    });
    expect(rows.map(({ cells, symbol, record }) => [record, cells.ts, symbol])).toEqual([
      [0, null, 'A'],
      [1, T0, undefined],
      [2, T0, 'A'],
      [3, null, 'A'],
      [4, T0, 'A'],
    ]);
    expect(filtered).toBe(1);
  });

  it('a range of time leaves the same rows whatever the type of the stamps, pushed down or not', async () => {
    const stamp = "(timestamp '2024-01-01' + to_microseconds(i * 1000001))";
    const micros = `(1704067200000000 + i * 1000001)`;
    const columns = [
      ...[
        `${stamp}::timestamptz`,
        stamp,
        `${stamp}::timestamp_ms`,
        `${stamp}::timestamp_s`,
        `${stamp}::timestamp_ns`,
      ],
      ...[
        `${micros}`,
        `${micros} * 1000 + 7`,
        `(${micros} // 1000000)::integer`,
        `(${micros} // 1000)::ubigint`,
      ],
      ...[`${micros}::double`, `${micros}::varchar`, `${stamp}::varchar`, `${micros}::decimal(20,3)`],
      "case when i % 50 = 1 then 'infinity'::timestamp when i % 50 = 2 then timestamp '1960-01-01' when i % 50 = 3 then null else timestamp '2024-01-01' + to_microseconds(i * 1000001) end",
      `case when i % 50 = 1 then -1 when i % 50 = 2 then 12 when i % 50 = 3 then null else ${micros} end`,
    ];
    const range = { fromTime: T0 + 20_000_020, until: T0 + 30_500_000 };
    for (const [c, column] of columns.entries()) {
      const file = path(`stamps-${c}.parquet`);
      await duck(
        `copy (select ${column} as ts, 1.0::double as price, 1.0::double as size from range(300) r(i)) to '${file}' (row_group_size 64)`,
      );
      const all = await readTable(file, { format: 'parquet' });
      const some = await readTable(file, { format: 'parquet', ...range });
      const kept = all.rows.filter(({ cells }) => {
        const t = cells.ts as number | null;
        return t === null || (t >= range.fromTime && t < range.until);
      });
      expect(all.rows.filter(({ cells }) => cells.ts !== null).length, column).toBeGreaterThan(280);
      expect(some.rows, column).toEqual(kept);
      expect(kept.length, column).toBeGreaterThan(9);
      expect(some.filtered, column).toBe(300 - kept.length);
    }
  });

  it('conditions compare by the type of their column', async () => {
    const file = path('types.parquet');
    await duck(
      `copy (select 1704067200 + i as ts, 1.0::double as price, 1.0::double as size, i::varchar as word, (i * 0.25)::decimal(10,2) as dec,
        case when i = 3 then 'nan'::double else i end as f, i % 2 = 0 as even, timestamp '2024-01-01' + to_hours(i) as at,
        i * 9007199254740992 as wide from range(12) r(i)) to '${file}'`,
    );
    const left = async (...where: string[]): Promise<number[]> =>
      (await readTable(file, { format: 'parquet', where: where.map(parseWhere) })).rows.map(
        ({ record }) => record,
      );
    expect(await left('word >= 10')).toEqual([10, 11]);
    expect(await left("word < '2'")).toEqual([0, 1, 10, 11]);
    expect(await left('dec = 0.5')).toEqual([2]);
    expect(await left('f > 1', 'f <= 4')).toEqual([2, 4]);
    expect(await left('f != 4', 'f < 6')).toEqual([0, 1, 2, 5]);
    expect(await left('even = true', 'f < 3')).toEqual([0, 2]);
    expect(await left('at >= 2024-01-01T10:00:00Z')).toEqual([10, 11]);
    expect(await left('wide > 90071992547409919')).toEqual([10, 11]);
    await expect(left('dec = abc')).rejects.toThrow(
      /^where dec = abc must be a number, as table has DECIMAL/,
    );
    await expect(left('nothing = 1')).rejects.toThrow('table column nothing of where is missing');
  });

  it('no text of a condition becomes SQL', async () => {
    const file = path('quotes.parquet');
    await duck(
      `copy (select 1704067200 as ts, 1.0::double as price, 1.0::double as size, 'it''s' as "odd "" name", '1 or 1=1' as w) to '${file}'`,
    );
    const left = async (where: string): Promise<number> =>
      (await readTable(file, { format: 'parquet', where: [parseWhere(where)] })).rows.length;
    expect(await left(`"odd "" name" = 'it''s'`)).toBe(1);
    expect(await left(`w = 1 or 1`)).toBe(0);
    expect(await left(`w = '1 or 1=1'`)).toBe(1);
    expect(await left(`w = ''') or true --'`)).toBe(0);
    for (const bad of [
      'w',
      'w =',
      '= 1',
      'w == 1',

      'w <> 1',
      "w = 'a' or w = 'b'",
      'w = "x"',
      'x'.repeat(2000),
    ])
      if (bad !== 'w = 1; drop')
        expect(() => parseWhere(bad), bad).toThrow(/^where .* must be: column, one of/);
  });
});

describe('every kind', () => {
  const csv = async (kind: Parameters<typeof readTable>[1]['kind'], text: string, more = {}) =>
    readTable(write('kind.csv', text), { format: 'csv', kind: kind!, instrument: 'X', ...more });

  it('bars', async () => {
    const { rows } = await csv(
      'bars',
      'open_time,open,high,low,close,volume,quote_volume,count,taker_buy_volume\n1704067200000,1.10,2,0.5,1.5,123456789.123456789012,10.25,7,\n',
      { constants: { interval: '1m' } },
    );
    expect(rows[0]!.cells).toEqual({
      ...{ ts: T0, open: 1.1, high: 2, low: 0.5, close: 1.5, volume: '123456789.123456789012' },
      ...{ notional: '10.25', trades: 7, buy_volume: null, interval: 60e6 },
    });
  });

  it('book levels under the usual names, counted from 0 or from 1', async () => {
    const { rows } = await csv(
      'book_snapshot',
      'timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount\n1704067200000000,11,1,10,2,12,0\n',
    );
    expect(rows[0]!.cells).toEqual({
      ...{ ts: T0, ask_price_1: 11, ask_size_1: 1, bid_price_1: 10, bid_size_1: 2 },
      ...{ ask_price_2: 12, ask_size_2: 0 },
    });
    const other = await csv('book_snapshot', 'ts,bid1_qty,ask_px_01,best_bid\n1704067200,5,6,4\n');
    expect(other.rows[0]!.cells).toEqual({ ts: T0, bid_size_1: 5, ask_price_1: 6, bid_price_1: 4 });
  });

  it('book changes', async () => {
    const { rows } = await csv(
      'book_delta',
      'timestamp,first_update_id,last_update_id,side,price,qty,pu\n1704067200000,5,9,b,10.5,0,4\n1704067200000,5,9,a,11,2,4\n',
    );
    expect(rows.map(({ cells }) => cells)).toEqual([
      { ts: T0, first_seq: 5, seq: 9, side: SIDE_BUY, price: 10.5, size: 0, prev_seq: 4 },
      { ts: T0, first_seq: 5, seq: 9, side: SIDE_SELL, price: 11, size: 2, prev_seq: 4 },
    ]);
  });

  it('open interest, funding, social, depth', async () => {
    const oi = await csv('oi', 'time,open_interest,fundingRate\n1704067200,12.5,nan\n1704067200,x,0.01\n');
    expect(oi.rows.map(({ cells, reject }) => [cells.oi_contracts, cells.funding, reject])).toEqual([
      [12.5, null, undefined],
      [null, 0.01, 'bad_value'],
    ]);
    const funding = await csv(
      'funding',
      'fundingTime,fundingRate,interval\n1704067200000,-0.0001,8h\n1704067200000,0,never\n',
    );
    expect(funding.rows.map(({ cells, reject }) => [cells.rate, cells.interval, reject])).toEqual([
      [-0.0001, 8 * 3600e6, undefined],
      [0, null, 'bad_value'],
    ]);
    const social = await csv('social', 'bucket,asset,mentions\n2024-01-01,BTC,3\n2024-01-01,ETH,2.5\n', {
      instrument: undefined,
    });
    expect(social.rows.map(({ symbol, cells, reject }) => [symbol, cells.mentions, reject])).toEqual([
      ['BTC', 3, undefined],
      ['ETH', null, 'bad_value'],
    ]);
    const depth = await csv(
      'depth_bands',
      'timestamp,percentage,depth,notional\n2024-01-01 00:00:00,-1,5.5,1e3\n',
    );
    expect(depth.rows[0]!.cells).toEqual({ ts: T0, percentage: -1, depth: 5.5, notional: 1000 });
  });

  it('options: calls, puts, expiry', async () => {
    const { rows } = await csv(
      'options',
      'timestamp,symbol,expiry,strike,type,mark_iv\n1704067200,a,2024-03-29,2000,call,0.5\n1704067200,b,2024-03-29,2000,put,0.5\n1704067200,c,2024-03-29,2000,?,0.5\n',
      { map: { cp: 'type' }, instrument: undefined },
    );
    expect(rows.map(({ cells, reject }) => [cells.cp, reject])).toEqual([
      ['C', undefined],
      ['P', undefined],
      ['?', 'bad_value'],
    ]);
    expect(rows[0]!.cells.expiry).toBe(Date.UTC(2024, 2, 29) * 1000);
  });

  it("other times than the row's own: 0 is none, and what is no time spoils the row alone", async () => {
    const { rows } = await csv(
      'trades',
      'ts,recv_ts,price,size\n1704067200000,0,1,1\n1704067200000,,1,1\n1704067200000,1704067200001,1,1\n1704067200000,17,1,1\n1704067200000,soon,1,1\n',
    );
    expect(rows.map(({ cells, reject }) => [cells.recv_ts, reject])).toEqual([
      [null, undefined],
      [null, undefined],
      [T0 + 1000, undefined],
      [null, 'bad_value'],
      [null, 'bad_value'],
    ]);
    const none = await csv('options', 'ts,expiry,strike\n1704067200,0,5\n');
    expect(none.rows[0]!.cells).toEqual({ ts: T0, expiry: null, strike: 5 });
  });

  it('swaps: integers of any size stay digits, from text and from wide columns', async () => {
    const wide = '54532862908237316359022';
    const file = path('swaps.parquet');
    await duck(
      `copy (select 1704067200 as ts, 'p' as pool, 1 as block, 2::ubigint as log_index, ${wide}::decimal(38,0) as amount0, '-${wide}' as amount1,
        18446744073709551615::ubigint as liquidity, true as removed) to '${file}'`,
    );
    const { rows } = await readTable(file, { format: 'parquet', kind: 'dex_swaps' });
    expect(rows[0]!.cells).toEqual({
      ...{ ts: T0, block: 1, log_index: 2, amount0: wide, amount1: `-${wide}` },
      ...{ liquidity: '18446744073709551615', removed: 1 },
    });
    const floats = path('floats.parquet');
    await duck(
      `copy (select 1704067200 as ts, 'p' as pool, 1 as block, 2 as log_index, 5.0::double as amount0, 1e22::double as amount1) to '${floats}'`,
    );
    const bad = await readTable(floats, { format: 'parquet', kind: 'dex_swaps' });
    expect(bad.rows.map(({ cells, reject }) => [cells.amount0, cells.amount1, reject])).toEqual([
      ['5', null, 'bad_value'],
    ]);
  });

  it('what is missing is named', async () => {
    await expect(csv('constructor' as 'oi', 'ts,oi\n1,2\n')).rejects.toThrow(
      /^kind constructor must be one of trades, book_snapshot,/,
    );
    await expect(csv('bars', 'ts,open\n1,2\n')).rejects.toThrow(
      'table column high is missing; pass --map high=<column>; columns: ts, open',
    );
    await expect(csv('oi', 'ts,foo\n1704067200,2\n')).rejects.toThrow('table column interval is missing');
    await expect(csv('oi', 'a,open_interest\n1,2\n')).rejects.toThrow('table column ts is missing');
    await expect(csv('oi', 'ts,oi\n1,2\n', { map: { price: 'oi' } })).rejects.toThrow(
      /^map column price must be one of ts,/,
    );
    await expect(csv('oi', 'ts,oi\n1,2\n', { constants: { price: '1' } })).rejects.toThrow(
      'constant price is no column of oi',
    );
  });
});

describe('hostile tables', () => {
  it('records that do not fit and cells that are none keep their numbers and texts', async () => {
    const file = write(
      'hostile.csv',
      '\ufeffts,symbol,price,size,side\r\n1704067200,"A",1,2,buy\r\n1704067200,A,1\r\n1704067200,A,1e999,-5,sideways\r\nyesterday,,nan,,\r\n',
    );
    const { rows } = await readTable(file, { format: 'csv' });
    expect(rows.map(({ record, reject, cells }) => [record, reject, cells.side])).toEqual([
      [0, undefined, SIDE_BUY],
      [1, 'bad_row', SIDE_UNKNOWN],
      [2, undefined, 255],
      [3, undefined, SIDE_UNKNOWN],
    ]);
    expect(rows[1]!.text).toBe('1704067200,A,1');
    expect(JSON.parse(rows[2]!.text)).toEqual({
      ts: '1704067200',
      price: '1e999',
      size: '-5',
      side: 'sideways',
      symbol: 'A',
    });
    expect([rows[3]!.symbol, rows[3]!.cells.ts]).toEqual([undefined, null]);
  });

  it('names such as __proto__ are names', async () => {
    const file = write('proto.csv', 'ts,__proto__,price,size\n1704067200,constructor,1,2\n');
    const { rows } = await readTable(file, { format: 'csv', map: { instrument: '__proto__' } });
    expect(rows[0]!.symbol).toBe('constructor');
    expect(rows[0]!.text).toContain('"__proto__":"constructor"');
    await expect(readTable(file, { format: 'csv', map: { constructor: 'price' } })).rejects.toThrow(
      'map column constructor',
    );
  });

  it('columns that cannot serve are refused in one line', async () => {
    const words = write('words.csv', 'ts,price,size\n1704067200,abc,1\n');
    await expect(readTable(words, { format: 'csv' })).rejects.toThrow(
      'table column price abc must be a number; columns: ts, price, size',
    );
    const times = write('times.csv', 'ts,price,size\nnoon,1,1\n');
    await expect(readTable(times, { format: 'csv' })).rejects.toThrow(
      'table column ts noon must be a timestamp',
    );
    await duck(
      `copy (select [1704067200] as ts, 1.0::double as price, 1.0::double as size) to '${path('list.parquet')}'`,
    );
    await expect(readTable(path('list.parquet'), { format: 'parquet' })).rejects.toThrow(
      'table column ts of type INTEGER[] must be a timestamp',
    );
    await duck(
      `copy (select 1704067200 as ts, 1.0::float as price, 1.0::double as size) to '${path('float.parquet')}'`,
    );
    await expect(readTable(path('float.parquet'), { format: 'parquet' })).rejects.toThrow(
      '32-bit floats do not hold decimals',
    );
  });

  it('a reader that stops early leaves nothing behind', async () => {
    const file = path('early.parquet');
    await duck(
      `copy (select to_timestamp(1704067200 + i) as ts, 1.0::double as price, 1.0::double as size from range(300000) r(i)) to '${file}'`,
    );
    const { tableRows } = await import('../../src/table/table-rows.js');
    let rows = 0;
    for await (const batch of tableRows(
      file,
      'x',
      { format: 'parquet' },
      { params: {}, skip: () => {}, instrument: () => 0 },
    )) {
      rows += batch.rows;
      break;
    }
    expect(rows).toBeGreaterThan(60_000);
    expect(rows).toBeLessThan(300_000);
  });
});

describe(`tables, ${dataLine}`, () => {
  it.skipIf(!haveData)('quotes of BTCUSDT are books of one level', async () => {
    const file = realData('binance-depth/btcusdt-quotes.parquet');
    const { rows } = await readTable(file, { format: 'parquet', kind: 'book_snapshot' });
    const [count, first] = await Promise.all([
      duck(`select count(*) from '${file}'`),
      duck(`select epoch_us(timestamp), bid, bid_size, ask, ask_size from '${file}' limit 1`),
    ]);
    expect(rows.length).toBe(Number(count[0]![0]));
    const { cells, symbol } = rows[0]!;
    expect(symbol).toBe('BTC/USDT');
    expect([cells.ts, cells.bid_price_1, cells.bid_size_1, cells.ask_price_1, cells.ask_size_1]).toEqual(
      first[0]!.map(Number),
    );
  });

  it.skipIf(!haveData)('five levels of snapshot_25 equal snapshot_5', async () => {
    const read = async (n: number) =>
      (
        await readTable(realData(`tardis/binance-futures_book_snapshot_${n}_BTCUSDT.csv`), {
          format: 'csv',
          kind: 'book_snapshot',
        })
      ).rows;
    const [wide, narrow] = [await read(25), await read(5)];
    expect(Object.keys(wide[0]!.cells)).toHaveLength(102);
    const { ts: _, recv_ts: __, ...levels } = narrow[0]!.cells;
    expect(Object.keys(levels)).toHaveLength(20);
    expect(wide[0]!.cells).toMatchObject(levels);
  });
});
