import type { Accuracy, ColumnSpec, OutputSpec } from '../core/analytic.js';
import type { Column, Instrument, Physical, Table } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { type ExactColumn, isExact } from '../core/exact.js';
import { moneyDecimals, moneyUnit, type Run } from './money-decimals.js';
import { int64Words, type PresentedColumn, type PresentedData, type PresentedTable } from './presented.js';
import { scaledF64, type Unit, unitOf } from './scaled-f64.js';
import { scaledWords } from './scaled-words.js';

/** The parts of a result table that presentation needs. */
export interface PresentInput {
  // biome-ignore lint/suspicious/noExplicitAny: columns of an analytic of any parameters
  readonly spec: OutputSpec<any>;
  readonly table: Table;
  readonly instruments: readonly Instrument[];
}

export interface PresentOptions {
  /** Adds `<name>_ticks` and `<name>_lots` integers and the hidden columns. */
  readonly exact?: boolean;
  /** Becomes schema metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A result table in decimal units, columns in declared order: symbols, UTC timestamps, f64 prices and sizes
 * (each rounded once), Decimal128 money with an f64 beside it, counts and labels as integers. NaN and
 * infinities become null. Throws an InputError naming the instrument if money needs more than 38 digits.
 */
export function present(input: PresentInput, options: PresentOptions = {}): PresentedTable {
  const { spec, table, instruments } = input;
  const runs = instrumentRuns(table, instruments);
  const columns: PresentedColumn[] = [];
  for (const [name, column] of Object.entries(spec.columns)) {
    if (column.hidden && !options.exact) continue;
    const source = table.columns[name];
    if (!source) throw new TypeError(`result column ${name} is missing`);
    const add = (as: string, data: PresentedData, unit = column.unit): void => {
      columns.push(finish(as, data, column, unit, source, availability(spec, name)));
    };
    switch (column.dtype) {
      case 'instrument':
        add(name, { type: 'symbol', codes: source as Uint32Array, values: instruments.map((i) => i.symbol) });
        break;
      case 'time':
        add(name, { type: 'timestamp', words: int64Words(source as Float64Array) });
        break;
      case 'tick':
        add(
          name,
          perRun(runs, table.rows, source, (i) => ({ unit: unitOf(i.tick), base: i.base })),
        );
        if (options.exact)
          add(`${name}_ticks`, { type: 'i64', words: int64Words(wholeTicks(runs, source)) }, 'ticks');
        break;
      case 'lots':
        add(
          name,
          perRun(runs, table.rows, source, (i) => ({ unit: unitOf(i.lot), base: 0 })),
        );
        if (options.exact) add(`${name}_lots`, whole(runs, source, name), 'lots');
        break;
      case 'money': {
        add(name, moneyDecimals(runs, zeroWhereNull(asExact(source)), name, instruments));
        add(
          `${name}_f64`,
          perRun(runs, table.rows, source, (i) => ({ unit: moneyUnit(i), base: 0 })),
        );
        break;
      }
      case 'count':
      case 'index':
        add(name, isExact(source) ? whole(runs, source, name) : integers(source));
        break;
      case 'f64':
        add(name, { type: 'f64', values: source as Float64Array });
        break;
      default:
        column.dtype satisfies never;
    }
  }
  return { rows: table.rows, columns, metadata: options.metadata ?? {} };
}

/** The column that says when a value is known: its own, else the row's. */
function availability(spec: PresentInput['spec'], name: string): Readonly<Record<string, string>> {
  const own = `${name}_available_at`;
  if (spec.columns[own]) return { available_at: own };
  return spec.columns.available_at ? { available_at: 'available_at' } : {};
}

function instrumentRuns(table: Table, instruments: readonly Instrument[]): Run[] {
  const codes = table.columns.instrument as Uint32Array;
  const runs: Run[] = [];
  for (let from = 0; from < table.rows; ) {
    const code = codes[from]!;
    let to = from + 1;
    while (to < table.rows && codes[to] === code) to++;
    runs.push({ from, to, instrument: instruments[code]! });
    from = to;
  }
  return runs;
}

const asExact = (source: Column): ExactColumn =>
  isExact(source) ? source : { values: source as Float64Array, wide: undefined };

function perRun(
  runs: readonly Run[],
  rows: number,
  source: Column,
  of: (instrument: Instrument) => { unit: Unit; base: number },
): PresentedData {
  const values = new Float64Array(rows);
  const column = asExact(source);
  for (const run of runs) {
    const { unit, base } = of(run.instrument);
    scaledF64(values, column, run.from, run.to, unit, base);
  }
  return { type: 'f64', values };
}

function wholeTicks(runs: readonly Run[], source: Column): Float64Array {
  const { values } = asExact(source);
  const out = new Float64Array(values.length);
  for (const run of runs)
    for (let row = run.from; row < run.to; row++) out[row] = run.instrument.base + values[row]!;
  return out;
}

function whole(runs: readonly Run[], source: Column, name: string): PresentedData {
  const column = zeroWhereNull(asExact(source));
  const words = new Uint32Array(column.values.length * 4);
  for (const { from, to, instrument } of runs) {
    const at = scaledWords(words, column, from, to, 1n);
    if (at >= 0)
      throw new InputError(`${instrument.symbol} ${name}`, column.values[at], 'must fit 38 decimal digits');
  }
  return { type: 'decimal', words, scale: 0 };
}

function zeroWhereNull(column: ExactColumn): ExactColumn {
  let copy: ExactColumn | undefined;
  for (let row = 0; row < column.values.length; row++)
    if (!Number.isFinite(column.values[row]!)) {
      copy ??= { values: column.values.slice(), wide: column.wide };
      copy.values[row] = 0;
    }
  return copy ?? column;
}

const integers = (source: Physical): PresentedData =>
  source instanceof Uint32Array
    ? { type: 'u32', values: source }
    : { type: 'i64', words: int64Words(source) };

/** Marks nulls in the source as invalid, with zeros beneath, so that equal tables are equal bytes. */
function finish(
  name: string,
  data: PresentedData,
  // biome-ignore lint/suspicious/noExplicitAny: as in PresentInput
  spec: ColumnSpec<any>,
  unit: string,
  source: Column,
  available: Readonly<Record<string, string>>,
): PresentedColumn {
  const { nulls: whenNull, doc } = spec;
  const metadata = { unit, accuracy: accuracyText(spec.accuracy), nulls: whenNull, doc, ...available };
  const values = isExact(source) ? source.values : source;
  // integers that are never null need no look
  const whole = isExact(source) && whenNull === 'never';
  if (whole || !(values instanceof Float64Array)) return { name, data, nulls: 0, metadata };
  let valid: Uint8Array | undefined;
  let nulls = 0;
  for (let row = 0; row < values.length; row++) {
    // v - v is 0 for every finite v
    if (values[row]! - values[row]! === 0) continue;
    valid ??= new Uint8Array(Math.ceil(values.length / 64) * 8).fill(255);
    valid[row >> 3]! &= ~(1 << (row & 7));
    nulls++;
  }
  if (!valid) return { name, data, nulls: 0, metadata };
  return { name, data: zeroed(data, values), valid, nulls, metadata };
}

function zeroed(data: PresentedData, source: Float64Array): PresentedData {
  // words were made from NaN by Math.floor and typed-array conversion: zero already
  if (data.type !== 'f64') return data;
  const values = data.values.slice();
  for (let row = 0; row < source.length; row++) if (source[row]! - source[row]! !== 0) values[row] = 0;
  return { type: 'f64', values };
}

/** An accuracy class in words. */
export const accuracyText = (accuracy: Accuracy): string =>
  typeof accuracy === 'string' ? accuracy : `absolute ${accuracy.absolute}: ${accuracy.why}`;
