import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/data/worked-tables/', import.meta.url);

/** Spreadsheets with worked indicator columns lie beside the checkout, never in it. */
export const haveTables = existsSync(fileURLToPath(folder));
export const tablesLine = haveTables
  ? 'worked tables'
  : 'worked tables (SKIPPED: ../shared/data is not there)';

/** Columns of a sheet as text, by title. */
export function workedTable(name: string): Record<string, string[]> {
  const [head, ...lines] = readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const rows = lines.map((line) => line.split(','));
  return Object.fromEntries(head!.split(',').map((title, c) => [title, rows.map((row) => row[c] ?? '')]));
}

/** Half a unit of the last digit a cell prints. */
export const printed = (cell: string): number => 0.5 * 10 ** -(cell.split('.')[1]?.length ?? 0);
