import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { KINDS, type KindName } from '../../src/core/kinds.js';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { exportDataset } from '../../src/engine/export.js';
import { tableFormat } from '../../src/engine/import-formats.js';
import { writeStreams } from '../../src/table/write-streams.js';
import { destination } from '../../src/table/write-tables.js';
import { loadPolars, type Polars, type PolarsFrame } from '../support/polars.js';
import { scratch } from '../support/scratch.js';
import {
  expectedRows,
  type ReaderCell,
  type ReaderType,
  type RoundTripSource,
  SOURCES,
} from './round-trip-sources.js';

const files = scratch();
const VENUE = 'okx';
const dataset = files.path('dataset');
let polars: Polars | undefined;
let duck: DuckDBConnection;

/** Exports a kind and gives the file's path. */
async function exported(kind: string, extension: string, exact = false): Promise<string> {
  const path = files.path(`${kind}${exact ? '-exact' : ''}.${extension}`);
  const tables = await exportDataset(dataset, { kinds: [kind as KindName], exact });
  await writeStreams(destination(path), tables);
  return path;
}

beforeAll(async () => {
  for (const { kind, csv, map = {} } of SOURCES) {
    const path = files.write(`${kind}.csv`, csv);
    await importDataset({
      folder: dataset,
      sources: await importSources([path], [`${kind}.csv`]),
      format: tableFormat({ format: 'csv', kind: kind as KindName, venue: VENUE, map }),
    });
  }
  duck = await (await DuckDBInstance.create()).connect();
  polars = loadPolars();
}, 180_000);

const needPolars = (context: TestContext): Polars => {
  if (!polars) context.skip('Polars could not be installed');
  return polars!;
};

const DUCK: Readonly<Record<ReaderType, string>> = {
  ...{ symbol: 'VARCHAR', side: 'VARCHAR', text: 'VARCHAR', time: 'TIMESTAMP WITH TIME ZONE' },
  ...{ i64: 'BIGINT', u32: 'UINTEGER', f64: 'DOUBLE', money: 'DECIMAL(38,18)' },
};

/** All rows through DuckDB, what must not be rounded as text. */
async function duckRows(from: string, types: Readonly<Record<string, ReaderType>>) {
  const cells = Object.entries(types).map(([name, type]) =>
    type === 'f64' ? name : type === 'time' ? `epoch_us(${name})::varchar` : `${name}::varchar`,
  );
  const rows = (await duck.runAndReadAll(`select ${cells.join(', ')} from ${from}`)).getRows();
  const names = Object.keys(types);
  return rows.map((row) => Object.fromEntries(row.map((cell, c) => [names[c]!, cell as ReaderCell])));
}

async function duckTypes(from: string): Promise<Record<string, unknown>> {
  const rows = (await duck.runAndReadAll(`describe select * from ${from}`)).getRows();
  return Object.fromEntries(rows.map(([name, type]) => [name, type]));
}

/** All rows through Polars, likewise. */
function polarsRows(pl: Polars, frame: PolarsFrame, types: Readonly<Record<string, ReaderType>>) {
  const names = Object.keys(types);
  const cast = names.flatMap((name) => {
    const type = types[name]!;
    if (type === 'f64') return [];
    const column = pl.col(name) as { cast: (type: unknown) => { cast: (type: unknown) => unknown } };
    return [type === 'time' ? column.cast(pl.Int64).cast(pl.Utf8) : column.cast(pl.Utf8)];
  });
  return frame.withColumns(...cast).toRecords();
}

const polarsTypes = (frame: PolarsFrame): Record<string, string> =>
  Object.fromEntries(Object.entries(frame.schema).map(([name, type]) => [name, String(type)]));

const mapped = <T>(source: RoundTripSource, to: Readonly<Record<ReaderType, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(source.types).map(([name, type]) => [name, to[type]]));

const POLARS: Readonly<Record<ReaderType, string>> = {
  ...{ symbol: 'DataType(Categorical)', side: 'DataType(Categorical)', text: 'DataType(String)' },
  ...{ time: 'DataType(Datetime(us,UTC))', i64: 'DataType(Int64)', u32: 'DataType(UInt32)' },
  ...{ f64: 'DataType(Float64)', money: 'DataType(Decimal(38,18))' },
};
const ARROW: Readonly<Record<ReaderType, string>> = {
  ...{ symbol: 'Dictionary<Int32, Utf8>', side: 'Dictionary<Int32, Utf8>', text: 'Utf8' },
  ...{ time: 'Timestamp<MICROSECOND, UTC>', i64: 'Int64', u32: 'Uint32', f64: 'Float64' },
  money: 'Decimal[38e+18]',
};

describe.each(SOURCES.map((source) => [source.kind, source] as const))('export of %s', (kind, source) => {
  const expected = expectedRows(source, VENUE);
  const names = Object.keys(source.types);

  it('Parquet in DuckDB', async () => {
    const from = `read_parquet('${await exported(kind, 'parquet')}')`;
    expect(await duckTypes(from)).toEqual(mapped(source, DUCK));
    expect(await duckRows(from, source.types)).toEqual(expected);
  });

  it('CSV in DuckDB', async () => {
    const path = await exported(kind, 'csv');
    const types = JSON.stringify(mapped(source, DUCK)).replaceAll('"', "'");
    expect(await duckRows(`read_csv('${path}', types = ${types})`, source.types)).toEqual(expected);
    // a zone is seen without being told
    expect((await duckTypes(`read_csv('${path}')`)).ts).toBe('TIMESTAMP WITH TIME ZONE');
  });

  it('Arrow in apache-arrow', async () => {
    const table = tableFromIPC(readFileSync(await exported(kind, 'arrow')));
    expect(Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual(
      mapped(source, ARROW),
    );
    expect(table.numRows).toBe(expected.length);
    for (const name of names)
      expect(table.getChild(name)!.nullCount, name).toBe(expected.filter((row) => row[name] === null).length);
  });

  it('Parquet, Arrow and CSV in Polars', async (context) => {
    const pl = needPolars(context);
    const arrow = pl.readIPC(readFileSync(await exported(kind, 'arrow')));
    expect(polarsTypes(arrow)).toEqual(mapped(source, POLARS));
    expect(polarsRows(pl, arrow, source.types)).toEqual(expected);
    const parquet = pl.readParquet(await exported(kind, 'parquet'));
    // Parquet's enum is text to Polars
    const symbols = { symbol: POLARS.text, side: POLARS.text };
    expect(polarsTypes(parquet)).toEqual(mapped(source, { ...POLARS, ...symbols }));
    expect(polarsRows(pl, parquet, source.types)).toEqual(expected);
    const text = names.filter((name) => !['f64', 'time', 'i64', 'u32'].includes(source.types[name]!));
    const csv = pl.readCSV(await exported(kind, 'csv'), {
      tryParseDates: true,
      dtypes: Object.fromEntries(text.map((name) => [name, pl.Utf8])),
    });
    expect(polarsTypes(csv).ts).toBe(POLARS.time);
    const money = (row: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]) =>
          source.types[name] === 'money' && cell !== null
            ? [name, (cell as string).replace(/\.?0+$/, '')]
            : [name, cell],
        ),
      );
    expect(polarsRows(pl, csv, source.types)).toEqual(expected.map(money));
  });

  if (Object.keys(source.exact).length > 0)
    it('exact integers times their unit are the text', async () => {
      const from = `read_parquet('${await exported(kind, 'parquet', true)}')`;
      const [header = '', ...lines] = source.csv.trimEnd().split('\n');
      const texts = (column: string): string[] =>
        lines.map((line) => line.split(',')[header.split(',').indexOf(column)]!).sort();
      for (const [column, { integer, unit }] of Object.entries(source.exact)) {
        const rows = (await duck.runAndReadAll(`select ${integer}::varchar, ${unit} from ${from}`)).getRows();
        const products = rows.map(([n, of]) => (n === null ? '' : product(n as string, of as string)));
        expect(products.sort(), column).toEqual(texts(column));
      }
    });

  it('the partitions themselves in apache-arrow and Polars', async (context) => {
    const folder = join(dataset, kind, VENUE);
    const partitions = readdirSync(folder).sort();
    expect(partitions.map((name) => name.slice(0, 10))).toEqual(['2024-01-05', '2024-01-06']);
    let rows = 0;
    for (const name of partitions) {
      const bytes = readFileSync(join(folder, name));
      const table = tableFromIPC(bytes);
      rows += table.numRows;
      for (const { name: column, type } of table.schema.fields)
        expect(String(type), column).toBe(storedType(source, column));
      const frame = needPolars(context).readIPC(bytes);
      expect(frame.height).toBe(table.numRows);
      const types = polarsTypes(frame);
      expect(types.instrument).toBe(POLARS.symbol);
      expect(types.ts).toBe(POLARS.time);
      const shared = Object.fromEntries(
        Object.entries(source.types).filter(([column, type]) => column in types && type !== 'side'),
      );
      for (const column of Object.keys(shared))
        if (shared[column] === 'money') expect(types[column]).toBe(POLARS.money);
      const here = expected.slice(rows - table.numRows, rows);
      const found = polarsRows(needPolars(context), frame, shared);
      expect(found.map((row) => pickFrom(row, shared))).toEqual(here.map((row) => pickFrom(row, shared)));
    }
    expect(rows).toBe(expected.length);
  });
});

/** Type of a column in a partition: as exported, save that prices, sizes, sides and flags are integers. */
function storedType(source: RoundTripSource, stored: string): string {
  if (/(^|_)tick(_|$)/.test(stored)) return 'Int32';
  if (/(^|_)lots(_|$)/.test(stored)) return 'Int64';
  const type = source.types[stored]!;
  return type === 'side' ? 'Int8' : type === 'u32' ? 'Uint16' : ARROW[type];
}

const pickFrom = (row: Record<string, unknown>, names: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, row[name]]));

/** n · unit as plain decimal text. */
function product(n: string, unit: string): string {
  const scale = unit.split('.')[1]?.length ?? 0;
  const digits = (BigInt(n) * BigInt(unit.replace('.', ''))).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

it('covers every type a cell can have', () => {
  const held = new Set(
    SOURCES.flatMap(({ kind, types }) =>
      Object.keys(types).map((name) => KINDS[kind as KindName].columns[name]?.type),
    ),
  );
  for (const type of ['money', 'integer', 'count', 'f64', 'side', 'flags', 'text', 'time', 'price', 'size'])
    expect(held).toContain(type);
});
