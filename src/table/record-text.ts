import { textOf } from './row-cells.js';
import type { SourceColumn } from './source-column.js';

/** Cells and characters of a cell that the ledger shows. */
const MOST_CELLS = 16;
const MOST_CHARACTERS = 80;

/** A row as short JSON, by the names of its source columns. */
export function recordText(
  cells: Readonly<Record<string, SourceColumn>>,
  mapping: Readonly<Record<string, string>>,
  row: number,
): string {
  const shown: [string, string | null][] = [];
  for (const [role, column] of Object.entries(cells)) {
    if (shown.length === MOST_CELLS) break;
    const text = textOf(column, row);
    shown.push([mapping[role] ?? role, text === null ? null : text.slice(0, MOST_CHARACTERS)]);
  }
  // __proto__ as a key would vanish from an object literal, but not from here
  return JSON.stringify(Object.fromEntries(shown));
}
