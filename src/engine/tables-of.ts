import type { OutputSpec } from '../core/analytic.js';
import type { Instrument, Table } from '../core/columns.js';
import { finestLevel } from '../core/grid.js';
import { gridStart } from '../core/sessions.js';
import { finish } from './finish.js';
import { rollUp } from './merge.js';
import type { Node } from './resolve.js';
import type { ResultTable } from './result.js';
import { tableName } from './table-names.js';

/** Tables of a node by name, of its merged outputs: derived columns and scans filled in, wider levels rolled up. */
export function tablesOf(
  { analytic, params }: Node,
  merged: Readonly<Record<string, Table>>,
  instruments: readonly Instrument[],
): Record<string, ResultTable> {
  const tables: Record<string, ResultTable> = {};
  for (const [output, spec] of Object.entries(analytic.outputs)) {
    const common = { spec, instruments, params };
    const levels: readonly number[] = spec.levels?.(params) ?? [0];
    const finest = spec.levels ? finestLevel(levels) : 0;
    const base = finish(spec, merged[output]!, instruments, params, finest, false);
    const scans = Object.keys(spec.columns).filter((name) => spec.columns[name]!.scan);
    for (const every of levels) {
      const rolled =
        every === finest ? base : rollUp(spec as OutputSpec<never>, base, (t) => gridStart(t, every), scans);
      const table = every === finest ? base : finish(spec, rolled, instruments, params, every, true);
      tables[tableName(output, levels, every)] = { ...common, table, every };
    }
  }
  return tables;
}
