import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import { instrumentsWithRows, longestSeries } from '../../core/panel-rows.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { setSums } from '../../stats/correlation-columns.js';
import { lagTable } from '../../stats/pair-sums.js';
import { lagColumns, lagSeries, type Target } from './lagged.js';
import { addRankSums } from './rank-sums.js';
import { type RollingParams, rollingTable } from './rolling.js';

interface Params extends RollingParams {
  readonly maxLag: number;
  readonly target: Target;
  readonly hacLags: number | undefined;
}

const layouts = { lags: { instruments: 'u32', max_lag: 'u32' } } as const;

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const frame = tile.inputs.bars!;
  const all = instrumentsWithRows(frame);
  const cells = all.length * (2 * params.maxLag + 1);
  const spans = Uint32Array.from(all.flatMap((s) => [frame.offsets[s]!, frame.offsets[s + 1]!]));
  const { x, y } = lagSeries(frame, params.target);
  const hacLags = lagTable(longestSeries(frame), params.hacLags);
  const scalars = { instruments: all.length, max_lag: params.maxLag };
  return {
    buffers: {
      params: uniform(layouts.lags),
      spans: storage(spans.length),
      x: storage(frame.rows * 2),
      y: storage(frame.rows * 2),
      hacLags: storage(hacLags.length),
      counts: storage(cells),
      sums: storage(cells * 8),
    },
    uploads: [
      { buffer: 'params', data: packUniform(layouts.lags, scalars), encode: 'raw' },
      { buffer: 'spans', data: spans, encode: 'raw' },
      { buffer: 'x', data: x, encode: 'f64' },
      { buffer: 'y', data: y, encode: 'f64' },
      { buffer: 'hacLags', data: hacLags, encode: 'raw' },
    ],
    dispatches: [
      {
        ...{ shader: 'lags', entry: 'lagged', constants: { WG: workgroup } },
        bind: ['params', 'spans', 'x', 'y', 'hacLags', 'counts', 'sums'],
        groups: gridGroups(cells, workgroup, limits),
      },
    ],
    reads: [
      { name: 'counts', buffer: 'counts', words: cells },
      { name: 'sums', buffer: 'sums', words: cells * 8 },
    ],
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const frame = tile.inputs.bars!;
  const { rows, columns } = lagColumns(frame, params.maxLag);
  const sums = decodeF64(reads.sums!);
  for (let i = 0; i < rows; i++)
    setSums(columns, '', i, {
      n: reads.counts![i]!,
      ...{ xx: sums[4 * i]!, yy: sums[4 * i + 1]!, xy: sums[4 * i + 2]!, windows: sums[4 * i + 3]! },
    });
  const series = lagSeries(frame, params.target);
  addRankSums(frame, series, params.maxLag, params.hacLags, columns);
  return { outputs: { lags: { rows, columns }, rolling: rollingTable(frame, series, params) } };
}

export const kernel: Kernel<Params> = {
  shaders: { lags: { file: new URL('../../../shaders/oi-correlation.wgsl', import.meta.url) } },
  layouts,
  plan,
  decode,
};
