import type { Column, Table } from '../core/columns.js';
import type { ResultTable } from './result.js';

/** Tables of runs of consecutive trials as one, by instrument and then trial. */
export function joinRuns(blocks: readonly ResultTable[], instruments: number): ResultTable {
  const [sample] = blocks;
  if (!sample || blocks.length === 1) return sample!;
  const rows = blocks.reduce((sum, { table }) => sum + table.rows, 0);
  const trials = rows / instruments;
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(sample.table.columns)) {
    const out = column instanceof Uint32Array ? new Uint32Array(rows) : new Float64Array(rows);
    let first = 0;
    for (const { table } of blocks) {
      const source = table.columns[name] as Float64Array;
      const count = table.rows / instruments;
      for (let s = 0; s < instruments; s++)
        out.set(source.subarray(s * count, (s + 1) * count), s * trials + first);
      first += count;
    }
    columns[name] = out;
  }
  const table: Table = { rows, columns };
  return { ...sample, table };
}
