import type { Decimal } from '../core/decimal.js';
import { cellOf } from '../core/kind-cells.js';
import type { KindName } from '../core/kinds.js';

/** A column of a block: numbers, scaled integers (exact beyond 2^53 as BigInt), codes or texts. */
export type BlockColumn = Float64Array | (bigint | null)[] | Uint16Array | (string | null)[];

/** Rows of one instrument and UTC day, sorted by (ts, seq, arrival); prices and sizes in one decimal scale each. */
export interface Block {
  readonly rows: number;
  readonly ts: Float64Array;
  /** Absent where no row has one. */
  readonly seq: Float64Array | undefined;
  /** Input and record of each row; rows of the dataset itself have none. */
  readonly source: Uint32Array | undefined;
  readonly record: Float64Array | undefined;
  readonly columns: ReadonlyMap<string, BlockColumn>;
}

/** Units of the integers of one block: value = n · coef / 10^scale. */
export interface Units {
  readonly price: Decimal;
  readonly size: Decimal;
}

/** What is known of a block before it is read. */
export interface BlockInfo {
  /** Instrument, by the import's number. */
  readonly id: number;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly rows: number;
  /** Scale of all price columns and of all size columns. */
  readonly priceScale: number;
  readonly sizeScale: number;
  /** Largest price and size in those scales; an f64 may round a larger integer. */
  readonly maxPrice: number;
  readonly maxSize: number;
  /** Columns of which some value is not null. */
  readonly present: readonly string[];
}

/** Whether a column counts ticks (price) or lots (size) of the instrument, or neither. */
export function isScaled(kind: KindName, name: string): 'price' | 'size' | undefined {
  const type = cellOf(kind, name)?.type;
  return type === 'price' || type === 'size' ? type : undefined;
}

/**
 * A row for the ledger: its cells that are not null in order of their names, prices and sizes as decimals. It does not
 * depend on the block that holds the row.
 */
export function rowText(kind: KindName, block: Block, row: number, units: Units): string {
  const cells: Record<string, unknown> = { ts: block.ts[row] };
  if (block.seq && !Number.isNaN(block.seq[row]!)) cells.seq = block.seq[row];
  for (const name of [...block.columns.keys()].sort()) {
    const value = block.columns.get(name)![row]!;
    if (value === null || Number.isNaN(value)) continue;
    const what = isScaled(kind, name);
    cells[name] = what === undefined ? value : scaledText(BigInt(value), units[what]);
  }
  return JSON.stringify(cells);
}

/** n · unit as decimal text without trailing zeros. */
function scaledText(n: bigint, unit: Decimal): string {
  const digits = String(n * BigInt(unit.coef)).padStart(unit.scale + 1, '0');
  if (unit.scale === 0) return digits;
  return `${digits.slice(0, -unit.scale)}.${digits.slice(-unit.scale)}`.replace(/\.?0+$/, '');
}
