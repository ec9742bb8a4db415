import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import { longestSeries } from '../../core/panel-rows.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { lagTable } from '../../stats/pair-sums.js';
import type { Params } from './rules.js';
import { SLOTS, seriesOf } from './series.js';
import { tabulate } from './table.js';

const layouts = { regress: { regressions: 'u32', rows: 'u32', slots: 'u32' } } as const;

/** Word pairs of a regression: how many bars, then six numbers. */
const PAIRS = 7;

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const { x, y, flows } = seriesOf(tile, params);
  const { bars, offsets } = flows;
  const regressions = (offsets.length - 1) * SLOTS;
  const lags = lagTable(longestSeries(flows), params.hacLags);
  const words = regressions * PAIRS * 2;
  return {
    buffers: {
      params: uniform(layouts.regress),
      offsets: storage(offsets.length),
      x: storage(x.length * 2),
      y: storage(y.length * 2),
      lags: storage(lags.length),
      sums: storage(words),
    },
    uploads: [
      {
        buffer: 'params',
        data: packUniform(layouts.regress, { regressions, rows: bars, slots: SLOTS }),
        encode: 'raw',
      },
      { buffer: 'offsets', data: offsets, encode: 'raw' },
      { buffer: 'x', data: x, encode: 'f64' },
      { buffer: 'y', data: y, encode: 'f64' },
      { buffer: 'lags', data: lags, encode: 'raw' },
    ],
    dispatches: [
      {
        ...{ shader: 'regress', entry: 'regress', constants: { WG: workgroup } },
        bind: ['params', 'offsets', 'x', 'y', 'lags', 'sums'],
        groups: gridGroups(regressions, workgroup, limits),
      },
    ],
    reads: [{ name: 'sums', buffer: 'sums', words }],
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const words = reads.sums!;
  const values = decodeF64(words);
  return tabulate(tile, params, seriesOf(tile, params), (instrument, slot, out) => {
    const at = (instrument * SLOTS + slot) * PAIRS;
    out.n = words[2 * at]!;
    out.xMean = values[at + 1]!;
    out.yMean = values[at + 2]!;
    out.xx = values[at + 3]!;
    out.xy = values[at + 4]!;
    out.yy = values[at + 5]!;
    out.longRun = values[at + 6]!;
  });
}

export const kernel: Kernel<Params> = {
  shaders: {
    regress: { file: new URL('../../../shaders/order-flow-regression.wgsl', import.meta.url) },
  },
  layouts,
  plan,
  decode,
};
