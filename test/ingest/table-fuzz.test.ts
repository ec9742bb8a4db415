import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { KINDS, type KindName } from '../../src/core/kinds.js';
import { createRandom } from '../../src/core/random.js';
import type { TableFormat } from '../../src/table/table-rows.js';
import { scratch } from './support.js';
import { duck, readTable } from './table-support.js';

const { path, write } = scratch();
const random = createRandom(5, 0);
const pick = <T>(of: readonly T[]): T => of[random.below(of.length)]!;

const CELLS = [
  ...[
    '1704067200',
    '1704067200123',
    '2024-01-05T00:00:00Z',
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'NaN',
    'null',
    'Infinity',
  ],
  ...[
    '1.5',
    '0.30000000000000004',
    '123456789012345678901234567890.5',
    'buy',
    'true',
    'BTC/../USDT',
    '__proto__',
  ],
  ...['1m', 'C', '\u0000', '\u{1F600}', '"', "'", '9007199254740993', '0x10', '1_000', '{"a":1}', '[1]'],
];
const SHAPES: readonly unknown[] = [
  ...[1704067200, 1704067200123, -1, 0, 1.5, 1e300, null, true, false, {}, [], [[1, 2]], { a: { b: 1 } }],
];

const columnsOf = (kind: KindName): string[] => [
  ...['ts', 'recv_ts', 'seq', 'instrument'],
  ...Object.keys(KINDS[kind].columns),
  ...Object.keys(KINDS[kind].levels ?? {}).map((name) => `${name}_1`),
];

/** Reads; either all records come back, or one line says why not. */
async function survives(
  file: string,
  format: TableFormat,
  kind: KindName,
  records: number,
): Promise<boolean> {
  try {
    const { rows } = await readTable(file, { format, kind });
    expect(rows.length).toBe(records);
    for (const row of rows) expect(row.text.length).toBeGreaterThan(0);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toMatch(/\n|TypeError|undefined/);
    return false;
  }
}

describe('random tables end in rows or in one line', () => {
  const kinds = Object.keys(KINDS) as KindName[];

  it('CSV, JSON and Parquet of any kind with hostile cells', async () => {
    let read = 0;
    for (let round = 0; round < 6; round++)
      for (const kind of kinds) {
        const names = columnsOf(kind).filter(() => random.below(20) > 0);
        const records = 1 + random.below(30);
        const quoted = (cell: string): string =>
          /["\n,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        const cells = Array.from({ length: records }, () => names.map(() => pick(CELLS)));
        const csv = write(
          'f.csv',
          `${names.join()}\n${cells.map((row) => row.map(quoted).join()).join('\n')}\n`,
        );
        // a row of nothing but blanks is a blank line, and no record
        const blank = cells.filter((row) => row.length === 1 && row[0]!.trim() === '').length;
        if (await survives(csv, 'csv', kind, records - blank)) read++;
        const objects = cells.map((row) =>
          Object.fromEntries(names.map((name, c) => [name, random.below(3) === 0 ? pick(SHAPES) : row[c]])),
        );
        const json = write('f.json', objects.map((row) => JSON.stringify(row)).join('\n'));
        if (await survives(json, 'json', kind, records)) read++;
        const types = [
          'varchar',
          'double',
          'bigint',
          'timestamp',
          'boolean',
          'decimal(20,4)',
          'ubigint',
          'date',
          'integer',
        ];
        const select = names.map((name, c) => {
          const values = cells
            .map((row) => `'${row[c]!.replaceAll("'", "''").replaceAll('\0', '')}'`)
            .join(', ');
          return `try_cast(unnest([${values}]) as ${pick(types)}) as "${name}"`;
        });
        const parquet = path(`f-${round}-${kind}.parquet`);
        await duck(`copy (select ${select.join(', ')}) to '${parquet}'`);
        if (await survives(parquet, 'parquet', kind, records)) read++;
      }
    expect(read).toBeGreaterThan(40);
  });

  it('random bytes', async () => {
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from({ length: random.below(3000) }, () => random.below(256));
      const file = write('bytes.bin', bytes);
      for (const format of ['csv', 'json', 'arrow', 'parquet'] as const)
        try {
          await readTable(file, { format, kind: pick(kinds), map: { ts: '0' } });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
    }
  });
});
