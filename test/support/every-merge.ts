import { type ColumnSpec, type Dtype, defineAnalytic, type MergeClass } from '../../src/core/analytic.js';
import { exactColumn } from '../../src/core/exact.js';
import { barGrid, finestLevel } from '../../src/core/grid.js';
import { param } from '../../src/core/schema.js';

type Spec = ColumnSpec<{ readonly every: readonly number[] }>;

const column = (merge: MergeClass, dtype: Dtype = 'lots'): Spec => ({
  dtype,
  merge,
  unit: 'size',
  nulls: 'never',
  accuracy: 'exact',
  doc: `Lots of the trades, by ${merge}.`,
});

/** Lots per bar and side under every merge class, each as an exact column: three keys, levels, no kernel. */
export const everyMerge = defineAnalytic({
  name: 'every-merge',
  version: '1.0.0',
  summary: 'Sum, extremes, first and last lots by bar and side.',
  doc: { formula: 'each class over the lots of the cell', source: 'none: it exercises the merge' },
  params: { every: param.durations({ default: ['1m'], min: '1ms', doc: 'Bar widths.' }) },
  inputs: { trades: 'trades' },
  outputs: {
    cells: {
      grain: 'instrument × bar × side',
      key: ['instrument', 'time', 'side'],
      levels: (p) => p.every,
      columns: {
        instrument: column('key', 'instrument'),
        time: column('key', 'time'),
        side: column('key', 'index'),
        sum: column('sum'),
        min: column('min'),
        max: column('max'),
        first: column('first'),
        last: column('last'),
        n: column('sum', 'count'),
      },
    },
  },
  reference: (tile, params) => {
    const frame = tile.inputs.trades!;
    const grid = barGrid(frame, finestLevel(params.every));
    const time = frame.columns.time as Uint32Array;
    const size = frame.columns.size as Uint32Array;
    // one cell a trade: the merge does all the work
    const sides = Uint32Array.from(size, (word) => word & 3);
    const exact = () => {
      const out = exactColumn(frame.rows);
      for (let i = 0; i < frame.rows; i++) out.values[i] = size[i]! >>> 2;
      return out;
    };
    const instrument = new Uint32Array(frame.rows);
    for (let s = 0; s < frame.instruments.length; s++)
      instrument.fill(s, frame.offsets[s]!, frame.offsets[s + 1]!);
    const columns = {
      instrument,
      time: Float64Array.from(
        time,
        (t) => grid.start + Math.floor((t + grid.phase) / grid.units) * grid.every,
      ),
      side: Float64Array.from(sides),
      sum: exact(),
      min: exact(),
      max: exact(),
      first: exact(),
      last: exact(),
      n: new Uint32Array(frame.rows).fill(1),
    };
    return { outputs: { cells: { rows: frame.rows, columns } } };
  },
});
