import { InputError } from '../core/errors.js';
import { bigAt, type ExactColumn, exactColumn, SAFE, setBig } from '../core/exact.js';
import type { BlockColumn } from '../dataset/block.js';
import type { Unit } from '../table/scaled-f64.js';

/** Units of an instrument's integers. */
export interface ScaledUnits {
  readonly price: Unit;
  readonly size: Unit;
}

/** The largest unit of which both are whole multiples. */
export function commonUnit(a: Unit, b: Unit): Unit {
  const scale = Math.max(a.scale, b.scale);
  let x = a.coef * 10n ** BigInt(scale - a.scale);
  let y = b.coef * 10n ** BigInt(scale - b.scale);
  while (y !== 0n) [x, y] = [y, x % y];
  return reduced(x, scale);
}

function reduced(coef: bigint, scale: number): Unit {
  let [n, digits] = [coef, scale];
  for (; digits > 0 && n % 10n === 0n; digits--) n /= 10n;
  return { coef: n, scale: digits };
}

/** Decimal text of a unit, without exponent. */
export function unitText({ coef, scale }: Unit): string {
  const digits = String(coef).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Whole numbers of a block as an exact column; NaN where null. */
export function exactOf(column: BlockColumn): ExactColumn {
  if (column instanceof Float64Array) return { values: column, wide: undefined };
  const out = exactColumn(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (value === null) out.values[row] = Number.NaN;
    else setBig(out, row, BigInt(value));
  }
  return out;
}

/** to[row] = column[row] · from / into for rows `[start, end)`; `into` divides `from`. */
export function convertUnits(
  to: ExactColumn,
  column: ExactColumn,
  start: number,
  end: number,
  from: Unit,
  into: Unit,
): void {
  const factor = (from.coef * 10n ** BigInt(into.scale)) / (into.coef * 10n ** BigInt(from.scale));
  for (let row = start; row < end; row++) {
    const product = column.values[row]! * Number(factor);
    if (Number.isNaN(product) || (product < SAFE && !column.wide?.has(row))) to.values[row] = product;
    else setBig(to, row, bigAt(column, row) * factor);
  }
}

const I64_MAX = 2n ** 63n - 1n;

/** 64-bit words of whole numbers; those of a null are zero. */
export function wordsOf(name: string, column: ExactColumn): Uint32Array {
  const { values, wide } = column;
  const words = new Uint32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const high = Math.floor(value / 4294967296);
    // a NaN becomes zero as it is stored
    words[2 * row] = value - high * 4294967296;
    words[2 * row + 1] = high;
  }
  for (const [row, value] of wide ?? []) {
    if (value > I64_MAX || value < -I64_MAX)
      throw new InputError(`exact ${name}`, value, 'must fit 64 bits in the finest unit of its days');
    words[2 * row] = Number(value & 0xffffffffn);
    words[2 * row + 1] = Number((value >> 32n) & 0xffffffffn);
  }
  return words;
}
