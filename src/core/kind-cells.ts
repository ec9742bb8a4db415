import { type CellSpec, KINDS, type KindName } from './kinds.js';

/** Spec of a raw column by name, level columns (`bid_price_3`) among them; undefined if the kind has none such. */
export function cellOf(kindName: KindName, column: string): CellSpec | undefined {
  const { columns, levels } = KINDS[kindName];
  if (Object.hasOwn(columns, column)) return columns[column];
  const level = /^(.+)_([1-9]\d{0,3})$/.exec(column);
  return level && levels && Object.hasOwn(levels, level[1]!) ? levels[level[1]!] : undefined;
}

/** Name of a raw column in the dataset's files: `price` → `tick`, `bid_price_3` → `bid_tick_3`. */
export function storedName(kindName: KindName, column: string): string {
  const cell = cellOf(kindName, column);
  if (cell?.stored === undefined) return column;
  return Object.hasOwn(KINDS[kindName].columns, column)
    ? cell.stored
    : cell.stored + column.slice(column.lastIndexOf('_'));
}

/** Name of the raw column stored under a name in the dataset's files; undefined if the kind has none such. */
export function rawName(kindName: KindName, stored: string): string | undefined {
  const { columns, levels } = KINDS[kindName];
  for (const [name, cell] of Object.entries(columns)) if ((cell.stored ?? name) === stored) return name;
  const level = /^(.+)(_[1-9]\d{0,3})$/.exec(stored);
  for (const [name, cell] of Object.entries(levels ?? {}))
    if (level && (cell.stored ?? name) === level[1]) return name + level[2];
  return undefined;
}
