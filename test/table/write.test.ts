import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/core/raw.js';
import { arrowBytes, writeArrow } from '../../src/table/arrow-write.js';
import { csvChunks, writeCsv } from '../../src/table/csv-write.js';
import { isoTime } from '../../src/table/iso-time.js';
import { ledgerTable } from '../../src/table/ledger-table.js';
import { writeParquet } from '../../src/table/parquet-write.js';
import { present } from '../../src/table/present.js';
import type { PresentedTable } from '../../src/table/presented.js';
import { exact, input, instrument, query, scratch } from './support.js';

const folder = scratch();
const ROWS = 5000;
const T0 = 1_704_153_600_000_000;

/** Every presented type, nulls in some, more rows than one DuckDB chunk, symbols that need quoting. */
function sample(rows = ROWS): PresentedTable {
  const instruments = [
    instrument('A,"x"', '0.01', '0.001', { base: 268_000 }),
    instrument("B'é", '0.0005', '10'),
    ...Array.from({ length: 300 }, (_, i) => instrument(`C${i}`, '1', '1')),
  ];
  const each = (f: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => f(row));
  const wide = exact([...each((row) => (row % 2 === 0 ? -row : row) * 1_000_003)]);
  if (rows > 3) {
    wide.wide = new Map([[3, 2n ** 80n]]);
    wide.values[3] = 2 ** 80;
  }
  return present(
    input(instruments, {
      instrument: [
        'instrument',
        Uint32Array.from({ length: rows }, (_, row) => Math.floor((row * 302) / rows)),
      ],
      time: ['time', each((row) => T0 + row * 1_000_001)],
      open: ['tick', Int32Array.from({ length: rows }, (_, row) => (row % 77) - 38)],
      volume: ['lots', exact([...each((row) => row)])],
      trades: ['count', Uint32Array.from({ length: rows }, (_, row) => 4294967295 - row)],
      label: ['index', each((row) => (row % 5 === 0 ? Number.NaN : -row * 2 ** 33))],
      notional: ['money', wide],
      vi: ['f64', each((row) => (row % 3 === 0 ? Number.NaN : row / 7 - 100))],
    }),
    { exact: true, metadata: { 'steelyard.analytic': "it's" } },
  );
}

/** One row as text through whichever reader, so that all three formats are compared alike. */
const projection = `instrument::VARCHAR AS instrument, epoch_us("time") AS "time", "open", open_ticks, volume,
  volume_lots::DECIMAL(38,0)::VARCHAR AS volume_lots, trades, label, notional::DECIMAL(38,7)::VARCHAR AS notional,
  notional_f64, vi`;

/** The same from the presented columns, by the CSV writer's independent path through text. */
async function expected(): Promise<Record<string, unknown>[]> {
  const path = join(folder, 'expected.csv');
  await writeCsv(sample(), path);
  const types =
    "types={'volume_lots': 'DECIMAL(38,0)', 'notional': 'DECIMAL(38,7)', 'time': 'TIMESTAMPTZ', 'label': 'BIGINT', 'trades': 'UINTEGER'}";
  return query(`SELECT ${projection} FROM read_csv('${path}', ${types})`);
}

describe('the writers', () => {
  it('write CSV that reads back to the values by which it was made', async () => {
    const rows = await expected();
    expect(rows).toHaveLength(ROWS);
    expect(rows[0]).toMatchObject({
      instrument: 'A,"x"',
      open: 2679.62,
      open_ticks: '267962',
      vi: null,
      label: null,
    });
    expect(rows[3]).toMatchObject({ trades: 4294967292, label: String(-3 * 2 ** 33), vi: null });
    expect(rows[3]!.notional).toBe('12089258196146291747.0617600');
    expect(rows[4]).toMatchObject({ volume_lots: '4', vi: 4 / 7 - 100, time: String(T0 + 4_000_004) });
    expect(rows[20]).toMatchObject({ instrument: "B'é" });
  });

  it('write Parquet with equal values, types and metadata', async () => {
    const path = join(folder, "o'dd [x].parquet");
    await writeParquet(sample(), path);
    const glob = `'${path.replaceAll("'", "''").replaceAll('[', '[[]')}'`;
    expect(await query(`SELECT ${projection} FROM read_parquet(${glob})`)).toEqual(await expected());
    const types = await query(`SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(${glob}))`);
    expect(Object.fromEntries(types.map((t) => [t.column_name, t.column_type]))).toEqual({
      instrument: 'VARCHAR',
      time: 'TIMESTAMP WITH TIME ZONE',
      open: 'DOUBLE',
      open_ticks: 'BIGINT',
      volume: 'DOUBLE',
      volume_lots: 'DECIMAL(38,0)',
      trades: 'UINTEGER',
      label: 'BIGINT',
      notional: 'DECIMAL(38,5)',
      notional_f64: 'DOUBLE',
      vi: 'DOUBLE',
    });
    const [compression] = await query(`SELECT DISTINCT compression FROM parquet_metadata(${glob})`);
    expect(compression).toEqual({ compression: 'ZSTD' });
  });

  it('write Arrow with equal values, types and metadata', async () => {
    const path = join(folder, 'a.arrow');
    await writeArrow(sample(), path);
    const table = tableFromIPC(readFileSync(path));
    expect(table.schema.metadata.get('steelyard.analytic')).toBe("it's");
    expect(table.schema.fields.map((f) => `${f.name}: ${f.type}`)).toEqual([
      'instrument: Dictionary<Int32, Utf8>',
      'time: Timestamp<MICROSECOND, UTC>',
      'open: Float64',
      'open_ticks: Int64',
      'volume: Float64',
      'volume_lots: Decimal[38e0]',
      'trades: Uint32',
      'label: Int64',
      'notional: Decimal[38e+5]',
      'notional_f64: Float64',
      'vi: Float64',
    ]);
    expect(table.schema.fields[4]!.metadata.get('unit')).toBe('unit of volume');
    const rows = await expected();
    const column = (name: string) => table.getChild(name)!;
    expect([...column('instrument')]).toEqual(rows.map((r) => r.instrument));
    for (const name of ['open', 'volume', 'trades', 'notional_f64', 'vi'])
      expect([...column(name)], name).toEqual(rows.map((r) => r[name]));
    for (const name of ['open_ticks', 'label'])
      expect(
        [...column(name)].map((v) => (v === null ? null : String(v))),
        name,
      ).toEqual(rows.map((r) => r[name]));
    const times = column('time').data[0]!.values as BigInt64Array;
    expect([...times].map(String)).toEqual(rows.map((r) => r.time));
    const words = column('notional').data[0]!.values as Uint32Array;
    expect([...words.subarray(12, 16)]).toEqual([0, 0, 65536, 0]);
  });

  it('write the same bytes for the same table', async () => {
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const [a, b] = [join(folder, '1.parquet'), join(folder, '2.parquet')];
    await writeParquet(sample(), a);
    await writeParquet(sample(), b);
    expect(hash(readFileSync(b))).toBe(hash(readFileSync(a)));
    expect(hash(await arrowBytes(sample()))).toBe(hash(await arrowBytes(sample())));
    const path = join(folder, '3.arrow');
    await writeArrow(sample(), path);
    expect(hash(readFileSync(path))).toBe(hash(await arrowBytes(sample())));
  });

  it.each([0, 1, 2047, 2048, 2049])('write %i rows', async (rows) => {
    const table = sample(rows);
    const parquet = join(folder, `${rows}.parquet`);
    await writeParquet(table, parquet);
    const arrow = join(folder, `${rows}.arrow`);
    await writeArrow(table, arrow);
    expect(tableFromIPC(readFileSync(arrow)).numRows).toBe(rows);
    expect(tableFromIPC(readFileSync(arrow)).schema.fields).toHaveLength(11);
    const csv = [...csvChunks(table)].join('');
    expect(csv.split('\n')).toHaveLength(rows + 2);
    expect(await query(`SELECT count(*)::INT AS n, count(vi)::INT AS v FROM '${parquet}'`)).toEqual([
      { n: rows, v: rows - Math.ceil(rows / 3) },
    ]);
  });

  it('write Arrow of more rows than a record batch, nulls in place', async () => {
    const rows = (1 << 20) + 1234;
    const codes = Uint32Array.from({ length: rows }, (_, row) => (row < rows / 2 ? 0 : 1));
    const table = present(
      input([instrument('A', '1', '1'), instrument('B', '1', '1')], {
        instrument: ['instrument', codes],
        vi: ['f64', Float64Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? Number.NaN : row))],
      }),
    );
    const path = join(folder, 'long.arrow');
    await writeArrow(table, path);
    const read = tableFromIPC(readFileSync(path));
    expect([read.numRows, read.batches.length]).toEqual([rows, 2]);
    const vi = read.getChild('vi')!;
    expect(vi.nullCount).toBe(Math.ceil(rows / 7));
    for (const row of [0, 1, 1048572, 1048573, 1048574, 1048575, 1048576, 1048577, 1048580, rows - 1])
      expect(vi.get(row), String(row)).toBe(row % 7 === 0 ? null : row);
    expect(read.getChild('instrument')!.get(rows - 1)).toBe('B');
  });

  it('write names with a NUL to Parquet as they are', async () => {
    const names = ['a\0b', 'a', '\0', "é'"];
    const rows = 5000;
    const codes = Uint32Array.from({ length: rows }, (_, row) => row % 4);
    codes.sort();
    const of = input(
      names.map((name) => instrument(name, '1', '1')),
      {
        instrument: ['instrument', codes],
        n: ['count', Uint32Array.from({ length: rows }, (_, row) => row)],
      },
    );
    const path = join(folder, 'nul.parquet');
    await writeParquet(present(of), path);
    const got = await query(`SELECT instrument FROM '${path}' ORDER BY n`);
    expect(got.map((row) => row.instrument)).toEqual([...codes].map((code) => names[code]));
  });

  it('write the ledger, empty or not', async () => {
    const ledger = (rows: Ledger['rows']): Ledger => ({
      rowsRead: 9,
      rowsKept: 9 - rows.length,
      filtered: 0,
      counts: {},
      outOfOrder: 0,
      clockSkew: 0,
      rows,
    });
    const some = ledgerTable(
      ledger([
        { input: 'a,b.csv', row: 2 ** 33, reason: 'bad_price' },
        { input: 'c.csv', row: 0, reason: 'off_tick' },
        { input: 'a,b.csv', row: 4, reason: 'bad_price' },
      ]),
    );
    const text = [
      'input,row,reason',
      '"a,b.csv",8589934592,bad_price',
      'c.csv,0,off_tick',
      '"a,b.csv",4,bad_price',
      '',
    ];
    expect([...csvChunks(some)].join('')).toBe(text.join('\n'));
    const path = join(folder, 'ledger.parquet');
    await writeParquet(some, path);
    expect(await query(`SELECT "row"::DOUBLE AS r, input, reason FROM '${path}' LIMIT 1`)).toEqual([
      { r: 2 ** 33, input: 'a,b.csv', reason: 'bad_price' },
    ]);
    const none = ledgerTable(ledger([]));
    expect([...csvChunks(none)].join('')).toBe('input,row,reason\n');
    await writeParquet(none, path);
    expect(await query(`SELECT count(*)::INT AS n FROM '${path}'`)).toEqual([{ n: 0 }]);
    expect(tableFromIPC(await arrowBytes(none)).numRows).toBe(0);
  });

  it('write ISO times with the decimals they need', () => {
    expect(isoTime(T0)).toBe('2024-01-02T00:00:00Z');
    expect(isoTime(T0 + 120_000)).toBe('2024-01-02T00:00:00.120Z');
    expect(isoTime(T0 + 1)).toBe('2024-01-02T00:00:00.000001Z');
    expect(isoTime(-1)).toBe('1969-12-31T23:59:59.999999Z');
  });
});
