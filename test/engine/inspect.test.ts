import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import { type InspectOptions, inspect } from '../../src/engine/inspect.js';
import type { Inspection, KindInspection } from '../../src/engine/inspect-types.js';
import { dataLine, haveData, realData, scratch } from '../ingest/support.js';
import { zipOf } from '../support/zip.js';

const files = scratch();
const DAY = 86_400e6;

const kindOf = (found: Inspection, kind: string): KindInspection => {
  const of = found.kinds.find((entry) => entry.kind === kind);
  if (of === undefined) throw new Error(`no ${kind} among ${found.kinds.map((entry) => entry.kind)}`);
  return of;
};

const write = (name: string, lines: readonly string[]): string => files.write(name, `${lines.join('\n')}\n`);

async function dataset(name: string, format: string, paths: readonly string[]): Promise<string> {
  const importer = findImporter(format);
  await importDataset({
    folder: files.path(name),
    sources: await importSources(
      paths,
      paths.map((path) => basename(path)),
    ),
    format: importer
      ? nativeFormat(importer, {})
      : tableFormat({ format: format as 'csv', kind: 'trades', venue: 'okx' }),
  });
  return files.path(name);
}

/** Bars of a day each, `YYYY-MM-DD` and hours the bar has, as Binance's archive writes them. */
const klines = (days: readonly (readonly [day: string, hours?: number])[]): string[] =>
  days.map(([day, hours = 24]) => {
    const open = Date.parse(day);
    return `${open},1,2,0.5,1.5,10,${open + hours * 3600e3 - 1},12,3,4,5,0`;
  });

describe('inspect: real files', () => {
  // Numbers of this block were computed outside of the code, by a Python script over the same files (json, csv and
  // gzip modules only), and agree with data/README.md where that names them.
  const capture = realData('binance-capture/usdm_ethusdt_20240808.gz');

  it.skipIf(!haveData)(`${dataLine}: USD-M capture`, async () => {
    const found = await inspect([capture]);
    expect([found.format, found.alsoFits, found.of]).toEqual(['binance-websocket', [], 'files']);
    const trades = kindOf(found, 'trades');
    expect(trades).toMatchObject({
      ...{ rows: 14_076, first: 1723161256560_000, last: 1723161600029_000, outOfOrder: 0 },
      days: { withRows: 2, inRange: 2, missing: [] },
    });
    expect(trades.days.rows).toEqual([
      { day: '2024-08-08', rows: 14_051, instruments: 1 },
      { day: '2024-08-09', rows: 25, instruments: 1 },
    ]);
    // 14,076 different ids between smallest and largest, which are 14,075 apart
    expect(trades.gaps.ids).toEqual({
      ...{ rows: 14_076, missing: 0, gaps: 0, repeated: 0, exact: true, largest: null },
    });
    expect(trades.gaps.silence?.micros).toBe(1_528_000);
    expect(trades.instruments[0]).toMatchObject({
      ...{ name: 'binance-usdm:ETHUSDT', rows: 14_076 },
      scales: [{ price_unit: '0.01', size_unit: '0.001', contract: 'linear' }],
    });
    // every local stamp lies before the exchange's, from 1.214611 to 1.272229 s; the median is -1,268,540 µs
    const { rows, skew, delay } = trades.clock!;
    expect([rows, skew!.rows, skew!.extreme]).toEqual([14_076, 14_076, -1_272_229]);
    expect([delay.min, delay.max]).toEqual([-1_272_229, -1_214_611]);
    expect(Math.abs(skew!.median / -1_268_540 - 1)).toBeLessThan(0.004);
    // 6,586 diffs, each with the id of the one before
    expect(kindOf(found, 'book_delta').gaps.sequence).toEqual({
      ...{ rule: 'binance-futures', messages: 6586, snapshots: 1, breaks: 0, old: 0, examples: [] },
    });
    expect(found.ledger).toMatchObject({
      rowsRead: 498_730,
      rowsKept: 498_730,
      counts: {},
      duplicates: null,
    });
  });

  it.skipIf(!haveData)(`${dataLine}: klines of 203 symbols`, async () => {
    const found = await inspect([realData('binance-klines')]);
    expect(found.format).toBe('binance-klines');
    const bars = kindOf(found, 'bars');
    expect([bars.rows, bars.instruments.length]).toEqual([129_451, 203]);
    // 98 places where a day does not follow a day: 5 gaps with 29 days in all, and 93 rows that repeat the one before
    expect(bars.gaps.intervals).toEqual({
      ...{ rows: 129_451, widths: [{ interval: DAY, rows: 129_451 }], gaps: 5, missing: 29 },
      ...{ repeated: 93, irregular: 0, cutShort: 15 },
      largest: { from: Date.parse('2022-05-14') * 1000, to: Date.parse('2022-05-31') * 1000, missing: 17 },
    });
    expect(bars.days).toMatchObject({ withRows: 638, inRange: 638, missing: [] });
    const repeated = bars.instruments.filter(({ gaps }) => gaps.intervals!.repeated > 0);
    expect(repeated.map(({ symbol }) => symbol)).toContain('JUVUSDT');
  });

  it.skipIf(!haveData)(`${dataLine}: one table in three formats`, async () => {
    const found = await Promise.all(
      ['parquet', 'feather', 'json.gz'].map((end) => inspect([realData(`freqtrade/XRP_ETH-trades.${end}`)])),
    );
    expect(found.map(({ format }) => format)).toEqual(['parquet', 'arrow', 'freqtrade-trades']);
    for (const one of found) {
      const trades = kindOf(one, 'trades');
      expect(trades).toMatchObject({ rows: 12_477, first: 1570752011620_000, last: 1570965568844_000 });
      expect(trades.days.rows.map(({ rows }) => rows)).toEqual([5929, 4134, 2414]);
      // 12,477 different ids, first and last 12,476 apart
      expect(trades.gaps.ids).toMatchObject({ rows: 12_477, missing: 0, repeated: 0 });
      expect(trades.instruments[0]!.scales).toEqual([{ price_unit: '0.00000001', size_unit: '1' }]);
    }
    expect(found[0]!.table).toMatchObject({ rows: 12_477, columns: { length: 7 } });
    expect(found[0]!.table!.columns[0]).toMatchObject({ name: 'timestamp', type: 'BIGINT' });
    expect(found[2]!.table).toBeNull();
  });

  it.skipIf(!haveData)(`${dataLine}: options, pool swaps, open interest, mentions`, async () => {
    const deribit = kindOf(await inspect([realData('deribit/deribit_options.csv')]), 'options');
    expect([deribit.rows, deribit.instruments.length]).toEqual([684, 684]);
    expect([deribit.first, deribit.last]).toEqual([1704712781414_000, 1704712781429_000]);
    const values = Object.fromEntries(deribit.schema.map((column) => [column.name, column.values]));
    expect(values).toMatchObject({ bid: 454, ask: 431, last: 509, open_interest: 684 });

    const pool = await inspect([realData('uniswap-v3/usdc-eth-005_2024-01-05.raw.csv')]);
    expect([pool.format, pool.alsoFits]).toEqual(['uniswap-v3', []]);
    expect(kindOf(pool, 'dex_swaps').rows).toBe(6046);
    expect(kindOf(pool, 'dex_swaps').gaps.silence!.micros).toBe(120e6);
    // 6,234 logs, of which 6,046 are swaps, and the header
    expect(pool.ledger!.skipped).toBe(6234 - 6046 + 1);

    const oi = kindOf(await inspect([realData('coinalyze/open_interest_all_perps_7d.csv')]), 'oi');
    expect([oi.rows, oi.instruments.length]).toEqual([4422, 640]);
    expect(oi.gaps.intervals).toMatchObject({ gaps: 7, missing: 8, repeated: 0 });

    const social = kindOf(await inspect([realData('social')]), 'social');
    expect(social.rows).toBe(3586);
    expect(social.days).toMatchObject({
      ...{ withRows: 218, inRange: 220 },
      missing: [{ from: '2025-08-10', to: '2025-08-11', days: 2 }],
    });
  });

  it.skipIf(!haveData)(`${dataLine}: a zip archive, whose member says what it is`, async () => {
    const found = await inspect([realData('bybit/xrpusdt-ob500.data.zip')]);
    expect(found.format).toBe('bybit-ob500');
    expect(kindOf(found, 'book_delta').gaps.sequence).toMatchObject({
      ...{ rule: 'bybit', messages: 49, snapshots: 1, breaks: 0 },
    });
  });

  it.skipIf(!haveData)(`${dataLine}: a dataset of two formats`, async () => {
    const names = ['BTCUSDT', 'JUVUSDT', 'LUNAUSDT'].map((name) => realData(`binance-klines/${name}.csv`));
    await dataset('two', 'binance-klines', names);
    const folder = await dataset('two', 'binance-websocket', [capture]);
    const found = await inspect([folder]);
    expect(found.dataset).toMatchObject({ lock: null, unfinished: null, problems: [] });
    expect(found.dataset!.sources.map(({ format }) => format).sort()).toEqual([
      ...['binance-klines', 'binance-klines', 'binance-klines', 'binance-websocket'],
    ]);
    expect(found.kinds.map(({ kind }) => kind)).toEqual(['bars', 'book_delta', 'book_snapshot', 'trades']);
    // as in the files, read row by row from what was stored: ids and sequence numbers are there
    const [file, trades] = [kindOf(await inspect([capture]), 'trades'), kindOf(found, 'trades')];
    expect(trades).toEqual({
      ...file,
      instruments: file.instruments.map((one) => ({
        ...one,
        scales: one.scales.map((scale) => ({ from: '2024-08-08', ...scale })),
      })),
    });
    expect(kindOf(found, 'book_delta').gaps.sequence).toMatchObject({
      messages: 6586,
      snapshots: 1,
      breaks: 0,
    });
    const bars = kindOf(found, 'bars');
    expect(bars.gaps.intervals).toMatchObject({ repeated: 0 });
    expect(found.ledger).toMatchObject({ duplicates: 93, counts: {} });
  });
});

describe('inspect: files', () => {
  it('counts trade ids that are missing, whatever their order', async () => {
    const trade = (id: number, second: number): string =>
      `${id},10.5,1,10.5,${1704412800000 + second * 1000},true,true`;
    // 1 to 20 less 4, 5, 9; 12 comes late and 7 twice
    const ids = [1, 2, 3, 6, 7, 8, 7, 10, 11, 13, 14, 12, 15, 16, 17, 18, 19, 20];
    const path = write('ETHUSDT-trades-2024-01-05.csv', ids.map(trade));
    const found = await inspect([path]);
    expect(found.format).toBe('binance-trades');
    const { ids: gaps, silence } = kindOf(found, 'trades').gaps;
    expect(gaps).toEqual({
      ...{ rows: 18, missing: 3, gaps: 2, repeated: 1, exact: true, largest: { from: 4, to: 5 } },
    });
    expect(silence!.micros).toBe(1e6);
  });

  it('tells bars cut short, repeated and missing apart, widths too', async () => {
    const path = write('ABCUSDT.csv', [
      // two days missing, a day cut short at 2 h, another one twice
      ...klines([['2022-01-01'], ['2022-01-02'], ['2022-01-05'], ['2022-01-06', 2], ['2022-01-07']]),
      ...klines([['2022-01-08', 4], ['2022-01-08', 4], ['2022-01-09']]),
    ]);
    const bars = kindOf(await inspect([path]), 'bars');
    expect(bars.gaps.intervals).toEqual({
      ...{ rows: 8, widths: [{ interval: DAY, rows: 7 }], gaps: 1, missing: 2, repeated: 1, irregular: 0 },
      ...{
        cutShort: 2,
        largest: { from: Date.parse('2022-01-03') * 1000, to: Date.parse('2022-01-05') * 1000, missing: 2 },
      },
    });
    expect(bars.days.missing).toEqual([{ from: '2022-01-03', to: '2022-01-04', days: 2 }]);
    expect(bars.gaps.silence!.micros).toBe(3 * DAY);
  });

  it('takes a narrower series for one of its own once it goes on', async () => {
    const hours = (day: string, from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, h) => {
        const open = Date.parse(day) + (from + h) * 3600e3;
        return `${open},1,2,0.5,1.5,10,${open + 3600e3 - 1},12,3,4,5,0`;
      });
    // hours begin where the days wait for their next bar; the day's own bar comes behind the first hour
    const path = write('ABCUSDT-1d.csv', [
      ...klines([['2022-01-01'], ['2022-01-02']]),
      ...hours('2022-01-03', 0, 1),
      ...klines([['2022-01-03']]),
      ...hours('2022-01-03', 1, 5),
      ...hours('2022-01-03', 7, 9),
      ...klines([['2022-01-04']]),
    ]);
    expect(kindOf(await inspect([path]), 'bars').gaps.intervals).toMatchObject({
      ...{ rows: 11, gaps: 1, missing: 2, repeated: 0, irregular: 0, cutShort: 0 },
      widths: [
        { interval: DAY / 24, rows: 7 },
        { interval: DAY, rows: 4 },
      ],
    });
  });

  it('takes months of 28 to 31 days for one series', async () => {
    const month = (m: number): string =>
      `${Date.UTC(2022, m)},1,2,0.5,1.5,10,${Date.UTC(2022, m + 1) - 1},12,3,4,5,0`;
    const path = write('ABCUSDT-1mo.csv', [0, 1, 2, 5].map(month));
    expect(kindOf(await inspect([path]), 'bars').gaps.intervals).toMatchObject({
      ...{ widths: [{ interval: 31 * DAY, rows: 4 }], gaps: 1, missing: 2, irregular: 0 },
    });
  });

  it('sees messages of a book that do not follow, by the rule of the venue', async () => {
    const row = (first: number, last: number, pu: number): string =>
      `BTCUSDT,${1667346579000 + last},${first},${last},b,set,100.1,1,${pu}`;
    const header = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu';
    const path = write('btcusdt-depth-update.csv', [
      ...[header, row(1, 3, 0), row(4, 6, 3), row(9, 9, 8), row(10, 12, 9), row(4, 6, 3)],
    ]);
    const { sequence } = kindOf(await inspect([path]), 'book_delta').gaps;
    expect(sequence).toEqual({
      ...{ rule: 'binance-futures', messages: 5, snapshots: 0, breaks: 1, old: 1 },
      examples: [{ ts: 1667346579009_000, after: 6, found: 8 }],
    });
    const tardis = write('x.csv', [
      'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount',
      'deribit,BTC-PERPETUAL,1585699200245000,1585699200145000,true,ask,6421.5,18640',
      'deribit,BTC-PERPETUAL,1585699200345000,1585699200355684,false,ask,6421.5,0',
    ]);
    const book = kindOf(await inspect([tardis]), 'book_delta');
    // nobody counts these messages, so nothing is claimed of them
    expect(book.gaps.sequence).toMatchObject({ rule: null, breaks: null, messages: 1, snapshots: 1 });
    expect(book.clock).toEqual({
      ...{ rows: 2, delay: { min: -100_000, median: -100_000, max: 10_684 } },
      skew: { rows: 1, median: -100_000, extreme: -100_000 },
    });
  });

  it('says what an import would leave out, with the first rows of each reason', async () => {
    const good = klines([['2022-01-01']])[0]!;
    const bad = Array.from({ length: 5 }, (_, i) => `x${i}`);
    const found = await inspect([write('ABCUSDT-bad.csv', [good, good.replace(',10,', ',1e999,'), ...bad])]);
    expect(found.ledger).toEqual({
      ...{ rowsRead: 7, rowsKept: 1, duplicates: null, skipped: 0, counts: { bad_row: 5, bad_size: 1 } },
      examples: [
        { source: 'ABCUSDT-bad.csv', row: 1, reason: 'bad_size', text: good.replace(',10,', ',1e999,') },
        ...[0, 1, 2].map((i) => ({
          source: 'ABCUSDT-bad.csv',
          row: 2 + i,
          reason: 'bad_row',
          text: `x${i}`,
        })),
      ],
    });
  });

  it('reads a table as the kind its columns fit, or shows its columns', async () => {
    const bars = await inspect([
      write('b.csv', [
        'time,open,high,low,close,volume',
        '2024-01-05,1,2,0.5,1.5,10',
        '2024-01-07,1,2,0.5,1.5,10',
      ]),
    ]);
    expect([bars.format, kindOf(bars, 'bars').rows, bars.params.kind]).toEqual(['csv', 2, 'bars']);
    expect(kindOf(bars, 'bars').days.missing).toEqual([{ from: '2024-01-06', to: '2024-01-06', days: 1 }]);
    // no widths, no claim
    expect(kindOf(bars, 'bars').gaps.intervals).toBeNull();
    const other = await inspect([write('o.csv', ['a,b', '1,2', '3,4'])]);
    expect(other).toMatchObject({
      kinds: [],
      ledger: null,
      table: { rows: 2, columns: [{ name: 'a' }, { name: 'b' }] },
    });
    const bare = await inspect([write('bare.csv', ['7,8,9', '1,2,3'])]);
    expect(bare.table).toMatchObject({ rows: 2, columns: [{ name: '0' }, { name: '1' }, { name: '2' }] });
    const mapped = await inspect([write('m.csv', ['w,p,s', '2024-01-05 00:00,1.5,2'])], {
      table: { map: { ts: 'w', price: 'p', size: 's' }, venue: 'okx', kind: 'trades' },
    });
    expect(kindOf(mapped, 'trades').instruments[0]!.name).toBe('okx:m');
  });

  it('says which other formats fit, and takes the one that is named', async () => {
    const lines = [
      'block_number,block_timestamp,transaction_hash,log_index,topics,data',
      `1,2024-01-05 00:00:23,0x${'ab'.repeat(32)},1,"['0x${'12'.repeat(32)}']",0x`,
    ];
    const path = write('pool.csv', lines);
    const found = await inspect([path]);
    expect([found.format, ...found.alsoFits].sort()).toEqual(['uniswap-v2', 'uniswap-v3']);
    expect((await inspect([path], { format: 'uniswap-v3' })).alsoFits).toEqual([]);
    const named = write('data.csv', klines([['2022-01-01']]));
    const klinesOf = (params: Record<string, unknown>): Promise<Inspection> =>
      inspect([named], { format: 'binance-klines', params });
    expect(kindOf(await klinesOf({ symbol: 'ABCUSDT', market: 'usdm' }), 'bars').instruments[0]!.name).toBe(
      'binance-usdm:ABCUSDT',
    );
  });

  it('opens archives', async () => {
    const zip = files.write(
      'k.zip',
      zipOf([
        {
          name: 'ABCUSDT-1d-2022-01.csv',
          content: `${klines([['2022-01-01'], ['2022-01-02']]).join('\n')}\n`,
        },
      ]),
    );
    const found = await inspect([zip]);
    expect([found.format, kindOf(found, 'bars').rows]).toEqual(['binance-klines', 2]);
  });

  it.each([
    ['a file that is not there', () => files.path('none.csv'), /none\.csv does not exist/],
    [
      'random bytes',
      () =>
        files.write(
          'r.bin',
          Uint8Array.from({ length: 999 }, (_, i) => (i * 7919) % 251),
        ),
      /r\.bin is of no known format: pass --format/,
    ],
    ['a cut zip', () => files.write('c.zip', 'PK\u0003\u0004xx'), /zip archive c\.zip is damaged/],
    ['a cut gzip', () => files.write('c.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1)), /c\.gz/],
    [
      'a cut Arrow file',
      () => files.write('c.arrow', 'ARROW1\0\0xxxxxxxx'),
      /Arrow file c\.arrow is (damaged|truncated)/,
    ],
    ['a cut Parquet file', () => files.write('c.parquet', 'PAR1xxxx'), /c\.parquet/],
    ['JSON that is none', () => files.write('c.json', '[{"a":'), /c\.json is damaged/],
    ['a file without bytes', () => files.write('z.csv', ''), /z\.csv is empty/],
  ])('refuses %s in one line', async (_, path, message) => {
    await expect(inspect([path()])).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(message),
    });
  });

  it('refuses files of several formats, and --check of files', async () => {
    const a = write('FIRSTUSDT.csv', klines([['2022-01-01']]));
    const b = write('second.csv', ['ts,price,size', '2024-01-05,1,2']);
    await expect(inspect([a, b])).rejects.toThrow(
      /inputs FIRSTUSDT\.csv \(binance-klines\) and second\.csv \(csv\) must be of one format/,
    );
    await expect(inspect([a], { check: true })).rejects.toThrow(/--check .* needs a dataset/);
  });
});

describe('inspect: datasets', () => {
  const trades = (name: string, day: string): string =>
    write(name, [
      'id,ts,price,size',
      `1,${day} 00:00:01,1.5,2`,
      `2,${day} 00:00:02,1.25,2`,
      `3,${day} 00:00:03,x,2`,
    ]);
  const made = async (name: string): Promise<string> => {
    await dataset(name, 'csv', [trades('ABC.csv', '2024-01-05')]);
    return dataset(name, 'csv', [trades('DEF.csv', '2024-01-08')]);
  };
  const onlyPartition = (folder: string, at = 0): string => {
    const group = join(folder, 'trades/okx');
    return join(group, readdirSync(group).sort()[at]!);
  };

  it('says what it holds, and what was left out', async () => {
    const found = await inspect([await made('plain')]);
    const of = kindOf(found, 'trades');
    expect(of.instruments.map(({ name, rows, days }) => [name, rows, days.withRows])).toEqual([
      ['okx:ABC', 2, 1],
      ['okx:DEF', 2, 1],
    ]);
    expect(of.days).toEqual({
      ...{ withRows: 2, inRange: 4, missing: [{ from: '2024-01-06', to: '2024-01-07', days: 2 }] },
      rows: [
        { day: '2024-01-05', rows: 2, instruments: 1 },
        { day: '2024-01-08', rows: 2, instruments: 1 },
      ],
    });
    expect(of.schema.map(({ stored, type, unit }) => [stored, type, unit])).toEqual([
      ...[
        ['instrument', 'symbol', ''],
        ['ts', 'timestamp', 'µs'],
        ['seq', 'i64', ''],
      ],
      ...[
        ['tick', 'i32', 'price_unit'],
        ['lots', 'i64', 'size_unit'],
      ],
    ]);
    expect(of.instruments[0]!.scales).toEqual([{ from: '2024-01-05', price_unit: '0.01', size_unit: '1' }]);
    expect(found.ledger).toMatchObject({ rowsRead: 6, rowsKept: 4, duplicates: 0, counts: { bad_price: 2 } });
    expect(found.ledger!.examples.map(({ source, row, reason }) => [source, row, reason])).toEqual([
      ['ABC.csv', 2, 'bad_price'],
      ['DEF.csv', 2, 'bad_price'],
    ]);
    expect(found.dataset!.problems).toEqual([]);
  });

  it('reports a partition that was changed, cut short or lost, and counts the others', async () => {
    const folder = await made('damaged');
    const path = onlyPartition(folder);
    const good = readFileSync(path);
    const changed =
      /^dataset file trades\/okx\/2024-01-05-\w+\.arrow has other content than the manifest's SHA-256 says$/;
    const bad = Uint8Array.from(good);
    // one price, 1.5 to 1.51: still a good Arrow file
    bad[good.indexOf(Buffer.from(Int32Array.of(150, 125).buffer))] = 151;
    for (const bytes of [bad, good.subarray(0, good.length - 40), new Uint8Array(0)]) {
      writeFileSync(path, bytes);
      const found = await inspect([folder]);
      expect(found.dataset!.problems).toEqual([expect.stringMatching(changed)]);
      expect(kindOf(found, 'trades').instruments.map(({ name, rows }) => [name, rows])).toEqual([
        ['okx:DEF', 2],
      ]);
      const checked = await inspect([folder], { check: true });
      expect([checked.dataset!.problems, checked.kinds]).toEqual([found.dataset!.problems, []]);
    }
    rmSync(path);
    expect((await inspect([folder])).dataset!.problems).toEqual([
      expect.stringMatching(/^dataset file .* is missing$/),
    ]);
    writeFileSync(path, good);
    expect((await inspect([folder], { check: true })).dataset!.problems).toEqual([]);
    writeFileSync(join(folder, 'ledger.arrow'), 'no ledger');
    expect((await inspect([folder])).dataset!.problems).toEqual(['dataset ledger ledger.arrow is damaged']);
  });

  it('reports an unfinished import and a lock', async () => {
    const folder = await made('locked');
    mkdirSync(join(folder, '.import'));
    writeFileSync(join(folder, '.import/id'), 'x');
    writeFileSync(join(folder, '.import/state.json'), JSON.stringify({ id: 'x', counts: [{}, {}] }));
    // no process has this number: the system's are below 2^22
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: 2 ** 30, started: '1', host: 'elsewhere' }));
    const { dataset: state } = await inspect([folder]);
    expect(state!.unfinished).toEqual({ sourcesRead: 2 });
    // of another machine's process nobody here can say that it has died
    expect(state!.lock).toEqual({ pid: 2 ** 30, host: 'elsewhere', alive: true });
    const begun = files.path('begun');
    mkdirSync(join(begun, '.import'), { recursive: true });
    writeFileSync(join(begun, '.import/id'), 'x');
    const empty = await inspect([begun]);
    expect(empty).toMatchObject({ of: 'dataset', kinds: [], dataset: { unfinished: { sourcesRead: 0 } } });
  });

  it.each([
    ['no JSON', '{"steelyard":"dataset"'],
    [
      'counts that are texts',
      '{"steelyard":"dataset","schemaVersion":1,"sources":[],"partitions":[],"ledger":{"bad_row":"many"},"ledgerCut":0}',
    ],
    [
      'a source that is null',
      '{"steelyard":"dataset","schemaVersion":1,"sources":[null],"partitions":[],"ledger":{},"ledgerCut":0}',
    ],
    ['no ledger', '{"steelyard":"dataset","schemaVersion":1,"sources":[],"partitions":[]}'],
  ])('refuses a manifest with %s', async (name, text) => {
    const folder = files.path(`manifest ${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), text);
    await expect(inspect([folder])).rejects.toThrow(/^dataset manifest .* is damaged/);
  });

  it("tells the dataset's own files, one by one", async () => {
    const folder = await made('own');
    const of = (name: string, options: InspectOptions = {}): Promise<Inspection> => inspect([name], options);
    const ledger = await of(join(folder, 'ledger.arrow'));
    expect([ledger.format, ledger.table!.rows, ledger.ledger!.counts]).toEqual([
      'ledger',
      2,
      { bad_price: 2 },
    ]);
    const instruments = await of(join(folder, 'instruments.arrow'));
    expect([instruments.format, instruments.table!.rows]).toEqual(['instruments', 2]);
    const partition = await of(onlyPartition(folder, 1));
    expect(partition.format).toBe('partition');
    expect(kindOf(partition, 'trades').instruments[0]).toMatchObject({ name: 'okx:DEF', rows: 2 });
    expect(partition.table!.metadata['steelyard.day']).toBe('2024-01-08');
  });
});
