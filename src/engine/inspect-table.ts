import { open } from 'node:fs/promises';
import type { AsyncRecordBatchFileReader, Field } from 'apache-arrow';
import { InputError, SteelyardError } from '../core/errors.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { arrowSource } from '../table/arrow-read.js';
import { csvSource } from '../table/csv-read.js';
import { jsonSource } from '../table/json-source.js';
import { kindColumns } from '../table/kind-columns.js';
import { type ParquetSource, parquetSource } from '../table/parquet-source.js';
import type { TableFormat, TableOptions } from '../table/table-rows.js';
import type { TableSource } from '../table/table-source.js';
import type { TableInspection } from './inspect-types.js';

/** What a table of a kind has, beyond what its kind demands, to be taken for one without being told. */
const TELLING: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  options: ['expiry', 'strike'],
  book_delta: ['side', 'price', 'size', 'flags'],
};
const OPEN_INTEREST = ['oi_contracts', 'oi_usd'];

/** Kinds in the order they are tried: those with columns of their own first. */
const ORDER: readonly KindName[] = [
  ...(['dex_swaps', 'social', 'depth_bands', 'options', 'book_delta', 'bars', 'trades'] as const),
  ...(['book_snapshot', 'oi', 'funding'] as const),
];

/** A table's own layout, and the kind that its columns fit; undefined if they fit none. */
export async function inspectTable(
  path: string,
  label: string,
  options: TableOptions,
): Promise<{
  table: Omit<TableInspection, 'rows'>;
  kind: KindName | undefined;
  countRows: () => Promise<number>;
}> {
  const source = await openTable(path, label, options.format, options.map);
  const table = await layoutOf(path, label, options.format, source);
  return {
    table,
    kind: options.kind ?? kindOf(label, source, options),
    countRows: async () => {
      let rows = 0;
      for await (const batch of source.read({})) rows += batch.rows;
      return rows;
    },
  };
}

/** A CSV file without header gets a map of nothing: its columns are then called by their numbers. */
async function openTable(
  path: string,
  label: string,
  format: TableFormat,
  map: TableOptions['map'],
): Promise<TableSource> {
  switch (format) {
    case 'arrow':
      return arrowSource(path, label, map);
    case 'parquet':
      return parquetSource(path, label, map);
    case 'csv':
      return csvSource(path, label, map ?? {});
    case 'json':
      return jsonSource(path, label, map);
  }
}

async function layoutOf(
  path: string,
  label: string,
  format: TableFormat,
  source: TableSource,
): Promise<Omit<TableInspection, 'rows'>> {
  if (format === 'arrow') return arrowLayout(path, label);
  const types = format === 'parquet' ? (source as ParquetSource).types : undefined;
  const columns = source.columns.map((name) => ({
    ...{ name, type: types?.get(name) ?? 'text', unit: '', doc: '' },
  }));
  return { columns, metadata: {} };
}

/** Columns and metadata of an Arrow file, as its schema has them. */
export async function arrowLayout(path: string, label: string): Promise<Omit<TableInspection, 'rows'>> {
  const { RecordBatchReader } = await import('apache-arrow');
  const file = await open(path);
  try {
    const reader = (await RecordBatchReader.from(file as never)) as unknown as AsyncRecordBatchFileReader;
    await reader.open();
    const { fields, metadata } = reader.schema;
    return {
      columns: fields.map((field: Field) => ({
        name: field.name,
        type: String(field.type),
        unit: field.metadata.get('unit') ?? '',
        doc: field.metadata.get('doc') ?? '',
      })),
      metadata: Object.fromEntries([...metadata].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  } catch (error) {
    if (error instanceof SteelyardError) throw error;
    throw new InputError('Arrow file', label, 'is damaged or truncated');
  } finally {
    await file.close();
  }
}

function kindOf(label: string, source: TableSource, options: TableOptions): KindName | undefined {
  const constants = options.constants ?? {};
  for (const kind of ORDER) {
    let roles: Record<string, string>;
    try {
      roles = kindColumns(kind, label, source.columns, source.map, constants);
    } catch (error) {
      if (error instanceof InputError) continue;
      throw error;
    }
    const has = (role: string): boolean => Object.hasOwn(roles, role) || Object.hasOwn(constants, role);
    if (!(TELLING[kind] ?? []).every(has)) continue;
    if (kind === 'oi' && !OPEN_INTEREST.some(has)) continue;
    if (KINDS[kind].levels && !has('bid_price_1') && !has('ask_price_1')) continue;
    return kind;
  }
  return undefined;
}
