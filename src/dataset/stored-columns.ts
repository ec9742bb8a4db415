import { cellOf, storedName } from '../core/kind-cells.js';
import { type CellType, KINDS, type KindName } from '../core/kinds.js';

/** How a column lies in a partition file. */
export type StoredType = 'symbol' | 'timestamp' | 'i32' | 'i64' | 'i8' | 'u16' | 'f64' | 'utf8' | 'decimal';

export interface StoredColumn {
  /** Name of the raw column: `price`, `bid_size_3`; `instrument`, `ts`, `recv_ts`, `seq` for every kind. */
  readonly name: string;
  /** Name in the file: `tick`, `bid_lots_3`. */
  readonly stored: string;
  readonly type: StoredType;
  readonly nullable: boolean;
  readonly doc: string;
}

const TYPES: Readonly<Record<CellType, StoredType>> = {
  time: 'timestamp',
  price: 'i32',
  size: 'i64',
  money: 'decimal',
  integer: 'utf8',
  count: 'i64',
  f64: 'f64',
  side: 'i8',
  flags: 'u16',
  text: 'utf8',
};

/**
 * Columns of a partition in file order: those every row has, and of the others the ones some row of the partition
 * has. A column that is missing is null throughout. Ticks are i32, i64 only where one does not fit.
 */
export function storedColumns(
  kind: KindName,
  present: ReadonlySet<string>,
  wideTicks: boolean,
): StoredColumn[] {
  const plain = (name: string, type: StoredType, nullable: boolean, doc: string): StoredColumn => ({
    ...{ name, stored: name, type, nullable, doc },
  });
  const columns: StoredColumn[] = [
    plain('instrument', 'symbol', false, 'instrument, venue:symbol'),
    plain('ts', 'timestamp', false, 'exchange time'),
  ];
  if (present.has('recv_ts')) columns.push(plain('recv_ts', 'timestamp', true, 'local time of receipt'));
  if (present.has('seq')) columns.push(plain('seq', 'i64', true, 'trade id or sequence number'));
  for (const name of [...Object.keys(KINDS[kind].columns), ...levelColumns(kind, present)]) {
    const spec = cellOf(kind, name)!;
    const always = spec.required !== undefined && !spec.quiet;
    if (!always && !present.has(name)) continue;
    const type = spec.type === 'price' && wideTicks ? 'i64' : TYPES[spec.type];
    const nullable = !always && type !== 'i8' && type !== 'u16';
    columns.push({ name, stored: storedName(kind, name), type, nullable, doc: spec.doc });
  }
  return columns;
}

/** `bid_price_1`, `bid_size_1`, …, up to the deepest level that is present. */
function levelColumns(kind: KindName, present: ReadonlySet<string>): string[] {
  const names = Object.keys(KINDS[kind].levels ?? {});
  if (names.length === 0) return [];
  let deepest = 0;
  for (const name of present) {
    const level = /_(\d+)$/.exec(name);
    if (level && cellOf(kind, name)) deepest = Math.max(deepest, Number(level[1]));
  }
  return Array.from({ length: deepest }, (_, l) => names.map((name) => `${name}_${l + 1}`)).flat();
}
