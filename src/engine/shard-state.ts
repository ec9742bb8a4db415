import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Column, Table } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { exactColumn, isExact, setBig } from '../core/exact.js';
import type { PresentedColumn, PresentedTable } from '../table/presented.js';

/** Texts of the integers of an exact column beyond 2^53, beside it. */
const WIDE = '.wide';

/** A table in its internal form, bit for bit. */
export function stateTable(
  { rows, columns }: Table,
  metadata: Readonly<Record<string, string>>,
): PresentedTable {
  return {
    rows,
    metadata,
    columns: Object.entries(columns).flatMap(([name, column]) => stateColumns(name, column)),
  };
}

function stateColumns(name: string, column: Column): PresentedColumn[] {
  const plain = (kind: string, data: PresentedColumn['data']): PresentedColumn => ({
    ...{ name, data, nulls: 0, metadata: { kind } },
  });
  if (column instanceof Uint32Array) return [plain('u32', { type: 'u32', values: column })];
  if (column instanceof Int32Array) {
    const bits = new Uint32Array(column.buffer, column.byteOffset, column.length);
    return [plain('i32', { type: 'u32', values: bits })];
  }
  if (!isExact(column)) return [plain('f64', { type: 'f64', values: column })];
  const { values, wide } = column;
  const shown = [plain('exact', { type: 'f64', values })];
  if (!wide || wide.size === 0) return shown;
  const texts = Array.from(values, (_, row) => String(wide.get(row) ?? ''));
  return [...shown, { ...plain('wide', { type: 'text', values: texts }), name: `${name}${WIDE}` }];
}

/** The table that `stateTable` made a file of. Errors: InputError for any other file. */
export async function tableOfState(
  path: string,
): Promise<{ readonly table: Table; readonly metadata: ReadonlyMap<string, string> }> {
  const { tableFromIPC } = await import('apache-arrow');
  try {
    const found = tableFromIPC(readFileSync(path));
    const columns: Record<string, Column> = {};
    for (const { name, metadata } of found.schema.fields) {
      const kind = metadata.get('kind');
      if (kind === 'wide') continue;
      const values = found.getChild(name)!.toArray() as Uint32Array | Float64Array;
      if (kind === 'i32') columns[name] = new Int32Array(values.buffer, values.byteOffset, values.length);
      else if (kind === 'exact') {
        const exact = { ...exactColumn(0), values: values as Float64Array };
        found
          .getChild(`${name}${WIDE}`)
          ?.toArray()
          .forEach((text: string, row: number) => {
            if (text !== '') setBig(exact, row, BigInt(text));
          });
        columns[name] = exact;
      } else columns[name] = values;
    }
    return { table: { rows: found.numRows, columns }, metadata: found.schema.metadata };
  } catch (error) {
    throw new InputError('shard', basename(path), `cannot be read: ${(error as Error).message}`);
  }
}
