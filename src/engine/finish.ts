import type { OutputSpec, ScanSpec } from '../core/analytic.js';
import type { Column, Instrument, Table } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { addExact, type ExactColumn, exactColumn, isExact, SAFE } from '../core/exact.js';
import { gridStart, sessionAt, sessionStarts } from '../core/sessions.js';

/**
 * Fills derived columns and scans, in declaration order, so that each may use those before it. `every` is the bar
 * width, 0 without levels. A rolled-up level brings its scans from the finest one, where they are exact about
 * anchors: a sum is that of the last finest bar; a max also covers this level's own value.
 */
export function finish<P>(
  spec: OutputSpec<P>,
  merged: Table,
  instruments: readonly Instrument[],
  params: P,
  every: number,
  rolledUp: boolean,
): Table {
  const columns: Record<string, Column> = { ...merged.columns };
  const table: Table = { rows: merged.rows, columns };
  for (const [name, column] of Object.entries(spec.columns)) {
    if (column.derive) columns[name] = column.derive({ table, instruments, params, every });
    else if (column.scan && !rolledUp) columns[name] = scan(table, column.scan, params, every);
    else if (column.scan?.op === 'max') columns[name] = larger(columns[name]!, columns[column.scan.of]!);
  }
  return table;
}

/** Running sum or max of a column over each instrument's rows, restarting at each session of `reset`. */
function scan<P>(table: Table, { of, op, reset }: ScanSpec<P>, params: P, every: number): Column {
  const source = table.columns[of]!;
  const fresh = freshRows(table, reset?.(params) ?? 'run', every);
  if (isExact(source)) {
    if (op !== 'sum') throw new TypeError(`scan ${op} of exact column ${of} is not defined`);
    return runningSum(source, fresh);
  }
  const out = new Float64Array(table.rows);
  for (let i = 0; i < table.rows; i++) {
    const value = source[i]!;
    const before = fresh[i] ? Number.NaN : out[i - 1]!;
    // a null neither adds nor hides what came before it
    if (Number.isNaN(before) || Number.isNaN(value)) out[i] = Number.isNaN(value) ? before : value;
    else out[i] = op === 'sum' ? before + value : Math.max(before, value);
  }
  return out;
}

function larger(a: Column, b: Column): Float64Array {
  if (isExact(a) || isExact(b)) throw new TypeError('a running max of exact columns is not defined');
  return Float64Array.from(a, (value, i) => Math.max(value, b[i]!));
}

/** Exact running sum, restarting where `fresh`. */
function runningSum(source: ExactColumn, fresh: Uint8Array): ExactColumn {
  const { values } = source;
  const out = exactColumn(values.length);
  let sum = 0;
  let i = source.wide ? values.length : 0;
  for (; i < values.length; i++) {
    sum = (fresh[i] ? 0 : sum) + values[i]!;
    if (!(sum < SAFE && sum > -SAFE)) break;
    out.values[i] = sum;
  }
  // from the first sum beyond 2^53 on, or throughout where the terms are: by exact addition
  for (i = source.wide ? 0 : i; i < values.length; i++) {
    if (!fresh[i]) addExact(out, i, out, i - 1);
    addExact(out, i, source, i);
  }
  return out;
}

/** 1 where a row begins a new instrument or session. */
function freshRows(table: Table, session: string, every: number): Uint8Array {
  const fresh = new Uint8Array(table.rows);
  const instrument = table.columns.instrument as Uint32Array;
  const time = table.columns.time as Float64Array;
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < table.rows; i++) {
    if (i === 0 || instrument[i] !== instrument[i - 1]) fresh[i] = 1;
    if (time[i]! < lo) lo = time[i]!;
    if (time[i]! > hi) hi = time[i]!;
  }
  if (session === 'run' || table.rows === 0) return fresh;
  const starts = sessionStarts(session, lo, hi + 1, 'anchor');
  const inside = every > 0 ? starts.find((t) => t > lo && t <= hi && gridStart(t, every) !== t) : undefined;
  if (inside !== undefined)
    throw new InputError(
      'anchor',
      session,
      `begins at ${new Date(inside / 1000).toISOString()}, inside a bar of ${durationText(every)}: take bars that begin there`,
    );
  let at = 0;
  for (let i = 0; i < table.rows; i++) {
    if (fresh[i]) at = sessionAt(starts, time[i]!);
    if (time[i]! < starts[at + 1]!) continue;
    while (time[i]! >= starts[at + 1]!) at++;
    fresh[i] = 1;
  }
  return fresh;
}
