import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KindName } from '../../src/core/kinds.js';
import { importDataset } from '../../src/dataset/import.js';
import { readManifest } from '../../src/dataset/manifest.js';
import { importSources } from '../../src/dataset/source-files.js';
import { type ExportOptions, exportDataset } from '../../src/engine/export.js';
import { commonUnit, unitText } from '../../src/engine/export-units.js';
import { tableFormat } from '../../src/engine/import-formats.js';
import { writeStreams } from '../../src/table/write-streams.js';
import { destination } from '../../src/table/write-tables.js';
import { scratch } from '../support/scratch.js';

const files = scratch();
const dataset = files.path('dataset');
/** More than a record batch, so that parts follow one another. */
const ROWS = 70_000;
const T0 = Date.parse('2024-01-05T00:00:00Z');

const importCsv = async (name: string, kind: KindName, csv: string, folder = dataset): Promise<void> => {
  const path = files.write(name, csv);
  await importDataset({
    folder,
    sources: await importSources([path], [name]),
    format: tableFormat({ format: 'csv', kind, venue: 'okx' }),
  });
};

beforeAll(async () => {
  // every other row of either symbol, the second with a received stamp in places and half of it a day later
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const second = i % 2 === 1;
    const ts = T0 + i + (second && i > ROWS / 2 ? 86_400_000 : 0);
    return `${ts},${second ? 'B' : 'A'},${1 + (i % 977) / 100},${i + 1},${i},${second && i % 5 === 0 ? ts : ''}`;
  });
  await importCsv('trades.csv', 'trades', `ts,symbol,price,size,id,received\n${rows.join('\n')}\n`);
  await importCsv(
    'deltas.csv',
    'book_delta',
    `ts,symbol,seq,side,price,size,flags\n${T0},A,1,buy,1.5,2,0\n${T0},A,1,sell,1.6,0,0\n${T0 + 1},A,2,,,,4\n`,
  );
});

async function exported(name: string, options: ExportOptions): Promise<string> {
  const path = files.path(name);
  await writeStreams(destination(path), await exportDataset(dataset, options));
  return path;
}

async function query(sql: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  return (await connection.runAndReadAll(sql)).getRowsJson()[0] as unknown[];
}

describe('exportDataset', () => {
  it('several parts are one table, in every format', async () => {
    const sums =
      'count(*), sum(size)::double, sum(price), count(recv_ts), count(distinct instrument), max(seq)';
    const found: unknown[][] = [];
    for (const [name, from] of [
      ['t.parquet', 'read_parquet'],
      ['t.csv', 'read_csv'],
    ] as const)
      found.push(
        await query(`select ${sums} from ${from}('${await exported(name, { kinds: ['trades'] })}')`),
      );
    const table = tableFromIPC(readFileSync(await exported('t.arrow', { kinds: ['trades'] })));
    expect(table.batches.length).toBeGreaterThan(1);
    const column = (name: string): number[] => [...table.getChild(name)!].map(Number);
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    expect(table.numRows).toBe(ROWS);
    // 1 + … + n, and of the odd rows every fifth
    expect(sum(column('size'))).toBe((ROWS * (ROWS + 1)) / 2);
    expect(table.getChild('recv_ts')!.length - table.getChild('recv_ts')!.nullCount).toBe(ROWS / 10);
    expect([...new Set(table.getChild('instrument')!)]).toEqual(['okx:A', 'okx:B']);
    for (const row of found) {
      expect(row).toMatchObject([
        String(ROWS),
        (ROWS * (ROWS + 1)) / 2,
        expect.anything(),
        String(ROWS / 10),
        '2',
        String(ROWS - 1),
      ]);
      expect(row[2]).toBeCloseTo(sum(column('price')), 6);
    }
  });

  it('instruments and times, cut inside partitions', async () => {
    const cut = { fromTime: (T0 + 1000) * 1000, until: (T0 + 2000) * 1000 };
    const path = await exported('cut.parquet', { kinds: ['trades'], instruments: ['okx:B'], ...cut });
    const first = `min(epoch_ms(ts))::varchar, max(epoch_ms(ts))::varchar, any_value(instrument), max(size)`;
    expect(await query(`select count(*), ${first} from read_parquet('${path}')`)).toEqual([
      ...['500', String(T0 + 1001), String(T0 + 1999), 'okx:B', 2000],
    ]);
    const none = await exported('none.arrow', { kinds: ['trades'], fromTime: 0, until: 1 });
    expect(tableFromIPC(readFileSync(none)).numRows).toBe(0);
    const empty = await exported('none.parquet', { kinds: ['trades'], fromTime: 0, until: 1 });
    expect(await query(`select count(*) from read_parquet('${empty}')`)).toEqual(['0']);
    expect(
      readFileSync(await exported('none.csv', { kinds: ['trades'], fromTime: 0, until: 1 }), 'utf8'),
    ).toMatch(/^instrument,ts,price,size,side\n$/);
  });

  it('sides of a book are bid and ask, and null where a message has no level', async () => {
    const text = readFileSync(await exported('d.csv', { kinds: ['book_delta'], exact: true }), 'utf8');
    expect(text.split('\n')).toEqual([
      'instrument,ts,seq,side,price,tick,size,lots,flags,price_unit,size_unit',
      'okx:A,2024-01-05T00:00:00Z,1,bid,1.5,15,2,2,0,0.1,1',
      'okx:A,2024-01-05T00:00:00Z,1,ask,1.6,16,0,0,0,0.1,1',
      'okx:A,2024-01-05T00:00:00.001Z,2,,,,,,4,0.1,1',
      '',
    ]);
  });

  it('several kinds to a folder, all or nothing', async () => {
    const folder = files.path('tables');
    const tables = await exportDataset(dataset, { kinds: ['trades', 'book_delta'] });
    await writeStreams(destination(folder, 'parquet'), tables);
    expect(readdirSync(folder).sort()).toEqual(['book_delta.parquet', 'trades.parquet']);
    expect([tables.trades!.rows, tables.book_delta!.rows]).toEqual([ROWS, 3]);
    await expect(writeStreams(destination(files.path('two.csv')), tables)).rejects.toThrow('--out');
  });

  it('an end in the middle leaves nothing behind', async () => {
    for (const name of ['cut.arrow', 'cut.csv', 'gone.parquet']) {
      const path = files.path(name);
      rmSync(path, { force: true });
      const before = readdirSync(dirname(path)).sort();
      const stop = new AbortController();
      const tables = await exportDataset(dataset, {
        ...{ kinds: ['trades'], signal: stop.signal, progress: () => stop.abort() },
      });
      await expect(writeStreams(destination(path), tables)).rejects.toThrow(/abort/i);
      expect(readdirSync(dirname(path)).sort()).toEqual(before);
    }
  });

  it('what is not there, or damaged, is one line', async () => {
    await expect(exportDataset(dataset, { kinds: ['bars'] })).rejects.toThrow(
      /^dataset .* holds no bars; it holds book_delta, trades$/,
    );
    await expect(exportDataset(dataset, { kinds: ['trades'], instruments: ['okx:C'] })).rejects.toThrow(
      'instrument okx:C is not in the dataset; found: okx:A, okx:B',
    );
    const folder = files.path('damaged');
    await importCsv('one.csv', 'trades', `ts,symbol,price,size\n${T0},A,1,1\n`, folder);
    const [{ path } = { path: '' }] = (await readManifest(folder))!.partitions;
    writeFileSync(join(folder, path), 'ARROW1');
    await expect(exportDataset(folder, { kinds: ['trades'] })).rejects.toThrow(
      `dataset file ${path} is damaged: its content is not what the manifest names`,
    );
  });
});

describe('commonUnit', () => {
  it.each([
    ['0.5', '0.2', '0.1'],
    ['0.25', '0.1', '0.05'],
    ['10', '4', '2'],
    ['0.001', '1', '0.001'],
    ['7', '7', '7'],
  ])('%s and %s: %s', (a, b, common) => {
    const unit = (text: string) => {
      const scale = text.split('.')[1]?.length ?? 0;
      return { coef: BigInt(text.replace('.', '')), scale };
    };
    expect(unitText(commonUnit(unit(a), unit(b)))).toBe(common);
    expect(unitText(commonUnit(unit(b), unit(a)))).toBe(common);
  });
});
