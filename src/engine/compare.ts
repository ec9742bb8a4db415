import type { Accuracy } from '../core/analytic.js';
import type { Column } from '../core/columns.js';
import { bigAt, isExact } from '../core/exact.js';
import type { Result, ResultTable } from './result.js';

/** The cell that misses its bound by most. */
export interface WorstCell {
  readonly table: string;
  readonly instrument: string;
  readonly time: string;
  readonly row: number;
  readonly column: string;
  readonly got: string;
  readonly want: string;
  /** Largest difference allowed, in words. */
  readonly bound: string;
}

export interface Comparison {
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  readonly mismatches: number;
  readonly worst: WorstCell | undefined;
}

interface Miss {
  readonly row: number;
  readonly excess: number;
}

/**
 * Compares two results cell by cell, each column by its accuracy class: exact and rounded columns must be
 * equal to the bit, f64 within 1e-12 relative, others within their stated absolute bound. Null equals only
 * null, an infinity only itself. A missing table, a missing column or a different number of rows is a mismatch.
 */
export function compareResults(got: Result, want: Result): Comparison {
  const tables: { name: string; rows: number; columns: number }[] = [];
  let mismatches = 0;
  let worst: { cell: WorstCell; excess: number } | undefined;
  const note = (cell: WorstCell, excess: number): void => {
    if (!worst || excess > worst.excess) worst = { cell, excess };
  };
  for (const name of new Set([...Object.keys(want.tables), ...Object.keys(got.tables)])) {
    const a = got.tables[name];
    const b = want.tables[name];
    if (!a || !b || a.table.rows !== b.table.rows) {
      mismatches++;
      const rows = (t: ResultTable | undefined): string => (t ? `${t.table.rows} rows` : 'no table');
      note({ ...keyless(name), got: rows(a), want: rows(b), bound: 'equal rows' }, Number.POSITIVE_INFINITY);
      continue;
    }
    const columns = Object.entries({ ...a.spec.columns, ...b.spec.columns });
    for (const [column, { accuracy }] of columns) {
      const misses = compareColumns(a.table.columns[column], b.table.columns[column], accuracy);
      mismatches += misses.count;
      if (misses.worst) note(cellOf(name, column, accuracy, a, b, misses.worst.row), misses.worst.excess);
    }
    tables.push({ name, rows: b.table.rows, columns: columns.length });
  }
  return { tables, mismatches, worst: worst?.cell };
}

/** Counts cells of `got` outside the bound around `want` and finds the farthest. */
export function compareColumns(
  got: Column | undefined,
  want: Column | undefined,
  accuracy: Accuracy,
): { count: number; worst: Miss | undefined } {
  let count = 0;
  let worst: Miss | undefined;
  const miss = (row: number, excess: number): void => {
    count++;
    if (!worst || excess > worst.excess) worst = { row, excess };
  };
  // a column that neither side has was not compared, and so does not agree
  if (!got || !want) return { count: 1, worst: { row: -1, excess: Number.POSITIVE_INFINITY } };
  const a = isExact(got) ? got.values : got;
  const b = isExact(want) ? want.values : want;
  if (a.length !== b.length || isExact(got) !== isExact(want))
    return { count: 1, worst: { row: -1, excess: Number.POSITIVE_INFINITY } };
  const tolerant = accuracy !== 'exact' && accuracy !== 'rounded';
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    // Object.is tells 0 from -0 and takes NaN, the null, as equal to itself
    if (Object.is(x, y)) continue;
    const difference = Math.abs(x - y);
    // an infinite bound would admit everything; a NaN difference, null against a number, fails too
    if (tolerant && difference <= allowedAround(y, accuracy) && difference < Number.POSITIVE_INFINITY)
      continue;
    miss(i, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  // beyond 2^53 equal f64 may hide different integers
  if (isExact(got) && isExact(want))
    for (const row of new Set([...(got.wide?.keys() ?? []), ...(want.wide?.keys() ?? [])]))
      if (a[row] === b[row] && bigAt(got, row) !== bigAt(want, row))
        miss(row, Math.abs(Number(bigAt(got, row) - bigAt(want, row))));
  return { count, worst };
}

const allowedAround = (want: number, accuracy: Accuracy): number =>
  typeof accuracy === 'object' ? accuracy.absolute : 1e-12 * Math.abs(want);

const keyless = (table: string) => ({ table, instrument: '', time: '', row: -1, column: '' });

function cellOf(
  table: string,
  column: string,
  accuracy: Accuracy,
  got: ResultTable,
  want: ResultTable,
  row: number,
): WorstCell {
  const shown = ({ table: t }: ResultTable): string => {
    const cells = t.columns[column];
    if (!cells || row < 0) return cells ? 'other length or kind' : 'missing';
    const value = isExact(cells) ? cells.values[row]! : cells[row]!;
    if (Number.isNaN(value)) return 'null';
    if (isExact(cells) && cells.wide?.has(row)) return String(bigAt(cells, row));
    return Object.is(value, -0) ? '-0' : String(value);
  };
  const code = (want.table.columns.instrument as Uint32Array | undefined)?.[row];
  const time = (want.table.columns.time as Float64Array | undefined)?.[row];
  return {
    table,
    row,
    column,
    instrument: code === undefined ? '' : (want.instruments[code]?.symbol ?? ''),
    time: time === undefined ? '' : timeText(time),
    got: shown(got),
    want: shown(want),
    bound:
      accuracy === 'f64'
        ? '1e-12 relative'
        : typeof accuracy === 'object'
          ? `${accuracy.absolute} absolute`
          : 'equal to the bit',
  };
}

/** A wrong time may be no date at all: it is what the report is about, so it must not fail here. */
function timeText(micros: number): string {
  const date = new Date(micros / 1000);
  return Number.isNaN(date.getTime()) ? `${micros} µs` : date.toISOString();
}
