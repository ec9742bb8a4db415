import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ColumnSpec, Dtype, OutputSpec } from '../../src/core/analytic.js';
import type { Column, Instrument } from '../../src/core/columns.js';
import { decimal } from '../../src/core/decimal.js';
import { type ExactColumn, exactColumn, setBig } from '../../src/core/exact.js';
import type { PresentInput } from '../../src/table/present.js';

/** A folder that goes away with the test file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function instrument(
  symbol: string,
  tick: string,
  lot: string,
  more: Partial<Instrument> = {},
): Instrument {
  return {
    symbol,
    tick: decimal(tick),
    lot: decimal(lot),
    tickDeclared: true,
    contract: 'linear',
    multiplier: decimal('1'),
    base: 0,
    ...more,
  };
}

export function exact(values: readonly (number | bigint)[]): ExactColumn {
  const column = exactColumn(values.length);
  values.forEach((value, row) => {
    if (typeof value === 'bigint') setBig(column, row, value);
    else column.values[row] = value;
  });
  return column;
}

export function input(
  instruments: readonly Instrument[],
  columns: Readonly<Record<string, readonly [Dtype, Column, hidden?: boolean]>>,
): PresentInput {
  const specs: Record<string, ColumnSpec<unknown>> = {};
  const data: Record<string, Column> = {};
  for (const [name, [dtype, values, hidden]] of Object.entries(columns)) {
    specs[name] = {
      dtype,
      merge: 'sum',
      unit: `unit of ${name}`,
      nulls: 'never',
      accuracy: 'exact',
      doc: `doc of ${name}`,
      hidden: hidden ?? false,
    };
    data[name] = values;
  }
  const spec: OutputSpec<unknown> = { grain: 'a row', key: [], columns: specs };
  return { spec, instruments, table: { rows: (data.instrument as Uint32Array).length, columns: data } };
}

/** Rows of a query, as plain values. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const reader = await connection.runAndReadAll(sql);
  const rows = reader.getRowObjectsJson() as Record<string, unknown>[];
  connection.closeSync();
  instance.closeSync();
  return rows;
}
