import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { decimal } from '../../src/core/decimal.js';
import type { KindName } from '../../src/core/kinds.js';
import type { InstrumentDeclaration } from '../../src/core/raw.js';
import { importDataset } from '../../src/dataset/import.js';
import { readManifest } from '../../src/dataset/manifest.js';
import type { ImportFormat } from '../../src/dataset/read-phase.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import { type Opened, type OpenOptions, openTrades } from '../../src/engine/open.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData, realData, rowsOf, scratch, volume } from '../ingest/support.js';

const files = scratch();
let made = 0;

async function imported(
  paths: readonly string[],
  format: ImportFormat,
  folder = files.path(`dataset${made++}`),
  declared: InstrumentDeclaration = {},
): Promise<string> {
  const names = paths.map((path) => basename(path));
  await importDataset({ folder, sources: await importSources(paths, names), format, declared });
  return folder;
}

const native = (name: string, params: Record<string, unknown> = {}): ImportFormat =>
  nativeFormat(findImporter(name)!, params);
const csvOf = (kind: KindName = 'trades', venue?: string): ImportFormat =>
  tableFormat({ format: 'csv', kind, ...(venue === undefined ? {} : { venue }) });

/** Rows and their ledger, instruments named by their symbol alone. */
const contentOf = ({ frame, ledger }: Opened) => ({
  rows: rowsOf(frame).map((row) => ({ ...row, symbol: row.symbol.replace(/^[a-z-]+:/, '') })),
  available: frame.columns.available,
  instruments: frame.instruments.map(({ symbol: _, ...rest }) => rest),
  clockSkew: ledger.clockSkew,
});

/** The same trades, the same result of an analytic; names of instruments aside. */
async function expectSame(dataset: Opened, direct: Opened): Promise<void> {
  const one = direct.frame.instruments.length === 1;
  const name = direct.frame.instruments[0]!.symbol;
  const symbols = (content: ReturnType<typeof contentOf>) => ({
    ...content,
    rows: one ? content.rows.map((row) => ({ ...row, symbol: name })) : content.rows,
  });
  expect(symbols(contentOf(dataset))).toEqual(symbols(contentOf(direct)));
  const imbalance = registry.get('volume-imbalance')!;
  const [a, b] = await Promise.all(
    [dataset, direct].map(({ frame }) => run(imbalance, frame, { every: '1m' }, { backend: 'cpu' })),
  );
  expect(a!.tables.bars!.table.rows).toBeGreaterThan(0);
  expect(a!.tables.bars!.table).toEqual(b!.tables.bars!.table);
}

describe('trades of a dataset are those of the file it was made from', () => {
  it.skipIf(!haveData)(`${dataLine}: USD-M capture`, async () => {
    const file = realData('binance-capture/usdm_ethusdt_20240808.gz');
    const opened = await openTrades([await imported([file], native('binance-websocket'))]);
    // shared/data/README.md
    expect(opened.frame.rows).toBe(14_076);
    expect(volume(opened.frame, 1)).toBe('4960.564');
    expect(volume(opened.frame, 2)).toBe('4204.384');
    expect(opened.frame.instruments[0]!.symbol).toBe('binance-usdm:ETHUSDT');
    await expectSame(opened, await openTrades([file]));
  });

  it.skipIf(!haveData)(`${dataLine}: freqtrade and Kraken`, async () => {
    const freqtrade = realData('freqtrade/XRP_ETH-trades.json.gz');
    const first = await openTrades([await imported([freqtrade], native('freqtrade-trades'))]);
    expect(first.frame.rows).toBe(12_477);
    await expectSame(first, await openTrades([freqtrade]));
    const kraken = realData('kraken/BCHEUR.csv');
    const map = { time: '0', price: '1', size: '2' };
    const second = await openTrades([await imported([kraken], native('kraken-trades'))]);
    expect(volume(second.frame, 1)).toBe('0');
    await expectSame(second, await openTrades([kraken], { map }));
  });

  it('random decimals of many scales, days and instruments', async () => {
    // a linear congruence: the rows are the same in every run
    let state = 1;
    const random = (n: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const digits = (most: number): string =>
      `${1 + random(9)}${Array.from({ length: random(most) }, () => random(10)).join('')}`;
    const lines = Array.from({ length: 3000 }, (_, id) => {
      const time = 1_704_412_800_000 + random(3 * 86_400_000);
      const price = `${digits(4)}.${digits(5)}`;
      const size = random(20) === 0 ? `${digits(12)}.${digits(6)}` : `0.${digits(4)}`;
      const received = random(3) === 0 ? '' : time + random(2000) - 100;
      return [time, price, size, ['buy', 'sell', ''][random(3)], id, `S${random(7)}`, received].join(',');
    });
    const path = files.write('random.csv', `ts,price,size,side,id,symbol,received\n${lines.join('\n')}\n`);
    await expectSame(await openTrades([await imported([path], csvOf())]), await openTrades([path]));
  });

  it('declared units, and units that differ by day', async () => {
    const path = files.write(
      'units.csv',
      `ts,price,size,side,id,symbol
2024-01-05T00:00:00Z,100.5,4007199254740.993001,buy,1,X
2024-01-06T00:00:00Z,0.25,3,sell,2,X
2024-01-07T00:00:00Z,7,1.5,sell,3,X
`,
    );
    const folder = await imported([path], csvOf());
    await expectSame(await openTrades([folder]), await openTrades([path]));
    const coarse: OpenOptions = { tick: '0.25', lot: '0.000001' };
    await expectSame(await openTrades([folder], coarse), await openTrades([path], coarse));
    // off the tick that is declared now: the same rows are out
    const off: OpenOptions = { tick: '0.5' };
    const [dataset, direct] = [await openTrades([folder], off), await openTrades([path], off)];
    expect(dataset.ledger.counts).toEqual({ off_tick: 1 });
    expect(dataset.ledger.rows[0]!.input).toMatch(/^dataset\d+\/trades\/_\/2024-01-06-[0-9a-f]{16}\.arrow$/);
    await expectSame(dataset, direct);
    const declared = { tick: decimal('0.25'), lot: decimal('0.000001'), contract: 'inverse' as const };
    const facts = { ...declared, multiplier: decimal('10') };
    const known = await openTrades([await imported([path], csvOf(), undefined, facts)]);
    expect(known.frame.instruments[0]).toMatchObject({ ...facts, tickDeclared: true });
    const told = { ...coarse, contract: 'inverse', multiplier: '10' } as const;
    await expectSame(known, await openTrades([path], told));
  });

  it('a tick that changes by day is an error until one is given', async () => {
    const row = (day: string, price: string, id: number): string =>
      files.write(`day${id}.csv`, `ts,price,size,id,symbol\n${day}T00:00:00Z,${price},1,${id},X\n`);
    const folder = await imported([row('2024-01-05', '1.5', 1)], csvOf(), undefined, {
      tick: decimal('0.5'),
    });
    await imported([row('2024-01-06', '1.25', 2)], csvOf(), folder, { tick: decimal('0.25') });
    await expect(openTrades([folder])).rejects.toThrow(
      /^X tick in dataset\d+\/trades\/_\/2024-01-06-\S+ contradicts an earlier input; pass --scales$/,
    );
    expect((await openTrades([folder], { tick: '0.25' })).frame.rows).toBe(2);
    expect((await openTrades([folder], { until: Date.parse('2024-01-06') * 1000 })).frame.rows).toBe(1);
  });

  it('overlapping inputs: repeated trades are found, by number and by text', async () => {
    const path = files.write(
      'ids.csv',
      'ts,price,size,id,symbol\n1704412800000,1,1,5,X\n1704412800000,1,1,b-1,X\n1704412800001,1,1,6,X\n',
    );
    const folder = await imported([path], csvOf());
    for (const inputs of [
      [folder, path],
      [path, folder],
      [folder, folder],
    ]) {
      const { frame, ledger } = await openTrades(inputs);
      expect(frame.rows).toBe(3);
      expect(ledger.counts.duplicate ?? 0).toBe(inputs[0] === inputs[1] ? 0 : 3);
    }
  });
});

describe('only what is asked for is opened', () => {
  const rows = (symbol: string): string =>
    ['2024-01-05', '2024-01-06', '2024-01-07']
      .map((day, i) => `${day}T23:00:00Z,${symbol},1${i},1,${i}`)
      .join('\n');
  const header = 'ts,symbol,price,size,id';
  const twoVenues = async (): Promise<string> => {
    const folder = await imported(
      [files.write('a.csv', `${header}\n${rows('A')}\n`)],
      csvOf('trades', 'okx'),
    );
    const more = files.write('b.csv', `${header}\n${rows('B')}\n${rows('C')}\n`);
    return imported([more], csvOf('trades', 'bit:mex'), folder);
  };
  const spoil = async (folder: string, which: RegExp): Promise<void> => {
    const { partitions } = (await readManifest(folder))!;
    const hit = partitions.filter(({ path }) => which.test(path));
    expect(hit.length).toBeGreaterThan(0);
    for (const { path } of hit) rmSync(join(folder, path));
  };

  it('partitions of other days and groups are left alone', async () => {
    const folder = await twoVenues();
    const day = (text: string): number => Date.parse(text) * 1000;
    const window = { fromTime: day('2024-01-06T00:00Z'), until: day('2024-01-07T00:00Z') };
    await spoil(folder, /2024-01-0[57]/);
    const byDay = await openTrades([folder], window);
    expect(rowsOf(byDay.frame).map(({ symbol }) => symbol)).toEqual(['bit:mex:B', 'bit:mex:C', 'okx:A']);
    expect(byDay.ledger).toMatchObject({ rowsRead: 9, rowsKept: 3, filtered: 6 });
    await spoil(folder, /okx\/2024-01-06/);
    const one = await openTrades([folder], { ...window, instruments: ['bit:mex:C'] });
    expect(rowsOf(one.frame)).toMatchObject([{ symbol: 'bit:mex:C', price: '11' }]);
    expect(one.ledger).toMatchObject({ rowsRead: 9, rowsKept: 1, filtered: 8 });
  });

  it('what is not there is one line', async () => {
    const folder = await twoVenues();
    await expect(openTrades([folder], { instruments: ['A'] })).rejects.toThrow(
      /^instrument A is not in the input; found: bit:mex:B, bit:mex:C, okx:A$/,
    );
    await expect(openTrades([folder], { until: 1 })).rejects.toThrow(
      /^dataset\d+ rows 9 must hold a good trade: filtered 9$/,
    );
    await expect(openTrades([folder], { map: { time: 'ts' } })).rejects.toThrow(
      'option map is of no use: a dataset says what its columns are',
    );
  });
});

describe('a dataset that cannot be read is one line', () => {
  const small = async (): Promise<string> =>
    imported([files.write('small.csv', 'ts,price,size,id,symbol\n1704412800000,1,1,5,X\n')], csvOf());
  const messageOf = async (folder: string): Promise<string> => {
    const error = await openTrades([folder]).catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ name: 'InputError', exitCode: 2 });
    return (error as Error).message;
  };

  it('a partition that is missing, changed or cut', async () => {
    const folder = await small();
    const { path } = (await readManifest(folder))!.partitions[0]!;
    const file = join(folder, path);
    cpSync(file, files.path('whole'));
    writeFileSync(file, 'ARROW1');
    expect(await messageOf(folder)).toBe(
      `dataset file ${path} is damaged: its content is not what the manifest names`,
    );
    rmSync(file);
    expect(await messageOf(folder)).toBe(
      `dataset file ${path} is missing: if an import has just replaced it, try again`,
    );
    cpSync(files.path('whole'), file);
    expect((await openTrades([folder])).frame.rows).toBe(1);
  });

  it('no trades: the kinds it has', async () => {
    const bars = files.write(
      'bars.csv',
      'ts,symbol,interval,open,high,low,close,volume\n1704412800000,X,1m,1,1,1,1,1\n',
    );
    const oi = files.write('oi.csv', 'ts,symbol,oi_usd\n1704412800000,X,1\n');
    const folder = await imported([oi], csvOf('oi'), await imported([bars], csvOf('bars')));
    expect(await messageOf(folder)).toBe(`dataset ${folder} holds no trades; it holds bars, oi`);
  });

  it.each([
    ['cut', '{\n "steelyard": "dataset",\n "sche'],
    ['of another shape', '{"steelyard": "dataset", "schemaVersion": 1, "sources": [], "partitions": {}}'],
    [
      'with rows that are no number',
      `{"steelyard": "dataset", "schemaVersion": 1, "sources": [], "partitions": [{"kind": "trades", "group": "_",
      "day": "2024-01-05", "rows": "1", "sha256": "${'0'.repeat(64)}",
      "path": "trades/_/2024-01-05-${'0'.repeat(16)}.arrow"}]}`,
    ],
  ])('a manifest %s', async (_, text) => {
    const folder = await small();
    writeFileSync(join(folder, 'manifest.json'), text);
    expect(await messageOf(folder)).toMatch(
      /^dataset manifest .* is damaged: import again into a new folder$/,
    );
  });

  it("a folder with somebody else's manifest.json is a folder of files", async () => {
    const folder = await small();
    rmSync(folder, { recursive: true });
    cpSync(files.path('small.csv'), join(folder, 'small.csv'));
    writeFileSync(join(folder, 'manifest.json'), '{"name": "site"}');
    await expect(openTrades([folder])).rejects.toThrow(/manifest\.json/);
    rmSync(join(folder, 'manifest.json'));
    expect((await openTrades([folder])).frame.rows).toBe(1);
  });
});
