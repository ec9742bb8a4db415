import { DuckDBInstance } from '@duckdb/node-api';
import type { InstrumentInfo } from '../../src/core/importer.js';
import { NO_INSTRUMENT } from '../../src/core/importer.js';
import { type TableOptions, tableRows } from '../../src/table/table-rows.js';
import type { Cell } from './import-support.js';

export interface TableRow {
  readonly file: number;
  readonly symbol: string | undefined;
  readonly record: number;
  readonly reject: string | undefined;
  readonly text: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface TableRead {
  readonly rows: readonly TableRow[];
  readonly instruments: readonly InstrumentInfo[];
  readonly filtered: number;
  readonly batches: number;
}

/** What `tableRows` makes of files, copied batch by batch, as the next one reuses the arrays. */
export async function readTable(
  paths: string | readonly string[],
  options: TableOptions,
  labels: string | readonly string[] = 'table',
): Promise<TableRead> {
  const instruments: InstrumentInfo[] = [];
  const index = new Map<string, number>();
  const rows: TableRow[] = [];
  let filtered = 0;
  let batches = 0;
  const context = {
    params: {},
    skip: (): void => {
      throw new Error('rows left out by filters are not skipped');
    },
    filtered: (records: number): void => {
      filtered += records;
    },
    instrument: (info: InstrumentInfo): number => {
      const at = index.get(info.symbol) ?? instruments.push(info) - 1;
      index.set(info.symbol, at);
      return at;
    },
  };
  for await (const batch of tableRows(paths, labels, options, context)) {
    batches++;
    for (let i = 0; i < batch.rows; i++) {
      const cells: Record<string, Cell> = {};
      for (const [name, column] of Object.entries(batch.columns)) {
        if (column.kind === 'decimal')
          cells[name] = column.nulls?.[i] ? null : `${column.unscaled[i]}e-${column.scale}`;
        else {
          const value = column.values[i];
          cells[name] = value === undefined || value === null || Number.isNaN(value) ? null : value;
        }
      }
      const at = batch.instrument[i]!;
      rows.push({
        file: batch.file,
        symbol: at === NO_INSTRUMENT ? undefined : instruments[at]!.symbol,
        record: batch.record?.[i] ?? batch.firstRecord + i,
        reject: batch.reject?.[i],
        text: batch.text!(i),
        cells,
      });
    }
  }
  return { rows, instruments, filtered, batches };
}

/** Runs SQL in a DuckDB of its own: writes Parquet and JSON files, and answers as an independent reader. */
export async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
