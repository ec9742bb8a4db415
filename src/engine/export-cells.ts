import { exactColumn } from '../core/exact.js';
import type { Block, BlockColumn } from '../dataset/block.js';
import { MONEY_SCALE } from '../dataset/exact-text.js';
import type { InstrumentRun } from '../dataset/runs.js';
import type { PresentedData } from '../table/presented.js';
import { scaledF64, type Unit } from '../table/scaled-f64.js';
import { convertUnits, exactOf, type ScaledUnits, wordsOf } from './export-units.js';

/** Rows of one partition on their way out. */
export interface ExportRows {
  readonly block: Block;
  readonly runs: readonly InstrumentRun[];
  /** By code of the partition: place in the list of names, units of the stored integers. */
  readonly names: readonly number[];
  readonly units: readonly ScaledUnits[];
}

/** One column of these rows. */
export interface ExportCells {
  readonly data: PresentedData;
  readonly valid?: Uint8Array;
  readonly nulls: number;
}

const source = ({ block }: ExportRows, name: string): BlockColumn | undefined =>
  name === 'ts' ? block.ts : name === 'seq' ? block.seq : block.columns.get(name);

const numbers = (rows: ExportRows, name: string): BlockColumn =>
  source(rows, name) ?? new Float64Array(rows.block.rows).fill(Number.NaN);

const texts = (rows: ExportRows, name: string): (string | null)[] =>
  (source(rows, name) as (string | null)[] | undefined) ?? new Array(rows.block.rows).fill(null);

/** Validity bits, in whole 64-bit words; none where nothing is null. */
function validity(rows: number, isNull: (row: number) => boolean): { valid?: Uint8Array; nulls: number } {
  let valid: Uint8Array | undefined;
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (!isNull(row)) continue;
    valid ??= new Uint8Array(Math.ceil(rows / 64) * 8).fill(255);
    valid[row >> 3]! &= ~(1 << (row & 7));
    nulls++;
  }
  return valid ? { valid, nulls } : { nulls };
}

/** A symbol of each instrument: its name, or its unit. */
export function symbolCells(
  { block, runs, names }: ExportRows,
  values: readonly string[],
  of: (name: number) => number,
): ExportCells {
  const codes = new Uint32Array(block.rows);
  for (const { code, from, to } of runs) codes.fill(of(names[code]!), from, to);
  return { data: { type: 'symbol', codes, values }, nulls: 0 };
}

export function wholeCells(rows: ExportRows, name: string, type: 'timestamp' | 'i64'): ExportCells {
  const column = exactOf(numbers(rows, name));
  const nulls = validity(rows.block.rows, (row) => Number.isNaN(column.values[row]));
  return { data: { type, words: wordsOf(name, column) }, ...nulls };
}

/** Prices or sizes as f64, each rounded once. */
export function decimalCells(rows: ExportRows, name: string, what: 'price' | 'size'): ExportCells {
  const column = exactOf(numbers(rows, name));
  const values = new Float64Array(rows.block.rows);
  for (const { code, from, to } of rows.runs) scaledF64(values, column, from, to, rows.units[code]![what]);
  return floatCells(values);
}

/** The integers behind prices or sizes, in units by name. */
export function exactCells(
  rows: ExportRows,
  name: string,
  what: 'price' | 'size',
  into: readonly ScaledUnits[],
): ExportCells {
  const column = exactOf(numbers(rows, name));
  const out = exactColumn(rows.block.rows);
  for (const { code, from, to } of rows.runs) {
    const unit: Unit = into[rows.names[code]!]![what];
    convertUnits(out, column, from, to, rows.units[code]![what], unit);
  }
  const nulls = validity(rows.block.rows, (row) => Number.isNaN(out.values[row]));
  return { data: { type: 'i64', words: wordsOf(name, out) }, ...nulls };
}

/** Numbers; what is not finite is null, with zero beneath. */
export function floatCells(values: Float64Array): ExportCells {
  const nulls = validity(values.length, (row) => !Number.isFinite(values[row]));
  if (nulls.valid === undefined) return { data: { type: 'f64', values }, nulls: 0 };
  return {
    data: { type: 'f64', values: values.map((value) => (Number.isFinite(value) ? value : 0)) },
    ...nulls,
  };
}

export const f64Cells = (rows: ExportRows, name: string): ExportCells =>
  floatCells(numbers(rows, name) as Float64Array);

export function textCells(rows: ExportRows, name: string): ExportCells {
  const values = texts(rows, name);
  return { data: { type: 'text', values }, ...validity(values.length, (row) => values[row] === null) };
}

/** Money, stored as the text of its unscaled integer. */
export function moneyCells(rows: ExportRows, name: string): ExportCells {
  const values = texts(rows, name);
  const words = new Uint32Array(values.length * 4);
  values.forEach((value, row) => {
    if (value === null) return;
    let rest = BigInt.asUintN(128, BigInt(value));
    for (let w = 0; w < 4; w++, rest >>= 32n) words[4 * row + w] = Number(rest & 0xffffffffn);
  });
  const nulls = validity(values.length, (row) => values[row] === null);
  return { data: { type: 'decimal', words, scale: MONEY_SCALE }, ...nulls };
}

export function flagCells(rows: ExportRows, name: string): ExportCells {
  const column = source(rows, name) as Uint16Array | undefined;
  const values = column ? Uint32Array.from(column) : new Uint32Array(rows.block.rows);
  return { data: { type: 'u32', values }, nulls: 0 };
}

/** Sides as text: `labels` are those of +1, -1 and, if there is a third, of 0, which is null otherwise. */
export function sideCells(rows: ExportRows, name: string, labels: readonly string[]): ExportCells {
  const column = source(rows, name) as Uint16Array | undefined;
  const codes = new Uint32Array(rows.block.rows);
  const none = labels.length > 2 ? 2 : 0;
  // SIDE_UNKNOWN, SIDE_BUY, SIDE_SELL
  for (let row = 0; row < codes.length; row++) codes[row] = column?.[row] ? column[row]! - 1 : none;
  const nulls = labels.length > 2 ? { nulls: 0 } : validity(codes.length, (row) => !column?.[row]);
  return { data: { type: 'symbol', codes, values: labels }, ...nulls };
}
