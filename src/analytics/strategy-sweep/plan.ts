import type { Kernel, PlanContext } from '../../core/analytic.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import type { Listed } from './bars.js';
import { decode } from './decode.js';
import { barsOfTile, periodsOf } from './job.js';
import { BAR_COLUMNS } from './layout.js';
import { FILL_WORDS } from './listings.js';
import type { Params } from './params.js';
import { type Rules, rulesOf, TRIAL_FIELDS } from './rules.js';
import { RUN_WORDS } from './runs.js';

const layouts = {
  walk: {
    runs: 'u32',
    instruments: 'u32',
    trials: 'u32',
    capital: 'u32',
    max_weight: 'u32',
    half_spread: 'u32',
    funding: 'i32',
    loss_low: 'u32',
    loss_high: 'u32',
    kill_low: 'u32',
    kill_high: 'u32',
    reverses: 'u32',
    lists: 'u32',
    tiers: 'u32',
    memory: 'u32',
    periods_at: 'u32',
  },
} as const;

const DAY = 86_400_000_000;
const high = (value: number): number => Math.floor(value / 4294967296);

/** Columns as records, field by field, one row after another. */
function records(rows: number, columns: readonly (readonly ArrayLike<number>[])[]): Int32Array {
  const fields = columns[0]?.length ?? 0;
  const out = new Int32Array(rows * fields);
  let from = 0;
  for (const part of columns) {
    part.forEach((column, field) => {
      for (let i = 0, at = from + field; i < column.length; i++, at += fields) out[at] = column[i]!;
    });
    from += part[0]!.length * fields;
  }
  return out;
}

/** First bar, bars, first period and periods of each instrument, then the tiers. */
function spansOf(listed: readonly Listed[], rules: Rules): Uint32Array {
  const out = new Uint32Array(4 * (listed.length + rules.takers.length));
  let bar = 0;
  let period = 0;
  listed.forEach(({ bars }, i) => {
    out.set([bar, bars.count, period, bars.periods.time.length], 4 * i);
    bar += bars.count;
    period += bars.periods.time.length;
  });
  rules.takers.forEach((taker, tier) => {
    const threshold = rules.thresholds[tier]!;
    out.set([threshold % 4294967296, high(threshold), taker, 0], 4 * (listed.length + tier));
  });
  return out;
}

/** Fills of the longest fee window, 31 days, at three a bar; none with a single tier. */
function memoryOf(listed: readonly Listed[], rules: Rules, every: number): number {
  if (rules.takers.length === 1) return 1;
  const longest = listed.reduce((most, { bars }) => Math.max(most, bars.count), 0);
  return 3 * Math.min(longest, Math.ceil((31 * DAY) / every) + 1);
}

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const frame = tile.inputs.panel!;
  const listed = barsOfTile(frame, params);
  const rules = rulesOf(params);
  const bars = frame.rows;
  const trials = rules.trials.length;
  const runs = listed.length * trials;
  const memory = memoryOf(listed, rules, params.every);
  const equityWords = params.equity ? 3 * bars * trials : 0;
  const series = equityWords + (params.periods ? 2 * periodsOf(listed) * trials : 0);
  const fills = params.trades ? FILL_WORDS * 3 * bars * trials : 0;
  const spans = spansOf(listed, rules);
  const scalars = packUniform(layouts.walk, {
    ...{ runs, instruments: listed.length, trials, capital: rules.capital },
    ...{ max_weight: rules.maxWeight, half_spread: rules.halfSpread, funding: rules.funding },
    ...{ loss_low: rules.dailyLoss % 4294967296, loss_high: high(rules.dailyLoss) },
    ...{ kill_low: rules.drawdownKill % 4294967296, kill_high: high(rules.drawdownKill) },
    reverses: Number(rules.reverses),
    lists: Number(params.trades) + 2 * Number(params.equity) + 4 * Number(params.periods),
    ...{ tiers: rules.takers.length, memory, periods_at: equityWords },
  });
  return {
    buffers: {
      params: uniform(layouts.walk),
      bars: storage(bars * BAR_COLUMNS.length),
      feeTo: storage(bars),
      spans: storage(spans.length),
      trials: storage(trials * TRIAL_FIELDS.length),
      outcomes: storage(runs * RUN_WORDS),
      past: storage(rules.takers.length === 1 ? 0 : runs * memory * 3),
      fills: storage(fills),
      series: storage(series),
    },
    uploads: [
      { buffer: 'params', data: scalars, encode: 'raw' },
      {
        buffer: 'bars',
        data: records(
          bars,
          listed.map((at) => BAR_COLUMNS.map((name) => at.bars.columns[name])),
        ),
        encode: 'raw',
      },
      {
        buffer: 'feeTo',
        data: records(
          bars,
          listed.map((at) => [at.bars.feeTo]),
        ),
        encode: 'raw',
      },
      { buffer: 'spans', data: spans, encode: 'raw' },
      {
        buffer: 'trials',
        data: Int32Array.from(rules.trials.flatMap((trial) => TRIAL_FIELDS.map((name) => trial[name]))),
        encode: 'raw',
      },
    ],
    dispatches: [
      {
        shader: 'walk',
        entry: 'walk',
        constants: { WG: workgroup },
        bind: ['params', 'bars', 'feeTo', 'spans', 'trials', 'outcomes', 'past', 'fills', 'series'],
        groups: gridGroups(runs, workgroup, limits),
      },
    ],
    reads: [
      { name: 'outcomes', buffer: 'outcomes', words: runs * RUN_WORDS },
      ...(fills > 0 ? [{ name: 'fills', buffer: 'fills', words: fills }] : []),
      ...(series > 0 ? [{ name: 'series', buffer: 'series', words: series }] : []),
    ],
  };
}

export const kernel: Kernel<Params> = {
  shaders: { walk: { file: new URL('../../../shaders/strategy-sweep.wgsl', import.meta.url) } },
  layouts,
  plan,
  decode,
};
