import type { RawColumn } from '../core/importer.js';
import type { CellType } from '../core/kinds.js';
import type { RawNumbers } from '../core/raw.js';
import { canonicalInteger, canonicalMoney } from './exact-text.js';

/** How exact texts are normalised; undefined where one is no such number. */
export const CANONICAL: Partial<Record<CellType, (text: string) => string | undefined>> = {
  integer: canonicalInteger,
  money: canonicalMoney,
};

/** True where a cell is null: NaN, no text, or marked. */
export function isNull(column: RawColumn, i: number): boolean {
  switch (column.kind) {
    case 'f64':
      return Number.isNaN(column.values[i]!);
    case 'text':
      return column.values[i] === null || column.values[i] === undefined || column.values[i] === '';
    case 'decimal':
      return column.nulls !== undefined && column.nulls[i] !== 0;
    case 'codes':
      return false;
  }
}

/** A cell as decimal text, null where it is null. */
export function textAt(column: RawColumn, i: number): string | null {
  if (isNull(column, i)) return null;
  switch (column.kind) {
    case 'text':
      return column.values[i]!;
    case 'decimal':
      return `${column.unscaled[i]}e-${column.scale}`;
    default:
      return String(column.values[i]);
  }
}

/** Backtracks on long texts; no number is longer than this. */
const LONGEST = 400;
const ZEROS = /^[+-]?(0+\.?0*|\.0+)(e[+-]?\d+)?$/i;

/** True where a price or size is zero, in any notation. */
export function isZero(column: RawNumbers, i: number): boolean {
  switch (column.kind) {
    case 'f64':
      return column.values[i] === 0;
    case 'decimal':
      return column.unscaled[i] === 0n;
    case 'text': {
      const text = column.values[i]!;
      // 48 is '0', 46 is '.': most texts are told from zero by their first character
      const c = text.charCodeAt(0);
      return (c === 48 || c === 46 || c === 43 || c === 45) && text.length <= LONGEST && ZEROS.test(text);
    }
  }
}
