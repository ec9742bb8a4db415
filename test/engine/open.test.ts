import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type Opened, type OpenOptions, openTrades } from '../../src/engine/open.js';
import { rowsOf, scratch } from '../ingest/support.js';

const { path, write } = scratch();
const T0 = 1_700_000_000_000;

type Row = readonly [
  time: number | string,
  price: number | string,
  size: number | string,
  side?: string,
  id?: string,
  symbol?: string,
];
const csv = (rows: readonly Row[]): string =>
  [
    'ts,price,size,side,id,symbol',
    ...rows.map((r) => [r[0], r[1], r[2], r[3] ?? 'buy', r[4] ?? '', r[5] ?? 'X'].join(',')),
  ].join('\n');
let files = 0;
const openCsv = (rows: readonly Row[], options: OpenOptions = {}): Promise<Opened> =>
  openTrades([write(`t${files++}.csv`, csv(rows))], options);
const prices = (opened: Opened): string[] => rowsOf(opened.frame).map((row) => row.price);

/** read = kept + filtered + rejected (duplicates among them), whatever came in. */
function conserved({ ledger, frame }: Opened): void {
  const rejected = Object.values(ledger.counts).reduce((a, b) => a + b, 0);
  expect(ledger.rowsRead).toBe(ledger.rowsKept + ledger.filtered + rejected);
  expect(frame.rows).toBe(ledger.rowsKept);
  expect(ledger.rows.length).toBe(rejected);
}

async function duck(...sql: string[]): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  for (const line of sql) await connection.run(line);
  connection.closeSync();
}

describe('bad files are one line', () => {
  it.each([
    ['empty.csv', '', 'input empty.csv is empty (0 bytes)'],
    ['header.csv', 'ts,price,size\n', 'input header.csv is empty: it holds no trades'],
    [
      'missing.csv',
      'ts,price,cost\n1700000000,1,1\n',
      /^missing\.csv column size is missing; .*columns: ts, price, cost$/,
    ],
    [
      'bars.csv',
      'ts,open,high,low,close,volume\n1700000000,1,1,1,1,1\n',
      'input bars.csv holds bars, not trades: import it, `steelyard import <format> bars.csv --kind bars --to <dataset>`, and run on the dataset',
    ],
    [
      'funding.csv',
      'ts,rates\n1700000000,1\n',
      /^funding\.csv column price is missing; .*or import other kinds than trades by `steelyard import --kind`; columns: ts, rates$/,
    ],
    [
      'words.csv',
      'ts,price,size\n1700000000,dear,1\n',
      /^words\.csv column price dear must be a number; columns: ts, price, size$/,
    ],
    ['notime.csv', 'ts,price,size\nlater,1,1\n', /^notime\.csv column ts later must be a timestamp/],
    [
      'unit.csv',
      'ts,price,size\n12345,1,1\n',
      /^unit\.csv column ts 12345 is no timestamp of 1980 to 2106 .* pass --time-unit$/,
    ],
    ['broken.arrow', 'ARROW1 but not much else', /^Arrow file broken\.arrow is truncated/],
    ['not.parquet', 'PAR1 and nothing', /^Parquet file not\.parquet is damaged or truncated/],
    ['not.feather', 'hello', /^Arrow file not\.feather is damaged/],
    [
      'cut.json',
      '[{"ts":1700000000,"price":1,"size":1},{"ts"',
      /^JSON file cut\.json is damaged or truncated/,
    ],
    ['number.json', '[1,2,3]', /^number\.json record 1 must be an object or an array$/],
    [
      'all-bad.csv',
      'ts,price,size\n1700000000,-1,1\n1700000000,1,0\n',
      /^all-bad\.csv rows 2 must hold a good trade: bad_price 1, bad_size 1$/,
    ],
  ])('%s', async (name, content, message) => {
    const error = await openTrades([write(name, content)]).catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ name: 'InputError', exitCode: 2 });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toMatch(/\n|\/tmp/);
  });

  it('a gzip cut at any tenth', async () => {
    const rows = Array.from({ length: 5000 }, (_, i): Row => [T0 + i, 100 + (i % 7), 1]);
    const whole = gzipSync(csv(rows));
    for (let part = 1; part < 10; part++) {
      const file = write('cut.csv.gz', whole.subarray(0, Math.floor((whole.length * part) / 10)));
      await expect(openTrades([file])).rejects.toThrow('gzip file cut.csv.gz is truncated');
    }
    expect((await openTrades([write('whole.csv.gz', whole)])).frame.rows).toBe(5000);
  });

  it('types no trade column can have', async () => {
    await duck(
      `copy (select 1700000000 as ts, 1.5::float as price, 1 as size) to '${path('float.parquet')}'`,
      `copy (select 1700000000 as ts, [1] as price, 1 as size) to '${path('list.parquet')}'`,
      `copy (select true as ts, 1.5::double as price, 1 as size) to '${path('bool.parquet')}'`,
    );
    await expect(openTrades([path('float.parquet')])).rejects.toThrow(
      /^float\.parquet column price of type FLOAT must be f64/,
    );
    await expect(openTrades([path('list.parquet')])).rejects.toThrow(
      /^list\.parquet column price of type INTEGER\[\] must be/,
    );
    await expect(openTrades([path('bool.parquet')])).rejects.toThrow(
      /^bool\.parquet column ts of type BOOLEAN must be .*; columns: ts, price, size$/,
    );
    const file = write(
      'float.arrow',
      arrow.tableToIPC(arrow.tableFromArrays({ ts: [T0], price: Float32Array.of(1.5), size: [1] }), 'file'),
    );
    await expect(openTrades([file])).rejects.toThrow(
      /^float\.arrow column price of type Float32 must be f64/,
    );
  });

  it('wrong options', async () => {
    const file = write('ok.csv', csv([[T0, 1, 1]]));
    const bad = (options: OpenOptions): Promise<Opened> => openTrades([file], options);
    await expect(bad({ tick: '0' })).rejects.toThrow('tick 0 must be above 0');
    await expect(bad({ from: 'excel' })).rejects.toThrow(/^input format excel must be one of arrow, /);
    await expect(bad({ fromTime: 2, until: 1 })).rejects.toThrow('from-time 2 must be before until 1');
    await expect(bad({ instruments: ['Y'] })).rejects.toThrow('instrument Y is not in the input; found: X');
    await expect(openTrades([path('absent.csv')])).rejects.toThrow(/absent\.csv does not exist$/);
    await expect(bad({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe('bad rows go to the ledger, good rows stay', () => {
  it('one row', async () => {
    const opened = await openCsv([[T0, '12.5', '3']]);
    expect(rowsOf(opened.frame)).toEqual([
      { symbol: 'X', time: T0 * 1000, price: '12.5', size: '3', side: 1 },
    ]);
    conserved(opened);
  });

  it('each reason, with its row', async () => {
    const opened = await openCsv([
      [T0, 1, 1],
      ...(['NaN', 'inf', '', '0', '-1', 'x'].map((p) => [T0, p, 1]) as Row[]),
      ...(['nan', '', '0', '-2'].map((q) => [T0, 1, q]) as Row[]),
      ...(['', 'x', '-5', '99999999999999'].map((t) => [t, 1, 1]) as Row[]),
      [T0, 1, 1, 'sideways'],
      [T0, 1, 1, 'sell', '', ' '],
      [T0, 2, 1, ''],
    ]);
    expect(opened.ledger.counts).toEqual({
      bad_price: 6,
      bad_size: 4,
      bad_time: 4,
      bad_side: 1,
      bad_instrument: 1,
    });
    expect(opened.ledger.rows.find((row) => row.reason === 'bad_side')).toEqual({
      input: expect.any(String),
      row: 15,
      reason: 'bad_side',
    });
    expect(prices(opened)).toEqual(['1', '2']);
    conserved(opened);
  });

  it('short, long and quoted lines keep to themselves', async () => {
    const opened = await openTrades([
      write(
        'odd.csv',
        'ts,price,size,note\r\n1700000000,1,1,\r\n1700000001,2,1\n\n1700000002,"3","1","a,b"\n"1700000003,4,1,x\n1700000004,5,1,"c\nd"\n1700000005,6,1,x,y\n1700000006,7,1,"',
      ),
    ]);
    expect(prices(opened)).toEqual(['1', '3', '5']);
    expect(opened.ledger.rowsRead).toBe(7);
    expect(opened.ledger.rows.map(({ row, reason }) => [row, reason])).toEqual(
      [1, 3, 5, 6].map((row) => [row, 'bad_row']),
    );
    conserved(opened);
  });

  it('duplicates by id are dropped, wherever they come; equal trades without id stay', async () => {
    const a: Row = [T0, 1, 1, 'buy', '7'];
    const opened = await openCsv([
      a,
      [T0 + 1, 2, 1, 'buy', '8'],
      a,
      [T0, 1, 1, 'buy', '9'],
      [T0, 1, 1, 'buy'],
      [T0, 1, 1, 'buy'],
      a,
      [T0, 1, 1, 'buy', '7', 'Y'],
    ]);
    expect(opened.ledger.counts).toEqual({ duplicate: 2 });
    expect(opened.frame.rows).toBe(6);
    conserved(opened);
    const text: Row = [T0, 1, 1, 'buy', 'c0ffee-1'];
    const named = await openCsv([text, [T0, 1, 1, 'buy', 'c0ffee-2'], text]);
    expect(named.ledger.counts).toEqual({ duplicate: 1 });
    const big: Row = [T0, 1, 1, 'buy', '9007199254740993'];
    const wide = await openCsv([big, [T0, 1, 1, 'buy', '9007199254740992'], big]);
    expect(wide.ledger.counts).toEqual({ duplicate: 1 });
  });

  it('unsorted rows are sorted by (ts, id, row) and counted', async () => {
    const opened = await openCsv([
      [T0 + 5, 5, 1, 'buy', '5'],
      [T0 + 1, 2, 1, 'buy', '2'],
      [T0 + 1, 1, 1, 'buy', '1'],
      [T0 + 9, 9, 1, 'buy', '9'],
    ]);
    expect(prices(opened)).toEqual(['1', '2', '5', '9']);
    expect(opened.ledger.outOfOrder).toBe(2);
    const equal = await openCsv([3, 1, 2].map((p): Row => [T0, p, 1]));
    expect(prices(equal)).toEqual(['3', '1', '2']);
    expect(equal.ledger.outOfOrder).toBe(0);
  });

  it('declared units: off-tick and off-lot rows', async () => {
    const opened = await openCsv(
      [
        [T0, '1.25', '0.5'],
        [T0, '1.26', '0.5'],
        [T0, '1.5', '0.3'],
        [T0, '1.0000000001', '1'],
      ],
      { tick: '0.25', lot: '0.5' },
    );
    expect(opened.ledger.counts).toEqual({ off_tick: 1, off_lot: 1 });
    expect(prices(opened)).toEqual(['1.25', '1']);
    conserved(opened);
  });

  it('a price jump of 10^6 and one absurd value push out nobody else', async () => {
    const good = Array.from({ length: 20 }, (_, i): Row => [T0 + i, `2681.6${i % 10}`, '0.001']);
    for (const odd of [
      ['2681620000', '1'],
      ['0.0000000000000000001', '1'],
      ['2681.62', '0.0000000000000000000001'],
      ['2681.62', '1e30'],
      ['1e22', '1'],
    ])
      for (const at of [0, 10, 20]) {
        const opened = await openCsv([...good.slice(0, at), [T0 + at, odd[0]!, odd[1]!], ...good.slice(at)]);
        expect(opened.ledger.rowsKept).toBeGreaterThanOrEqual(20);
        expect(rowsOf(opened.frame).filter((row) => row.size === '0.001').length).toBe(20);
        conserved(opened);
      }
  });

  it('a jump that fits stays', async () => {
    expect(
      prices(
        await openCsv([
          [T0, '1.5', 1],
          [T0, '1500000', 1],
        ]),
      ),
    ).toEqual(['1.5', '1500000']);
  });
});

describe('exact numbers', () => {
  it('sizes across 2^30, 2^32, 2^53 and 2^62', async () => {
    const sizes = [
      2n ** 30n - 1n,
      2n ** 30n,
      2n ** 32n - 1n,
      2n ** 32n + 1n,
      2n ** 53n - 1n,
      2n ** 53n + 1n,
      2n ** 62n - 1n,
      2n ** 62n,
    ];
    const opened = await openCsv(sizes.map((q, i): Row => [T0 + i, 1, String(q)]));
    expect(rowsOf(opened.frame).map((row) => row.size)).toEqual(sizes.slice(0, -1).map(String));
    expect(opened.ledger.counts).toEqual({ size_overflow: 1 });
    expect(opened.frame.columns.sizeHi).toBeDefined();
    const small = await openCsv([[T0, 1, String(2n ** 30n - 1n)]]);
    expect(small.frame.columns.sizeHi).toBeUndefined();
  });

  it('the scale is the smallest that holds every row, whatever the order', async () => {
    const rows: Row[] = [
      [T0, '100', '5'],
      [T0, '0.25', '0.125'],
      [T0, '1e-7', '2.50'],
    ];
    for (const order of [rows, [...rows].reverse()]) {
      const { frame } = await openCsv(order);
      expect(frame.instruments[0]).toMatchObject({ tick: { coef: 1, scale: 7 }, lot: { coef: 1, scale: 3 } });
    }
  });

  it('text beyond 15 digits stays exact; an f64 beyond is not proven', async () => {
    const opened = await openCsv([
      [T0, 1, '1234567.890123456789'],
      [T0, 1, '0.1'],
    ]);
    expect(rowsOf(opened.frame).map((row) => row.size)).toEqual(['1234567.890123456789', '0.1']);
    await duck(
      `copy (select 1700000000 as ts, 1.5::double as price, s as size from (values (0.1::double), (0.30000000000000004::double), (0.30000000000000016::double), (1.0::double / 3), (0.1234567890123456::double)) t(s)) to '${path('ulp.parquet')}'`,
    );
    const floats = await openTrades([path('ulp.parquet')]);
    // one unit in the last place off 0.3 it still stands for 0.3; three off it does not
    expect(rowsOf(floats.frame).map((row) => row.size)).toEqual(['0.1', '0.3']);
    expect(floats.ledger.counts).toEqual({ inexact: 3 });
  });

  it('decimals, integers and text of any width in Parquet', async () => {
    await duck(
      `copy (select make_timestamp(1700000000000000 + i) as ts, (100 + i * 0.01)::decimal(18,6) as price,
        (9007199254740993 + i)::decimal(38,4) as size from range(3) t(i)) to '${path('dec.parquet')}'`,
    );
    const opened = await openTrades([path('dec.parquet')]);
    expect(prices(opened)).toEqual(['100', '100.01', '100.02']);
    expect(rowsOf(opened.frame).map((row) => row.size)).toEqual([
      '9007199254740993',
      '9007199254740994',
      '9007199254740995',
    ]);
  });
});

describe('time', () => {
  it('s, ms, µs, ns and ISO give one frame; nanoseconds are floored', async () => {
    const stamps = [1700000000, 1700000001, 1700000060];
    const forms = [
      (s: number) => s,
      (s: number) => s * 1e3,
      (s: number) => s * 1e6,
      (s: number) => `${s}000000999`,
      (s: number) => new Date(s * 1000).toISOString(),
    ];
    const hashes = await Promise.all(
      forms.map(
        async (form) =>
          (
            await openCsv(
              stamps.map((s): Row => [form(s), 1, 1]),
              { instrument: 'X' },
            )
          ).inputHash,
      ),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it.each([
    [60, 1, false],
    [2147, 1, false],
    [2148, 1000, false],
    [86400 * 24, 1000, false],
    [86400 * 25, 1_000_000, false],
  ])('a span of %i s is held in units of %i µs', async (span, unit) => {
    const { frame } = await openCsv([
      [1_700_000_000, 1, 1],
      [1_700_000_000 + span, 1, 1],
    ]);
    expect(frame.time).toEqual({ base: 1_700_000_000_000_000, unit });
    expect(frame.columns.fine).toBeUndefined();
  });

  it('fine holds what the unit leaves', async () => {
    const opened = await openCsv([
      [1_700_000_000_000_001, 1, 1],
      [1_700_003_000_000_123, 1, 1],
    ]);
    expect(opened.frame.time.unit).toBe(1000);
    expect(rowsOf(opened.frame).map((row) => row.time)).toEqual([
      1_700_000_000_000_001, 1_700_003_000_000_123,
    ]);
  });

  it('filters are half-open, counted, and take no part in scales', async () => {
    const rows: Row[] = [
      [T0, '1.123', 1],
      [T0 + 1, '2', 1],
      [T0 + 2, '3', 1, 'buy', '', 'Y'],
      [T0 + 3, '4', 1],
    ];
    const opened = await openCsv(rows, {
      fromTime: (T0 + 1) * 1000,
      until: (T0 + 3) * 1000,
      instruments: ['X'],
    });
    expect(prices(opened)).toEqual(['2']);
    expect(opened.ledger).toMatchObject({ rowsRead: 4, filtered: 3 });
    expect(opened.frame.instruments[0]!.tick).toEqual({ coef: 1, scale: 0 });
    conserved(opened);
  });
});

describe('many inputs and instruments', () => {
  it('a folder is its files, in any cut and order, with one hash', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i): Row => [T0 + i, 100 + (i % 9) / 4, 1 + (i % 5), i % 2 ? 'buy' : 'sell', String(i), `S${i % 3}`],
    );
    const one = await openCsv(rows);
    const cut = [write('b.csv', csv(rows.slice(0, 100))), write('a.csv', csv(rows.slice(100)))];
    expect((await openTrades(cut)).inputHash).toBe(one.inputHash);
    expect((await openTrades([...cut].reverse())).inputHash).toBe(one.inputHash);
    expect((await openCsv([...rows].reverse())).inputHash).toBe(one.inputHash);
    expect(one.frame.instruments.map((x) => x.symbol)).toEqual(['S0', 'S1', 'S2']);
    expect((await openCsv([...rows.slice(0, -1), [T0 + 299, 100, 1]])).inputHash).not.toBe(one.inputHash);
  });

  it('20,000 instruments of three trades, unsorted', async () => {
    const rows: Row[] = [];
    for (let k = 2; k >= 0; k--)
      for (let s = 0; s < 20_000; s++) rows.push([T0 + k, s + 1 + k, 1, 'buy', '', `I${s}`]);
    const opened = await openCsv(rows);
    expect(opened.frame.instruments.length).toBe(20_000);
    expect(opened.frame.rows).toBe(60_000);
    expect(opened.ledger.outOfOrder).toBe(40_000);
    const first = rowsOf(opened.frame).filter((row) => row.symbol === 'I7');
    expect(first.map((row) => row.price)).toEqual(['8', '9', '10']);
  });

  it('scales by file, then for all, then from the file itself', async () => {
    const trades = write(
      'sc.csv',
      csv([
        [T0, '1.5', 1],
        [T0, '1.5', 1, 'buy', '', 'Y'],
      ]),
    );
    const scales = write('scales.csv', 'instrument,tick,lot,contract,multiplier\nY,0.5,1,inverse,10\n');
    const { frame } = await openTrades([trades], { scales, tick: '0.1' });
    expect(frame.instruments.map((x) => [x.symbol, x.tick, x.contract])).toEqual([
      ['X', { coef: 1, scale: 1 }, 'linear'],
      ['Y', { coef: 5, scale: 1 }, 'inverse'],
    ]);
    const bad = write('bad.csv', 'instrument,tick\nY,-1\n');
    await expect(openTrades([trades], { scales: bad })).rejects.toThrow('bad.csv Y tick -1 must be above 0');
  });
});

describe('one table, every format', () => {
  it('CSV, JSON, Parquet, Arrow file and stream give one hash', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      ...{
        ts: T0 + i * 37,
        price: 100 + (i % 40) / 100,
        size: (1 + (i % 9)) / 8,
        side: i % 3 ? 'buy' : 'sell',
        symbol: `S${i % 4}`,
      },
    }));
    const text = write(
      'one.csv',
      ['ts,price,size,side,symbol', ...rows.map((r) => Object.values(r).join(','))].join('\n'),
    );
    const table = new arrow.Table({
      ts: arrow.vectorFromArray(
        rows.map((r) => r.ts),
        new arrow.TimestampMillisecond(),
      ),
      price: arrow.vectorFromArray(Float64Array.from(rows, (r) => r.price)),
      size: arrow.vectorFromArray(Float64Array.from(rows, (r) => r.size)),
      side: arrow.vectorFromArray(
        rows.map((r) => r.side),
        new arrow.Utf8(),
      ),
      symbol: arrow.vectorFromArray(rows.map((r) => r.symbol)),
    });
    await duck(`copy (select * from read_csv('${text}')) to '${path('one.parquet')}' (compression zstd)`);
    const inputs = [
      text,
      write(
        'one.csv.gz',
        gzipSync(
          rows.reduce((out, r) => `${out}${Object.values(r).join(';')}\n`, 'ts;price;size;side;symbol\n'),
        ),
      ),
      write('one.json', JSON.stringify(rows)),
      write('one.ndjson', rows.map((r) => JSON.stringify({ ...r, price: String(r.price) })).join('\n')),
      path('one.parquet'),
      write('one.arrow', arrow.tableToIPC(table, 'file')),
      write('one.arrows', arrow.tableToIPC(table, 'stream')),
    ];
    const opened = await Promise.all(inputs.map((input) => openTrades([input])));
    expect(new Set(opened.map((o) => o.inputHash)).size).toBe(1);
    for (const o of opened) conserved(o);
  });

  it('nulls in Arrow and declarations in its metadata', async () => {
    const table = new arrow.Table({
      ts: arrow.vectorFromArray([T0, null, T0, T0], new arrow.TimestampMillisecond()),
      price: arrow.vectorFromArray([1.5, 1.5, null, 2], new arrow.Float64()),
      size: arrow.vectorFromArray([1n, 1n, 1n, 1n], new arrow.Int64()),
      buyer_maker: arrow.vectorFromArray([true, true, true, null], new arrow.Bool()),
      symbol: arrow.vectorFromArray(['X', 'X', 'X', 'X']),
    });
    const metadata = new Map([
      ['steelyard.instruments', '{"X":{"tick":"0.5","contract":"inverse","multiplier":"100"}}'],
    ]);
    const schema = new arrow.Schema(table.schema.fields, metadata);
    const declared = new arrow.Table(
      schema,
      table.batches.map((b) => new arrow.RecordBatch(schema, b.data)),
    );
    const file = write('nulls.arrow', arrow.tableToIPC(declared, 'file'));
    const opened = await openTrades([file]);
    expect(opened.ledger.counts).toEqual({ bad_time: 1, bad_price: 1 });
    expect(rowsOf(opened.frame).map((row) => [row.price, row.side])).toEqual([
      ['1.5', 2],
      ['2', 0],
    ]);
    expect(opened.frame.instruments[0]).toMatchObject({
      tickDeclared: true,
      contract: 'inverse',
      multiplier: { coef: 100, scale: 0 },
    });
    const overridden = await openTrades([file], { tick: '0.25', contract: 'linear' });
    expect(overridden.frame.instruments[0]).toMatchObject({
      tick: { coef: 25, scale: 2 },
      contract: 'linear',
    });
  });

  it('an Arrow stream cut anywhere is an error or fewer whole batches, never a crash', async () => {
    const table = arrow.tableFromArrays({
      ts: Float64Array.of(T0, T0),
      price: Float64Array.of(1, 2),
      size: Float64Array.of(1, 1),
    });
    const whole = arrow.tableToIPC(table, 'stream');
    for (let cut = 8; cut < whole.length - 8; cut += 16) {
      const result = await openTrades([write('cut.arrows', whole.subarray(0, cut))]).catch(
        (e: unknown) => e as Error,
      );
      if (result instanceof Error) expect(result.name).toBe('InputError');
      else expect(result.frame.rows).toBe(2);
    }
  });
});
