import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import { longestSeries } from '../../core/panel-rows.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { lagTable } from '../../stats/pair-sums.js';
import { regimesOf } from './regimes.js';
import { seriesOf } from './series.js';
import { type RegressionParams, tabulate } from './table.js';

const layouts = { regress: { regressions: 'u32', rows: 'u32', slots: 'u32', regimes: 'u32' } } as const;

/** Word pairs of a regression: counts, then six numbers. */
const PAIRS = 7;

function plan({ tile, params, limits, workgroup }: PlanContext<RegressionParams>): Plan {
  const frame = tile.inputs.panel!;
  const { rows, offsets, instruments } = frame;
  const { imbalance, returns, states } = seriesOf(frame, params);
  const slots = params.horizons.length + 1;
  const regimes = regimesOf(frame, params).length;
  const regressions = instruments.length * slots * regimes;
  const lags = lagTable(longestSeries(frame), params.hacLags);
  return {
    buffers: {
      params: uniform(layouts.regress),
      offsets: storage(offsets.length),
      imbalance: storage(imbalance.length * 2),
      returns: storage(returns.length * 2),
      states: storage(rows),
      horizons: storage(slots),
      lags: storage(lags.length),
      fits: storage(regressions * PAIRS * 2),
    },
    uploads: [
      {
        buffer: 'params',
        data: packUniform(layouts.regress, { regressions, rows, slots, regimes }),
        encode: 'raw',
      },
      { buffer: 'offsets', data: offsets, encode: 'raw' },
      { buffer: 'imbalance', data: imbalance, encode: 'f64' },
      { buffer: 'returns', data: returns, encode: 'f64' },
      { buffer: 'states', data: states, encode: 'raw' },
      { buffer: 'horizons', data: Uint32Array.of(0, ...params.horizons), encode: 'raw' },
      { buffer: 'lags', data: lags, encode: 'raw' },
    ],
    dispatches: [
      {
        ...{ shader: 'regress', entry: 'regress', constants: { WG: workgroup } },
        bind: ['params', 'offsets', 'imbalance', 'returns', 'states', 'horizons', 'lags', 'fits'],
        groups: gridGroups(regressions, workgroup, limits),
      },
    ],
    reads: [{ name: 'fits', buffer: 'fits', words: regressions * PAIRS * 2 }],
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<RegressionParams>,
): TileResult {
  const words = reads.fits!;
  const values = decodeF64(words);
  const slots = params.horizons.length + 1;
  const regimes = regimesOf(tile.inputs.panel!, params).length;
  return tabulate(tile.inputs.panel!, params, (instrument, slot, regime, fit) => {
    const at = ((instrument * slots + slot) * regimes + regime) * PAIRS;
    fit.n = words[2 * at]!;
    fit.inside = words[2 * at + 1]!;
    fit.b = values[at + 1]!;
    fit.c = values[at + 2]!;
    fit.explained = values[at + 3]!;
    fit.total = values[at + 4]!;
    fit.bVariance = values[at + 5]!;
    fit.cVariance = values[at + 6]!;
  });
}

export const kernel: Kernel<RegressionParams> = {
  shaders: {
    regress: { file: new URL('../../../shaders/imbalance-regression.wgsl', import.meta.url) },
  },
  layouts,
  plan,
  decode,
};
