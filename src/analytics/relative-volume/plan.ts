import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { pairAt, SAFE } from '../../core/exact.js';
import { lotsToSizes } from '../../core/panel-rows.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { warmedUp } from '../../core/warmed-up.js';
import { zScore } from '../../core/z-score.js';
import { outputColumns, overMean, type VolumeParams } from './columns.js';
import { type Calendar, calendarOf, LANES } from './slots.js';

const layouts = {
  window: { rows: 'u32', instruments: 'u32', bars: 'u32', own: 'u32' },
  cumulative: { runs: 'u32' },
  slots: { rows: 'u32', span: 'u32' },
} as const;

const file = (name: string) => ({ file: new URL(`../../../shaders/${name}.wgsl`, import.meta.url) });

const NONE = 0xffffffff;

/** Sessions before the bar's own in the baseline. */
const earlier = ({ sessions, baseline }: VolumeParams): number =>
  sessions - (baseline === 'include_current' ? 1 : 0);

function plan({ tile, params, limits, workgroup }: PlanContext<VolumeParams>): Plan {
  const frame = tile.inputs.panel!;
  const { rows } = frame;
  const calendar = calendarOf(frame, params);
  const runs = calendar.key.length;
  const constants = { WG: workgroup };
  const window = {
    ...{ rows, instruments: frame.instruments.length, bars: params.bars },
    own: params.includeCurrent ? 1 : 0,
  };
  return {
    buffers: {
      windowParams: uniform(layouts.window),
      cumulativeParams: uniform(layouts.cumulative),
      slotsParams: uniform(layouts.slots),
      offsets: storage(frame.offsets.length),
      volume: storage(rows * 2),
      first: storage(runs + 1),
      whole: storage(runs),
      key: storage(rows),
      before: storage(rows),
      window: storage(rows * 8),
      cumulative: storage(rows * 2),
      slots: storage(rows * 6),
    },
    uploads: [
      { buffer: 'windowParams', data: packUniform(layouts.window, window), encode: 'raw' },
      { buffer: 'cumulativeParams', data: packUniform(layouts.cumulative, { runs }), encode: 'raw' },
      {
        buffer: 'slotsParams',
        data: packUniform(layouts.slots, { rows, span: earlier(params) * LANES }),
        encode: 'raw',
      },
      { buffer: 'offsets', data: frame.offsets, encode: 'raw' },
      { buffer: 'volume', data: withMissing(frame.columns.volume as Float64Array), encode: 'u64' },
      { buffer: 'first', data: calendar.first, encode: 'raw' },
      { buffer: 'whole', data: calendar.whole, encode: 'raw' },
      { buffer: 'key', data: rowKeys(calendar, rows), encode: 'raw' },
      { buffer: 'before', data: earlierBars(frame, calendar), encode: 'raw' },
    ],
    dispatches: [
      {
        ...{ shader: 'window', entry: 'window', constants },
        bind: ['windowParams', 'offsets', 'volume', 'window'],
        groups: gridGroups(rows, workgroup, limits),
      },
      {
        ...{ shader: 'cumulative', entry: 'cumulate', constants },
        bind: ['cumulativeParams', 'first', 'whole', 'volume', 'cumulative'],
        groups: gridGroups(runs, workgroup, limits),
      },
      {
        ...{ shader: 'slots', entry: 'slots', constants },
        bind: ['slotsParams', 'volume', 'cumulative', 'key', 'before', 'slots'],
        groups: gridGroups(rows, workgroup, limits),
      },
    ],
    reads: [
      { name: 'window', buffer: 'window', words: rows * 8 },
      { name: 'cumulative', buffer: 'cumulative', words: rows * 2 },
      { name: 'slots', buffer: 'slots', words: rows * 6 },
    ],
  };
}

/** 2^53, which no volume reaches, for those that were not observed. */
const withMissing = (volume: Float64Array): Float64Array =>
  volume.map((lots) => (Number.isNaN(lots) ? SAFE : lots));

function rowKeys({ first, key }: Calendar, rows: number): Uint32Array {
  const out = new Uint32Array(rows);
  for (let run = 0; run < key.length; run++) out.fill(key[run]!, first[run], first[run + 1]);
  return out;
}

/** The nearest earlier bar of the same instrument, slot and lane, or NONE. */
function earlierBars(frame: Frame, { first, key, slot }: Calendar): Uint32Array {
  const out = new Uint32Array(frame.rows);
  let longest = 0;
  for (let i = 0; i < frame.rows; i++) longest = Math.max(longest, slot[i]! + 1);
  const last = new Uint32Array(LANES * longest);
  let run = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    last.fill(NONE);
    for (; run < key.length && first[run]! < frame.offsets[s + 1]!; run++)
      for (let i = first[run]!; i < first[run + 1]!; i++) {
        const at = (key[run]! % LANES) * longest + slot[i]!;
        out[i] = last[at]!;
        last[at] = i;
      }
  }
  return out;
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<VolumeParams>,
): TileResult {
  const frame = tile.inputs.panel!;
  const out = outputColumns(frame, params);
  const volume = frame.columns.volume as Float64Array;
  const { window, cumulative, slots } = reads as Record<'window' | 'cumulative' | 'slots', Uint32Array>;
  const { first, key } = calendarOf(frame, params);
  const totals = Float64Array.from({ length: frame.rows }, (_, i) => {
    const total = pairAt(cumulative, 2 * i);
    return total === SAFE ? Number.NaN : total;
  });
  out.cumulative_volume = totals.slice();
  lotsToSizes(frame, out.cumulative_volume);
  const own = params.baseline === 'include_current' ? 1 : 0;
  let run = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = frame.offsets[s]!;
    const oldest = key[run]!;
    for (let i = from; i < frame.offsets[s + 1]!; i++) {
      if (i >= first[run + 1]!) run++;
      const v = volume[i]!;
      const count = window[8 * i + 2]!;
      const long = i - from + (params.includeCurrent ? 1 : 0) >= params.bars;
      if (v >= 0 && warmedUp(long, count, params.minPeriods)) {
        const sum = pairAt(window, 8 * i);
        out.rvol[i] = overMean(v, sum, count);
        out.z[i] = zScore(v, count, sum, pairAt(window, 8 * i + 6) * 2 ** 64 + pairAt(window, 8 * i + 4));
        out.percentile[i] = window[8 * i + 3]! / (2 * count);
      }
      const full = oldest <= key[run]! - earlier(params) * LANES;
      const total = totals[i]!;
      const regulars = slots[6 * i + 4]! + own;
      const cumulatives = slots[6 * i + 5]! + own;
      if (v >= 0 && warmedUp(full, regulars, params.minSessions))
        out.rvol_regular[i] = overMean(v, pairAt(slots, 6 * i) + own * v, regulars);
      if (total >= 0 && warmedUp(full, cumulatives, params.minSessions))
        out.rvol_cumulative[i] = overMean(total, pairAt(slots, 6 * i + 2) + own * total, cumulatives);
    }
    if (frame.offsets[s + 1]! > from) run++;
  }
  return { outputs: { bars: { rows: frame.rows, columns: out } } };
}

export const kernel: Kernel<VolumeParams> = {
  shaders: {
    window: file('relative-volume'),
    cumulative: file('relative-volume.cumulative'),
    slots: file('relative-volume.slots'),
  },
  layouts,
  plan,
  decode,
};
