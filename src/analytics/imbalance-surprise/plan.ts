import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64, pairAt } from '../../core/exact.js';
import { lotsToSizes } from '../../core/panel-rows.js';
import { panelSessions } from '../../core/panel-sessions.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { warmedUp } from '../../core/warmed-up.js';
import { zScore } from '../../core/z-score.js';
import { outputColumns, type SurpriseParams } from './columns.js';
import { robustScore, toSteps } from './steps.js';

const layouts = {
  flow: { instruments: 'u32', period: 'u32', seed_first: 'u32' },
  surprise: { rows: 'u32', instruments: 'u32', bars: 'u32', own: 'u32' },
} as const;

const file = (name: string) => ({ file: new URL(`../../../shaders/${name}.wgsl`, import.meta.url) });

function plan({ tile, params, limits, workgroup }: PlanContext<SurpriseParams>): Plan {
  const frame = tile.inputs.panel!;
  const { rows } = frame;
  const { buy_volume, sell_volume, volume } = frame.columns as Record<string, Float64Array>;
  const instruments = frame.instruments.length;
  const { session } = panelSessions(frame, params.anchor, 'imbalance-surprise anchor');
  const flow = { instruments, period: params.ema, seed_first: params.seed === 'first' ? 1 : 0 };
  const window = { rows, instruments, bars: params.bars, own: params.includeCurrent ? 1 : 0 };
  return {
    buffers: {
      flowParams: uniform(layouts.flow),
      surpriseParams: uniform(layouts.surprise),
      offsets: storage(frame.offsets.length),
      session: storage(rows),
      buy: storage(rows * 2),
      sell: storage(rows * 2),
      volume: storage(rows * 2),
      steps: storage(rows * 2),
      flow: storage(rows * 8),
      surprise: storage(rows * 8),
    },
    uploads: [
      { buffer: 'flowParams', data: packUniform(layouts.flow, flow), encode: 'raw' },
      { buffer: 'surpriseParams', data: packUniform(layouts.surprise, window), encode: 'raw' },
      { buffer: 'offsets', data: frame.offsets, encode: 'raw' },
      { buffer: 'session', data: session, encode: 'raw' },
      { buffer: 'buy', data: buy_volume!, encode: 'f64' },
      { buffer: 'sell', data: sell_volume!, encode: 'f64' },
      { buffer: 'volume', data: volume!, encode: 'f64' },
    ],
    dispatches: [
      {
        ...{ shader: 'flow', entry: 'flow', constants: { WG: workgroup } },
        bind: ['flowParams', 'offsets', 'session', 'buy', 'sell', 'volume', 'steps', 'flow'],
        groups: gridGroups(instruments, workgroup, limits),
      },
      {
        ...{ shader: 'surprise', entry: 'surprise' },
        constants: { WG: workgroup, ROBUST: params.form === 'robust' ? 1 : 0 },
        bind: ['surpriseParams', 'offsets', 'steps', 'surprise'],
        groups: gridGroups(rows, workgroup, limits),
      },
    ],
    reads: [
      { name: 'flow', buffer: 'flow', words: rows * 8 },
      { name: 'surprise', buffer: 'surprise', words: rows * 8 },
    ],
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<SurpriseParams>,
): TileResult {
  const frame = tile.inputs.panel!;
  const { buy_volume: buy, sell_volume: sell, volume } = frame.columns as Record<string, Float64Array>;
  const out = outputColumns(frame);
  const flow = decodeF64(reads.flow!);
  const words = reads.surprise!;
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = frame.offsets[s]!;
    for (let i = from; i < frame.offsets[s + 1]!; i++) {
      const vi = flow[4 * i]!;
      out.delta[i] = buy![i]! - sell![i]!;
      out.vi[i] = vi;
      out.coverage[i] = (buy![i]! + sell![i]!) / volume![i]!;
      out.cvd[i] = flow[4 * i + 1]!;
      out.vi_ema[i] = flow[4 * i + 2]!;
      out.volume_ema[i] = flow[4 * i + 3]!;
      const count = words[8 * i]!;
      const full = i - from + (params.includeCurrent ? 1 : 0) >= params.bars;
      if (Number.isNaN(vi) || !warmedUp(full, count, params.minPeriods)) continue;
      out.vi_percentile[i] = words[8 * i + 1]! / (2 * count);
      const sum = pairAt(words, 8 * i + 2);
      const spread = pairAt(words, 8 * i + 6) * 2 ** 64 + pairAt(words, 8 * i + 4);
      out.vi_z[i] =
        params.form === 'robust'
          ? robustScore(toSteps(vi), sum, spread)
          : zScore(toSteps(vi), count, sum, spread);
    }
  }
  for (const lots of [out.delta, out.cvd, out.volume_ema]) lotsToSizes(frame, lots);
  return { outputs: { bars: { rows: frame.rows, columns: out } } };
}

export const kernel: Kernel<SurpriseParams> = {
  shaders: { flow: file('imbalance-surprise.flow'), surprise: file('imbalance-surprise') },
  layouts,
  plan,
  decode,
};
