import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import { instrumentsWithRows, longestSeries } from '../../core/panel-rows.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { correlationSums, setSums } from '../../stats/correlation-columns.js';
import { lagTable } from '../../stats/pair-sums.js';
import { centredRanks, imbalances, type Overlap, overlap } from './series.js';

interface Params {
  readonly hacLags: number | undefined;
}

const layouts = { correlate: { pairs: 'u32' } } as const;

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const frame = tile.inputs.panel!;
  const all = instrumentsWithRows(frame);
  // 0 for none, not -0
  const pairs = Math.max(0, (all.length * (all.length - 1)) / 2);
  const places = new Uint32Array(pairs * 3);
  const at: Overlap = { x: 0, y: 0, rows: 0 };
  let next = 0;
  for (let i = 0; i < all.length; i++)
    for (let j = i + 1; j < all.length; j++) {
      overlap(frame, all[i]!, all[j]!, at);
      places[next++] = at.x;
      places[next++] = at.y;
      places[next++] = at.rows;
    }
  const values = imbalances(frame);
  const lags = lagTable(longestSeries(frame), params.hacLags);
  const pass = (of: string, sums: string) => ({
    ...{ shader: 'correlate', entry: 'correlate', constants: { WG: workgroup } },
    bind: ['params', 'places', of, 'lags', 'counts', sums],
    groups: gridGroups(pairs, workgroup, limits),
  });
  return {
    buffers: {
      params: uniform(layouts.correlate),
      places: storage(places.length),
      values: storage(frame.rows * 2),
      ranks: storage(frame.rows * 2),
      lags: storage(lags.length),
      counts: storage(pairs),
      sums: storage(pairs * 8),
      rankSums: storage(pairs * 8),
    },
    uploads: [
      { buffer: 'params', data: packUniform(layouts.correlate, { pairs }), encode: 'raw' },
      { buffer: 'places', data: places, encode: 'raw' },
      { buffer: 'values', data: values, encode: 'f64' },
      { buffer: 'ranks', data: centredRanks(frame, values), encode: 'f64' },
      { buffer: 'lags', data: lags, encode: 'raw' },
    ],
    // ranks are null where values are: both passes count the same pairs
    dispatches: [pass('values', 'sums'), pass('ranks', 'rankSums')],
    reads: [
      { name: 'counts', buffer: 'counts', words: pairs },
      { name: 'sums', buffer: 'sums', words: pairs * 8 },
      { name: 'rankSums', buffer: 'rankSums', words: pairs * 8 },
    ],
  };
}

function decode(reads: Readonly<Record<string, Uint32Array>>, { tile }: PlanContext<Params>): TileResult {
  const frame = tile.inputs.panel!;
  const all = instrumentsWithRows(frame);
  const available = frame.columns.available_at as Float64Array;
  const last = (s: number): number => available[frame.offsets[s + 1]! - 1]!;
  const counts = reads.counts!;
  const pairs = counts.length;
  const columns = {
    ...{ instrument: new Uint32Array(pairs), other: new Uint32Array(pairs) },
    available_at: new Float64Array(pairs),
    ...correlationSums(pairs),
  };
  let row = 0;
  all.forEach((a, i) => {
    for (const b of all.slice(i + 1)) {
      columns.instrument[row] = a;
      columns.other[row] = b;
      columns.available_at[row] = Math.max(last(a), last(b));
      row++;
    }
  });
  for (const prefix of ['', 'rank_'] as const) {
    const sums = decodeF64(reads[prefix === '' ? 'sums' : 'rankSums']!);
    for (let i = 0; i < pairs; i++)
      setSums(columns, prefix, i, {
        n: counts[i]!,
        ...{ xx: sums[4 * i]!, yy: sums[4 * i + 1]!, xy: sums[4 * i + 2]!, windows: sums[4 * i + 3]! },
      });
  }
  return { outputs: { pairs: { rows: pairs, columns } } };
}

export const kernel: Kernel<Params> = {
  shaders: {
    correlate: { file: new URL('../../../shaders/imbalance-correlation.wgsl', import.meta.url) },
  },
  layouts,
  plan,
  decode,
};
