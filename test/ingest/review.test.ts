import { execFileSync } from 'node:child_process';
import { link, mkdir, symlink } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type Opened, type OpenOptions, openTrades } from '../../src/engine/open.js';
import { rowsOf, scratch } from './support.js';

const { path, write } = scratch();
const T = 1_704_153_600_000;
let files = 0;
const openText = (text: string, options: OpenOptions = {}, end = 'csv'): Promise<Opened> =>
  openTrades([write(`r${files++}.${end}`, text)], { instrument: 'X', ...options });
const prices = (opened: Opened): string[] => rowsOf(opened.frame).map((row) => row.price);
const sides = (opened: Opened): number[] => rowsOf(opened.frame).map((row) => row.side);
const scales = ({ frame }: Opened): [number, number][] =>
  frame.instruments.map(({ tick, lot }) => [tick.scale, lot.scale]);

async function duck(...sql: string[]): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  for (const line of sql) await connection.run(line);
  connection.closeSync();
}

it('a capture with a line that does not end is refused before it fills the memory', async () => {
  const endless = `1723161256000000000 {"e":"trade","p":"${'1'.repeat(17 << 20)}`;
  await expect(openText(endless, { from: 'binance-capture' }, 'txt')).rejects.toThrow(
    /line \d+ must be at most 16 MiB long$/,
  );
});

describe('sides', () => {
  const trade = (cells: readonly string[]): string =>
    cells.map((cell, i) => `${T + i},${i + 1},1,${cell}`).join('\n');
  const opened = (name: string, cells: readonly string[], options: OpenOptions = {}): Promise<Opened> =>
    openText(`ts,price,size,${name}\n${trade(cells)}`, options);

  it("a maker's side is the other side of the aggressor's", async () => {
    expect(sides(await opened('maker_side', ['buy', 'sell']))).toEqual([2, 1]);
    expect(sides(await opened('is_buyer_maker', ['true', '0']))).toEqual([2, 1]);
  });

  it('a mapped column without a telling name needs maker= for true and false', async () => {
    const bare = `${T},1,1,true\n${T},2,1,false`;
    const map = { time: '0', price: '1', size: '2' };
    expect(sides(await openText(bare, { map: { ...map, maker: '3' } }))).toEqual([2, 1]);
    for (const text of [bare, `${T},1,1,\n${bare}`])
      await expect(openText(text, { map: { ...map, side: '3' } })).rejects.toThrow(
        /^r\d+\.csv column 3 true, false must say of whom: pass --map maker=<column>/,
      );
    await expect(openText(bare, { map: { ...map, side: '3', maker: '3' } })).rejects.toThrow(
      'map columns side=3, maker=3 must be one of the two',
    );
    const stray = await opened('side', ['buy', 'true', 'sell']);
    expect(stray.ledger.counts).toEqual({ bad_side: 1 });
  });

  it('0, 1 and 2 mean the same in text, integers, floats and booleans', async () => {
    for (const [name, cells, want] of [
      ['side', [1, 2, 0, -1], [1, 2, 0, 2]],
      ['is_buy', [1, 0, 1, 0], [1, 2, 1, 2]],
      ['is_buyer_maker', [1, 0, 1, 0], [2, 1, 2, 1]],
    ] as const) {
      expect(sides(await opened(name, cells.map(String)))).toEqual(want);
      for (const type of ['tinyint', 'bigint', 'double', 'varchar']) {
        const file = path(`side${files++}.parquet`);
        const rows = cells.map((cell, i) => `(${T + i}::bigint, ${i + 1}.0::double, 1, '${cell}'::${type})`);
        await duck(
          `copy (select * from (values ${rows.join(',')}) t(ts, price, size, ${name})) to '${file}'`,
        );
        expect(sides(await openTrades([file]))).toEqual(want);
      }
      const table = new arrow.Table({
        ts: arrow.vectorFromArray(
          cells.map((_, i) => BigInt(T + i)),
          new arrow.Int64(),
        ),
        price: arrow.vectorFromArray(Float64Array.of(1, 2, 3, 4)),
        size: arrow.vectorFromArray(Float64Array.of(1, 1, 1, 1)),
        [name]: arrow.vectorFromArray([...cells], new arrow.Int8()),
      });
      expect(
        sides(await openTrades([write(`side${files++}.arrow`, arrow.tableToIPC(table, 'file'))])),
      ).toEqual(want);
    }
    const file = path('bool.parquet');
    for (const [name, want] of [
      ['is_buy', [1, 2]],
      ['buyer_maker', [2, 1]],
    ] as const) {
      await duck(
        `copy (select * from (values (${T}, 1, 1, true), (${T + 1}, 2, 1, false)) t(ts, price, size, ${name})) to '${file}'`,
      );
      expect(sides(await openTrades([file]))).toEqual(want);
    }
  });
});

describe('COIN-M contracts', () => {
  const text = `ts,price,size,symbol\n${T},40000,3,BTCUSD_PERP\n${T},40000,3,BTCUSDT`;
  it('are no linear ones unless it is said', async () => {
    await expect(openText(text)).rejects.toThrow(
      /^instrument BTCUSD_PERP is a COIN-M contract: pass --contract inverse --multiplier/,
    );
    await expect(openText(text.replace('PERP', '240927'))).rejects.toThrow(/^instrument BTCUSD_240927 is a/);
    const named = write('ETHUSD_PERP-trades-2024.csv', `ts,price,size\n${T},1,1\n`);
    await expect(openTrades([named])).rejects.toThrow(/^instrument ETHUSD_PERP-trades-2024 is a COIN-M/);
    expect((await openText(text, { instruments: ['BTCUSDT'] })).frame.instruments[0]!.contract).toBe(
      'linear',
    );
    await expect(openText(text.toLowerCase())).rejects.toThrow(/^instrument btcusd_perp is a/);
    await expect(openText(text, { contract: 'inverse' })).rejects.toThrow(
      /^contract of BTCUSDT is inverse: declare its face value with --multiplier/,
    );
    const file = write('faces.csv', 'instrument,contract,multiplier\nBTCUSD_PERP,inverse,100\n');
    const { frame } = await openText(text, { scales: file });
    expect(frame.instruments.map((i) => [i.symbol, i.contract, i.multiplier.coef])).toEqual(
      [
        ['BTCUSDT', 'linear', 1],
        ['BTCUSD_PERP', 'inverse', 100],
      ].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    );
  });
});

describe('CSV records', () => {
  it('a header is cut as its rows are', async () => {
    const quoted = await openText(`"ts","price, last","size"\n${T},1.5,2\n`, {
      map: { price: 'price, last' },
    });
    expect(prices(quoted)).toEqual(['1.5']);
    const tab = await openText(`\tts\tprice\tsize\n0\t${T}\t1.5\t2\n`);
    expect(prices(tab)).toEqual(['1.5']);
    const marked = await openText(`\uFEFFts,price,size\r\n${T},1.5,2\r\n`);
    expect(prices(marked)).toEqual(['1.5']);
    expect(prices(await openText(`\uFEFF${T},7,1`, { map: { time: '0', price: '1', size: '2' } }))).toEqual([
      '7',
    ]);
  });

  it('decimal commas shift no column', async () => {
    const opened = await openText(`ts,price,size\n${T},100,5,2\n${T},101,1\n`);
    expect(opened.ledger.counts).toEqual({ bad_row: 1 });
    expect(prices(opened)).toEqual(['101']);
  });

  it('a quoted newline stays in its record, wherever a block ends', async () => {
    const note = 'x'.repeat(997);
    const rows = Array.from({ length: 4000 }, (_, i) => `${T + i},${i + 1},1,"${note}\n${T},9,9,""q"""\n`);
    const opened = await openText(`ts,price,size,note\n${rows.join('')}`);
    expect(opened.ledger.counts).toEqual({});
    expect(opened.frame.rows).toBe(4000);
    expect(prices(opened)[3999]).toBe('4000');
    const stray = await openText(`ts,price,size,note\n${T},1,1,"a\n${rows.slice(0, 9).join('')}`);
    expect(stray.ledger.rowsKept).toBeGreaterThanOrEqual(9);
  });

  it('a name that is there twice is asked for by its number', async () => {
    const text = `ts,price,price,size\n${T},1,2,3\n`;
    await expect(openText(text)).rejects.toThrow(/column price is there twice; pass --map price=/);
    expect(prices(await openText(text, { map: { price: '2' } }))).toEqual(['2']);
    expect(prices(await openText(`ts,price,x,x,size\n${T},1,2,3,4\n`))).toEqual(['1']);
  });
});

describe('JSON', () => {
  it('columns come from many records, not from the first', async () => {
    const rows = [
      { ts: T, price: 1, size: 1 },
      { ts: T + 1, price: '2.5', size: 1, side: 'sell', symbol: 'Y' },
      { ts: T + 2, price: 3, size: 1, side: 'buy', symbol: 'Y' },
    ];
    const opened = await openText(JSON.stringify(rows), {}, 'json');
    expect(opened.mappings[0]!.mapping).toMatchObject({ side: 'side', instrument: 'symbol' });
    expect(rowsOf(opened.frame).map((row) => [row.price, row.side])).toEqual([
      ['2.5', 2],
      ['3', 1],
    ]);
    expect(opened.ledger.counts).toEqual({ bad_instrument: 1 });
  });

  it('a bare NaN is one bad price or one line', async () => {
    const nan = `{"ts":${T},"price":NaN,"size":1}`;
    for (const text of [nan, `[${nan}]`])
      await expect(openText(text, {}, 'json')).rejects.toMatchObject({ name: 'InputError' });
    const good = `{"ts":${T},"price":2,"size":1}`;
    for (const text of [`${nan}\n${good}\n`, `[${good},${nan}]`]) {
      const opened = await openText(text, {}, 'json');
      expect(prices(opened)).toEqual(['2']);
      expect(opened.ledger.counts).toEqual({ bad_price: 1 });
    }
    const odd = await openText(`[null,${good},[1,2],7]`, {}, 'json');
    expect(odd.ledger).toMatchObject({ rowsRead: 4, counts: { bad_time: 3 } });
  });
});

describe('files', () => {
  it('links to files count, and a file counts once', async () => {
    const folder = path('linked');
    await mkdir(folder);
    const file = write('real.csv', `ts,price,size\n${T},1,1\n`);
    await symlink(file, `${folder}/link.csv`);
    await symlink(path('.'), `${folder}/loop.csv`);
    const options = { instrument: 'X' };
    expect((await openTrades([folder], options)).ledger.rowsRead).toBe(1);
    expect((await openTrades([folder, file, file], options)).ledger.rowsRead).toBe(1);
    await link(file, `${folder}/hard.csv`);
    await symlink(path('nowhere.csv'), `${folder}/gone.csv`);
    await expect(openTrades([folder])).rejects.toThrow(/gone\.csv is a link to nothing$/);
  });

  it('a pipe is refused in one line', async () => {
    execFileSync('mkfifo', [path('pipe.csv')]);
    await expect(openTrades([path('pipe.csv')])).rejects.toThrow(/pipe\.csv must be a file or a folder/);
  });

  it('of 1, 2 and 3 bytes', async () => {
    for (const bytes of ['1', 'ab', '\n', '{', '1,2', '\x1f\x8b', '\xff\xff\xff'])
      await expect(openTrades([write('tiny', Buffer.from(bytes, 'latin1'))])).rejects.toMatchObject({
        name: 'InputError',
      });
  });

  it('inputs of one name are told apart in the ledger', async () => {
    await mkdir(path('a'));
    await mkdir(path('b'));
    const both = ['a', 'b'].map((folder) => write(`${folder}/t.csv`, `ts,price,size\n${T},1,1\n${T},0,1\n`));
    const { ledger } = await openTrades(both);
    expect(ledger.rows.map((row) => row.input)).toEqual(both);
  });

  it('a capture with trade and aggTrade events counts each trade once', async () => {
    const line = (e: string, symbol: string, id: number): string =>
      `${T + id}000000 ${JSON.stringify({ stream: 'x', data: { e, s: symbol, t: id, a: id, T: T + id, p: '1.5', q: '2', m: true } })}`;
    const capture = [
      line('aggTrade', 'A', 1),
      line('trade', 'A', 2),
      line('aggTrade', 'B', 3),
      line('trade', 'A', 4),
      line('aggTrade', 'B', 5),
    ].join('\n');
    const { frame, ledger } = await openTrades([write('both.txt', capture)]);
    expect(rowsOf(frame).map((row) => [row.symbol, row.time / 1000 - T])).toEqual([
      ['A', 2],
      ['A', 4],
      ['B', 3],
      ['B', 5],
    ]);
    expect(ledger.rowsRead).toBe(4);
  });
});

describe('ids', () => {
  it('beyond 2^53 they agree in text and integers, and doubles order rows', async () => {
    const ids = ['9007199254740995', '18446744073709551615', '9007199254740993', '9007199254740993'];
    const text = await openText(
      `ts,price,size,id\n${ids.map((id, i) => `${T},${i < 2 ? i + 1 : 3},1,${id}`).join('\n')}`,
    );
    expect(text.ledger.counts).toEqual({ duplicate: 1 });
    const values = ids.map((id, i) => `(${T}::bigint, ${i < 2 ? i + 1 : 3}::double, 1, ${id}::ubigint)`);
    const from = `(values ${values.join(',')}) t(ts, price, size, id)`;
    await duck(`copy (select * from ${from}) to '${path('ids.parquet')}'`);
    const whole = await openTrades([path('ids.parquet')], { instrument: 'X' });
    expect(whole.inputHash).toBe(text.inputHash);
    const mixed = await openTrades(
      [path('ids.parquet'), write('ids.csv', `ts,price,size,id\n${T},3,1,${ids[2]}`)],
      {
        instrument: 'X',
      },
    );
    expect(mixed.ledger.counts).toEqual({ duplicate: 2 });
    await duck(
      `copy (select * from (values (${T}, 2, 1, 12.0::double), (${T}, 1, 1, 3.0::double)) t(ts, price, size, id)) to '${path('dbl.parquet')}'`,
    );
    expect(prices(await openTrades([path('dbl.parquet')]))).toEqual(['1', '2']);
  });

  it('of which many rows share one', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${T + i},${1 + (i % 7)}.5,1,7`);
    const opened = await openText(`ts,price,size,id\n${rows.join('\n')}\n${rows[0]}`);
    expect(opened.ledger.counts).toEqual({ duplicate: 1 });
  });
});

describe('a row that goes to the ledger changes nothing else', () => {
  const good = Array.from(
    { length: 50 },
    (_, i) => `${T + i},${100 + (i % 9) / 4},${1 + (i % 3)}.5,buy,${i}`,
  );
  const text = (rows: readonly string[]): string => `ts,price,size,side,id\n${rows.join('\n')}\n`;
  it.each([
    ['bad size, fine price', `${T},100.123456789,x,buy,90`],
    ['bad price, fine size', `${T},x,1.123456789,buy,90`],
    ['bad side', `${T},1.123456789,1.123456789,sideways,90`],
    ['absurd price, fine size', `${T},1e30,0.00000001,buy,90`],
    ['far price, fine size', `${T},99999999999,0.00000001,buy,90`],
    ['fine price, absurd size', `${T},100.00000001,1e40,buy,90`],
    ['too fine price, fine size', `${T},0.00000000000000000001,0.00000001,buy,90`],
    ['fine price, too fine size', `${T},100.0001,0.0000000000000000000001,buy,90`],
    ['short', `${T},1.123456789`],
  ])('%s', async (_, bad) => {
    const clean = await openText(text(good));
    for (const at of [0, 20, 50]) {
      const opened = await openText(text([...good.slice(0, at), bad, ...good.slice(at)]));
      expect(opened.ledger.rowsKept).toBe(50);
      expect(scales(opened)).toEqual(scales(clean));
      expect(opened.inputHash).toBe(clean.inputHash);
    }
  });
});

describe('one bad cell', () => {
  it('is a bad row wherever a batch ends', async () => {
    for (const end of ['', '\n']) {
      const opened = await openText(`ts,price,size\n${T},100,1\n${T + 1},n/a,1${end}`);
      expect(opened.ledger.counts).toEqual({ bad_price: 1 });
    }
    for (const cell of ['price', 'size', 'ts']) {
      const rows = Array.from({ length: 2049 }, (_, i) => ({
        ...{ ts: String(T + i), price: '1', size: '1' },
        ...(i === 2048 ? { [cell]: 'n/a' } : {}),
      }));
      const opened = await openText(JSON.stringify(rows), {}, 'json');
      expect(opened.frame.rows).toBe(2048);
    }
  });

  it('a stamp of another magnitude decides nothing', async () => {
    for (const odd of [T / 1000, T * 1000, `${T}000000`, '17']) {
      const rows = [odd, ...Array.from({ length: 9 }, (_, i) => T + i)].map((t) => `${t},1,1`);
      const opened = await openText(`ts,price,size\n${rows.join('\n')}`);
      expect(opened.ledger.counts).toEqual({ bad_time: 1 });
      expect(rowsOf(opened.frame)[0]!.time).toBe(T * 1000);
    }
  });
});

describe('time', () => {
  it('24 is the end of a day and nothing more', async () => {
    const opened = await openText(
      `ts,price,size\n2024-01-02T24:00:00,1,1\n2024-01-02T24:30:00,2,1\n2024-01-02T24:00:00.1,3,1\n`,
    );
    expect(rowsOf(opened.frame).map((row) => [row.price, row.time])).toEqual([
      ['1', (T + 86_400_000) * 1000],
    ]);
    expect(opened.ledger.counts).toEqual({ bad_time: 2 });
  });

  it('nanoseconds are floored in every type', async () => {
    const ns = '1704153600123455999';
    const want = 1704153600123455;
    const times = (opened: Opened): number[] => rowsOf(opened.frame).map((row) => row.time);
    for (const form of [ns, '1704153600123455.999', '1704153600123.455999', '1704153600.123455999'])
      for (const [end, text] of [
        ['csv', `ts,price,size\n${form},1,1\n`],
        ['json', `[{"ts":"${form}","price":1,"size":1}]`],
      ])
        expect(times(await openText(text!, {}, end))).toEqual([want]);
    for (const type of ['bigint', 'ubigint', 'decimal(20,0)', 'varchar']) {
      await duck(`copy (select ${ns}::${type} as ts, 1 as price, 1 as size) to '${path('ns.parquet')}'`);
      expect(times(await openTrades([path('ns.parquet')]))).toEqual([want]);
    }
  });
});

describe('numbers', () => {
  it('one absurd price among many leaves the frame as it was', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${T + i},${100 + (i % 97) / 100},1`);
    const clean = await openText(`ts,price,size\n${rows.join('\n')}\n`);
    const opened = await openText(`ts,price,size\n${rows.join('\n')}\n${T},0.0000000000001,1\n`);
    expect(opened.ledger.counts).toEqual({ inexact: 1 });
    expect(opened.inputHash).toBe(clean.inputHash);
  });

  it('the 1e-6 tick bound is the same for f64 and for text', async () => {
    // off by exactly 1e-6 ticks is off; a hair less is on
    for (const [tick, price, kept] of [
      ['1', '100.000001', false],
      ['1', '100.0000009999', true],
      ['0.1', '7.0000001', false],
      ['0.1', '7.00000009999', true],
      ['0.25', '3.25000025', false],
      ['0.01', '40000.00000001', false],
      ['3', '300000.000003', false],
    ] as const) {
      const row = (p: string): string => `ts,price,size\n${T},${p},1\n${T},30,1\n`;
      for (const p of [price, `${price}${'0'.repeat(20)}`])
        expect([p, (await openText(row(p), { tick })).frame.rows]).toEqual([p, kept ? 2 : 1]);
      await duck(
        `copy (select * from (values (${T}, ${price}::double, 1), (${T}, 30::double, 1)) t(ts, price, size)) to '${path('tick.parquet')}'`,
      );
      expect((await openTrades([path('tick.parquet')], { tick })).frame.rows).toBe(kept ? 2 : 1);
    }
  });

  it('rows beyond the ledger are counted as cut', async () => {
    const bad = `${T},0,1\n`.repeat(1_000_003);
    const { ledger } = await openText(`ts,price,size\n${bad}${T},1,1\n`);
    expect(ledger.counts).toEqual({ bad_price: 1_000_003 });
    expect([ledger.rows.length, ledger.cut]).toEqual([1_000_000, 3]);
    expect((await openText(`ts,price,size\n${T},1,1\n${T},0,1\n`)).ledger.cut).toBeUndefined();
  });
});

describe('declarations and types', () => {
  it('scales files hold quoted names and empty cells', async () => {
    const trades = `ts,price,size,symbol\n${T},1.5,1,"A,B"\n`;
    const scales = write('q.csv', 'instrument,tick\n"A,B",0.5,,\nUNSEEN,1\n');
    const { frame } = await openText(trades, { scales });
    expect(frame.instruments[0]).toMatchObject({ symbol: 'A,B', tick: { coef: 5, scale: 1 } });
    const bad = write('bad-scales.csv', 'instrument,tick\nA,B,0.5\n');
    await expect(openText(trades, { scales: bad })).rejects.toThrow(
      /^bad-scales\.csv line 2 A,B,0\.5 must have 2/,
    );
  });

  it('instruments may be integers, and no other type is called damage', async () => {
    const table = (symbol: arrow.Vector): string =>
      write(
        'types.arrow',
        arrow.tableToIPC(
          new arrow.Table({
            ts: arrow.vectorFromArray([T, T], new arrow.TimestampMillisecond()),
            price: arrow.vectorFromArray(Float64Array.of(1, 2)),
            size: arrow.vectorFromArray(Float64Array.of(1, 1)),
            symbol,
          }),
          'file',
        ),
      );
    const big = await openTrades([table(arrow.vectorFromArray([7n, 9007199254740993n], new arrow.Int64()))]);
    expect(big.frame.instruments.map((i) => i.symbol)).toEqual(['7', '9007199254740993']);
    await duck(
      `copy (select * from (values (${T}, 1, 1, 7::bigint), (${T}, 2, 1, 9007199254740993)) t(ts, price, size, symbol)) to '${path('types.parquet')}'`,
    );
    expect((await openTrades([path('types.parquet')])).inputHash).toBe(big.inputHash);
    const codes = new arrow.Dictionary(new arrow.Int32(), new arrow.Int32());
    await expect(openTrades([table(arrow.vectorFromArray([7, 8], codes))])).rejects.toThrow(
      /^types\.arrow column symbol of type Dictionary<.*> must be text/,
    );
  });
});
