import type { OutputSpec } from '../core/analytic.js';
import type { Column, Physical, Table } from '../core/columns.js';
import { addExact, bigAt, type ExactColumn, exactColumn, isExact, setBig } from '../core/exact.js';

/** One tile's table with the global number of its instrument 0. */
export interface Part {
  readonly table: Table;
  readonly firstInstrument: number;
}

type Spec = OutputSpec<never>;

/**
 * Puts the tables of all tiles together: rows of equal key become one by merge class, in key order. Tiles must
 * come in row order, so that first and last are right.
 */
export function mergeParts(spec: Spec, parts: readonly Part[]): Table {
  const table = concat(spec, parts);
  const keys = spec.key.map((name) => table.columns[name] as Physical);
  const order = keyOrder(keys, table.rows);
  if (order === 'distinct') return table;
  return mergeRows(spec, table, order === 'sorted' ? undefined : sortedRows(keys, table.rows));
}

/** The same rows under coarser times: 12 × 5 minutes become the hour, exactly. */
export function rollUp(spec: Spec, table: Table, cell: (time: number) => number): Table {
  const time = (table.columns.time as Float64Array).map(cell);
  return mergeRows(spec, { rows: table.rows, columns: { ...table.columns, time } }, undefined);
}

function concat(spec: Spec, parts: readonly Part[]): Table {
  if (parts.length === 1 && parts[0]!.firstInstrument === 0) return parts[0]!.table;
  const rows = parts.reduce((n, part) => n + part.table.rows, 0);
  const columns: Record<string, Column> = {};
  for (const name of stateColumns(spec)) {
    const sample = parts.find((part) => part.table.rows > 0)?.table.columns[name];
    if (!sample) columns[name] = new Float64Array(0);
    else if (isExact(sample)) columns[name] = concatExact(parts, name, rows);
    else {
      const out = new (sample.constructor as new (n: number) => Physical)(rows);
      let at = 0;
      for (const { table, firstInstrument } of parts) {
        const source = table.columns[name] as Physical;
        out.set(source, at);
        if (name === 'instrument' && firstInstrument > 0)
          for (let i = at; i < at + table.rows; i++) out[i] = out[i]! + firstInstrument;
        at += table.rows;
      }
      columns[name] = out;
    }
  }
  return { rows, columns };
}

function concatExact(parts: readonly Part[], name: string, rows: number): ExactColumn {
  const out = exactColumn(rows);
  let at = 0;
  for (const { table } of parts) {
    const source = table.columns[name] as ExactColumn;
    out.values.set(source.values, at);
    if (source.wide) for (const row of source.wide.keys()) setBig(out, at + row, bigAt(source, row));
    at += table.rows;
  }
  return out;
}

/** Columns a backend emits; the rest are computed from them after the merge. */
export const stateColumns = (spec: Spec): string[] =>
  Object.keys(spec.columns).filter((name) => !['derived', 'scan'].includes(spec.columns[name]!.merge));

/** Whether the rows come in key order, and if so whether no key comes twice. */
function keyOrder(keys: readonly Physical[], rows: number): 'distinct' | 'sorted' | 'unsorted' {
  let distinct = true;
  for (let i = 1; i < rows; i++) {
    let c = 0;
    while (c < keys.length && keys[c]![i] === keys[c]![i - 1]) c++;
    if (c === keys.length) distinct = false;
    else if (keys[c]![i]! < keys[c]![i - 1]!) return 'unsorted';
  }
  return distinct ? 'distinct' : 'sorted';
}

/** A stable order by key. */
function sortedRows(keys: readonly Physical[], rows: number): Uint32Array {
  const compare = (a: number, b: number): number => {
    for (const column of keys) if (column[a] !== column[b]) return column[a]! < column[b]! ? -1 : 1;
    return 0;
  };
  // only groups that a cut went through are out of order, so runs are long and the sort is nearly linear
  return Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => compare(a, b) || a - b);
}

function mergeRows(spec: Spec, table: Table, order: Uint32Array | undefined): Table {
  const { rows } = table;
  const keys = spec.key.map((name) => table.columns[name] as Physical);
  /** Output row of each input row. */
  const target = new Uint32Array(rows);
  let cells = 0;
  let previous = -1;
  for (let n = 0; n < rows; n++) {
    const i = order ? order[n]! : n;
    if (previous < 0 || !sameKey(keys, i, previous)) cells++;
    target[i] = cells - 1;
    previous = i;
  }
  if (cells === rows && !order) return table;
  const columns: Record<string, Column> = {};
  for (const name of stateColumns(spec)) {
    const source = table.columns[name]!;
    columns[name] = isExact(source)
      ? mergeExact(source, target, order, cells)
      : mergePhysical(source, target, order, cells, spec.columns[name]!.merge);
  }
  return { rows: cells, columns };
}

function sameKey(keys: readonly Physical[], a: number, b: number): boolean {
  for (let c = 0; c < keys.length; c++) if (keys[c]![a] !== keys[c]![b]) return false;
  return true;
}

function mergeExact(
  source: ExactColumn,
  target: Uint32Array,
  order: Uint32Array | undefined,
  cells: number,
): ExactColumn {
  const out = exactColumn(cells);
  for (let n = 0; n < target.length; n++) {
    const i = order ? order[n]! : n;
    addExact(out, target[i]!, source, i);
  }
  return out;
}

function mergePhysical(
  source: Physical,
  target: Uint32Array,
  order: Uint32Array | undefined,
  cells: number,
  merge: string,
): Physical {
  const out = new (source.constructor as new (n: number) => Physical)(cells);
  let seen = -1;
  for (let n = 0; n < target.length; n++) {
    const i = order ? order[n]! : n;
    const cell = target[i]!;
    const value = source[i]!;
    if (cell !== seen) out[cell] = value;
    else if (merge === 'sum') out[cell] = out[cell]! + value;
    else if (merge === 'last') out[cell] = value;
    else if (merge === 'min') out[cell] = Math.min(out[cell]!, value);
    else if (merge === 'max') out[cell] = Math.max(out[cell]!, value);
    seen = cell;
  }
  return out;
}
