import type { AnyAnalytic, MergeClass, OutputSpec } from '../core/analytic.js';
import type { Column, Physical, Table } from '../core/columns.js';
import { addExact, bigAt, type ExactColumn, exactColumn, isExact, SAFE, setBig } from '../core/exact.js';

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
  return mergeByKey(spec, concat(spec, parts), stateColumns(spec));
}

/** The tables of all outputs, each put together of its parts. */
export const mergeOutputs = (
  { outputs }: AnyAnalytic,
  partsOf: (output: string) => readonly Part[],
): Record<string, Table> =>
  Object.fromEntries(
    Object.entries(outputs).map(([output, spec]) => [output, mergeParts(spec as Spec, partsOf(output))]),
  );

/** The same rows under coarser times: 12 × 5 minutes become the hour, exactly. `extra` columns keep their last. */
export function rollUp(
  spec: Spec,
  table: Table,
  cell: (time: number) => number,
  extra: readonly string[],
): Table {
  const time = (table.columns.time as Float64Array).map(cell);
  const columns = { ...table.columns, time };
  return mergeByKey(spec, { rows: table.rows, columns }, [...stateColumns(spec), ...extra]);
}

function mergeByKey(spec: Spec, table: Table, names: readonly string[]): Table {
  const keys = spec.key.map((name) => table.columns[name] as Physical);
  const order = keyOrder(keys, table.rows);
  if (order === 'distinct') return table;
  return mergeRows(spec, table, names, order === 'sorted' ? undefined : sortedRows(keys, table.rows));
}

function concat(spec: Spec, parts: readonly Part[]): Table {
  if (parts.length === 1 && parts[0]!.firstInstrument === 0) return parts[0]!.table;
  const rows = parts.reduce((n, part) => n + part.table.rows, 0);
  const columns: Record<string, Column> = {};
  for (const name of stateColumns(spec)) {
    const sample = parts[0]?.table.columns[name];
    if (!sample) throw new TypeError(`output column ${name} is declared, but the backend gave none`);
    if (isExact(sample)) columns[name] = concatExact(parts, name, rows);
    else {
      const out = new (sample.constructor as new (n: number) => Physical)(rows);
      let at = 0;
      for (const { table, firstInstrument } of parts) {
        const source = table.columns[name] as Physical;
        out.set(source, at);
        if (spec.columns[name]!.dtype === 'instrument' && firstInstrument > 0)
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
  // a plain array: its sort finds the long runs that tiles leave, a typed array's does not
  const order = Array.from({ length: rows }, (_, i) => i).sort(compare);
  return Uint32Array.from(order);
}

function mergeRows(
  spec: Spec,
  table: Table,
  names: readonly string[],
  order: Uint32Array | undefined,
): Table {
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
  const columns: Record<string, Column> = {};
  for (const name of names) {
    const source = table.columns[name]!;
    const declared = spec.columns[name]!.merge;
    const merge = declared === 'scan' ? 'last' : declared;
    columns[name] = isExact(source)
      ? mergeExact(source, target, order, cells, merge)
      : mergePhysical(source, target, order, cells, merge, name);
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
  merge: MergeClass,
): ExactColumn {
  if (merge === 'sum') return sumExact(source, target, cells);
  const out = exactColumn(cells);
  let seen = -1;
  for (let n = 0; n < target.length; n++) {
    const i = order ? order[n]! : n;
    const cell = target[i]!;
    const fresh = cell !== seen;
    if (fresh || merge === 'last') setBig(out, cell, bigAt(source, i));
    else if (merge === 'min' || merge === 'max') {
      const value = bigAt(source, i);
      if (merge === 'min' ? value < bigAt(out, cell) : value > bigAt(out, cell)) setBig(out, cell, value);
    }
    seen = cell;
  }
  return out;
}

/** Sums need no order. In f64 while no sum has reached 2^53, else again by exact addition. */
function sumExact(source: ExactColumn, target: Uint32Array, cells: number): ExactColumn {
  const { values, wide } = source;
  const out = exactColumn(cells);
  let safe = wide === undefined;
  for (let i = 0; i < target.length && safe; i++) {
    const sum = out.values[target[i]!]! + values[i]!;
    out.values[target[i]!] = sum;
    safe = sum < SAFE && sum > -SAFE;
  }
  if (safe) return out;
  out.values.fill(0);
  for (let i = 0; i < target.length; i++) addExact(out, target[i]!, source, i);
  return out;
}

/** Nulls (NaN) give way to values. Errors: RangeError for an integer sum beyond its array, which would wrap. */
function mergePhysical(
  source: Physical,
  target: Uint32Array,
  order: Uint32Array | undefined,
  cells: number,
  merge: MergeClass,
  name: string,
): Physical {
  const out = new (source.constructor as new (n: number) => Physical)(cells);
  let seen = -1;
  for (let n = 0; n < target.length; n++) {
    const i = order ? order[n]! : n;
    const cell = target[i]!;
    const value = source[i]!;
    const held = out[cell]!;
    if (cell !== seen || Number.isNaN(held)) out[cell] = value;
    else if (Number.isNaN(value)) continue;
    else if (merge === 'sum') {
      out[cell] = held + value;
      if (out[cell] !== held + value)
        throw new RangeError(`sum of ${name} outgrows 32 bits: make the column exact`);
    } else if (merge === 'last') out[cell] = value;
    else if (merge === 'min') out[cell] = Math.min(held, value);
    else if (merge === 'max') out[cell] = Math.max(held, value);
    seen = cell;
  }
  return out;
}
