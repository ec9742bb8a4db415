import type { KindName } from '../core/kinds.js';
import { isScaled } from '../dataset/block.js';
import { type StoredColumn, storedColumns } from '../dataset/stored-columns.js';
import {
  decimalCells,
  type ExportCells,
  type ExportRows,
  exactCells,
  f64Cells,
  flagCells,
  moneyCells,
  sideCells,
  symbolCells,
  textCells,
  wholeCells,
} from './export-cells.js';
import { type ScaledUnits, unitText } from './export-units.js';

/** A column of an exported table. */
export interface ExportColumn {
  readonly name: string;
  readonly doc: string;
  readonly nullable: boolean;
  readonly cells: (rows: ExportRows) => ExportCells;
}

/** What the columns of one exported table depend on. */
export interface ExportShape {
  readonly kind: KindName;
  /** Raw columns that some partition has. */
  readonly present: ReadonlySet<string>;
  /** All instruments of the table. */
  readonly names: readonly string[];
  /** Units of the exact integers by name, where those are asked for. */
  readonly exact?: readonly ScaledUnits[];
}

/** Sides that are not plainly buy or sell. A trade's unknown side is a state of its own, not a null. */
const SIDES: Partial<Record<KindName, readonly string[]>> = {
  trades: ['buy', 'sell', 'unknown'],
  book_delta: ['bid', 'ask'],
};
const BUY_SELL: readonly string[] = ['buy', 'sell'];

/**
 * The columns of a kind in a reader's units: prices and sizes as f64, each rounded once; times with their zone; sides
 * as text, null where there is none; money as Decimal128(38, 18). With `exact` the integers follow their column, under
 * the name they have in the dataset, and `price_unit` and `size_unit` close the row: price = tick · price_unit.
 */
export function exportColumns(shape: ExportShape): ExportColumn[] {
  const { kind, exact } = shape;
  const present = kind === 'trades' ? new Set([...shape.present, 'side']) : shape.present;
  const columns: ExportColumn[] = [];
  const scaled = new Set<'price' | 'size'>();
  for (const stored of storedColumns(kind, present, false)) {
    columns.push(columnOf(shape, stored));
    const what = isScaled(kind, stored.name);
    if (what === undefined || exact === undefined) continue;
    scaled.add(what);
    columns.push({
      name: stored.stored,
      nullable: stored.nullable,
      doc: `${stored.doc}, in units of ${what}_unit`,
      cells: (rows) => exactCells(rows, stored.name, what, exact),
    });
  }
  for (const what of scaled) {
    const values = [...new Set(exact!.map((units) => unitText(units[what])))].sort();
    const codes = exact!.map((units) => values.indexOf(unitText(units[what])));
    columns.push({
      name: `${what}_unit`,
      nullable: false,
      doc: `unit of the row's exact ${what}s, decimal`,
      cells: (rows) => symbolCells(rows, values, (name) => codes[name]!),
    });
  }
  return columns;
}

function columnOf({ kind, names }: ExportShape, stored: StoredColumn): ExportColumn {
  const { name, type, nullable, doc } = stored;
  const column = (cells: ExportColumn['cells']): ExportColumn => ({ name, doc, nullable, cells });
  const scaled = isScaled(kind, name);
  if (scaled) return column((rows) => decimalCells(rows, name, scaled));
  switch (type) {
    case 'symbol':
      return column((rows) => symbolCells(rows, names, (of) => of));
    case 'timestamp':
      return column((rows) => wholeCells(rows, name, 'timestamp'));
    case 'i32':
    case 'i64':
      return column((rows) => wholeCells(rows, name, 'i64'));
    case 'f64':
      return column((rows) => f64Cells(rows, name));
    case 'u16':
      return column((rows) => flagCells(rows, name));
    case 'utf8':
      return column((rows) => textCells(rows, name));
    case 'decimal':
      return column((rows) => moneyCells(rows, name));
    case 'i8': {
      const labels = SIDES[kind] ?? BUY_SELL;
      const all = labels.join(', ');
      return {
        ...column((rows) => sideCells(rows, name, labels)),
        nullable: labels.length < 3,
        doc: labels.length < 3 ? `${all}; null where there is none` : all,
      };
    }
  }
}
