import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { barColumns, knownFrom, type Measure, NONE, readings } from './observations.js';

interface Params {
  readonly every: number;
  readonly maxAge: number;
  readonly measure: Measure;
}

const shape = { bars: 'u32', instruments: 'u32' } as const;
const layouts = {
  join: { ...shape, max_age_low: 'u32', max_age_high: 'u32' },
  interval: shape,
} as const;

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const bars = tile.inputs.panel!;
  const seen = tile.inputs.oi!;
  const { rows, columns: c } = bars;
  const scalars = { bars: rows, instruments: bars.instruments.length };
  const age = { max_age_low: params.maxAge % 2 ** 32, max_age_high: Math.floor(params.maxAge / 2 ** 32) };
  const ends = (c.time as Float64Array).map((time) => time + params.every);
  const pass = (shader: 'join' | 'interval', bind: readonly string[]) => ({
    ...{ shader, entry: shader, constants: { WG: workgroup }, bind },
    groups: gridGroups(rows, workgroup, limits),
  });
  const volumes = ['buy_volume', 'sell_volume', 'unknown_volume'] as const;
  return {
    buffers: {
      joinParams: uniform(layouts.join),
      intervalParams: uniform(layouts.interval),
      barOffsets: storage(bars.offsets.length),
      oiOffsets: storage(seen.offsets.length),
      ends: storage(rows * 2),
      known: storage(seen.rows * 2),
      used: storage(rows),
      ...Object.fromEntries(volumes.map((name) => [name, storage(rows * 2)])),
      lengths: storage(rows),
      sums: storage(rows * 6),
    },
    uploads: [
      { buffer: 'joinParams', data: packUniform(layouts.join, { ...scalars, ...age }), encode: 'raw' },
      { buffer: 'intervalParams', data: packUniform(layouts.interval, scalars), encode: 'raw' },
      { buffer: 'barOffsets', data: bars.offsets, encode: 'raw' },
      { buffer: 'oiOffsets', data: seen.offsets, encode: 'raw' },
      { buffer: 'ends', data: ends, encode: 'u64' },
      { buffer: 'known', data: knownFrom(seen), encode: 'u64' },
      ...volumes.map((name) => ({ buffer: name, data: c[name]!, encode: 'f64' as const })),
    ],
    dispatches: [
      pass('join', ['joinParams', 'barOffsets', 'oiOffsets', 'ends', 'known', 'used']),
      pass('interval', ['intervalParams', 'barOffsets', 'used', ...volumes, 'lengths', 'sums']),
    ],
    reads: [
      { name: 'used', buffer: 'used', words: rows },
      { name: 'lengths', buffer: 'lengths', words: rows },
      { name: 'sums', buffer: 'sums', words: rows * 6 },
    ],
  };
}

/** Values of the observations and bars that the shaders only number. */
function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const bars = tile.inputs.panel!;
  const seen = tile.inputs.oi!;
  const { rows, columns: c } = bars;
  const oi = readings(seen, params.measure);
  const observed = seen.columns.time as Float64Array;
  const used = reads.used!;
  const sums = decodeF64(reads.sums!);
  const out = barColumns(rows);
  for (const name of ['time', 'available_at', 'close', 'volume'] as const)
    out[name].set(c[name] as Float64Array);
  const known = knownFrom(seen);
  for (let s = 0; s + 1 < bars.offsets.length; s++) {
    const [first, end] = [bars.offsets[s]!, bars.offsets[s + 1]!];
    out.instrument.fill(s, first, end);
    for (let i = first; i < end; i++) {
      if (used[i] === NONE) continue;
      out.oi[i] = oi[used[i]!]!;
      out.oi_time[i] = observed[used[i]!]!;
      const length = reads.lengths![i]!;
      // an observation from before the first bar: part of its interval is not in the bars
      if (length === 0 || (i - length === first && known[used[first]!]! <= out.time[first]!)) continue;
      out.oi_before[i] = oi[used[i - 1]!]!;
      out.close_before[i] = out.close[i - length]!;
      out.interval_bars[i] = length;
      out.interval_buy[i] = sums[3 * i]!;
      out.interval_sell[i] = sums[3 * i + 1]!;
      out.interval_unknown[i] = sums[3 * i + 2]!;
    }
  }
  return { outputs: { bars: { rows, columns: out } } };
}

const file = (stem: string) => ({ file: new URL(`../../../shaders/${stem}.wgsl`, import.meta.url) });

export const kernel: Kernel<Params> = {
  shaders: { join: file('open-interest.join'), interval: file('open-interest.interval') },
  layouts,
  plan,
  decode,
};
