import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import * as derive from './derive.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';
import { type Params, params, request } from './rules.js';
import { carrySpec } from './slots.js';

type Spec = ColumnSpec<Params>;

const hidden = (unit: string, doc: string, merge: Spec['merge'] = 'sum'): Spec =>
  columnSpec({ dtype: 'index', merge, unit, doc, hidden: true });
const derived = (unit: string, doc: string, nulls: string, of: NonNullable<Spec['derive']>): Spec =>
  columnSpec({ dtype: 'f64', merge: 'derived', unit, doc, nulls, derive: of, accuracy: 'f64' });

/** Each state's imbalance is rounded to 2^-52; the sums of those are exact, and the mean takes four roundings. */
const MEAN = { absolute: 2 ** -50, why: 'states rounded to 2^-52, exact sums, one quotient' } as const;
const mean = (doc: string, nulls: string, of: NonNullable<Spec['derive']>): Spec => ({
  ...derived('ratio', doc, nulls, of),
  accuracy: MEAN,
});
const sums = {
  obi_top: hidden('2^-10 µs', 'Σ of the highest bits of imbalances, times µs.'),
  obi_middle: hidden('2^-31 µs', 'Σ of the 21 bits below.'),
  obi_low: hidden('2^-52 µs', 'Σ of the 21 bits below those.'),
};
const keys = (time: string) => ({
  instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
  time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: time }),
});
const levels = columnSpec({ dtype: 'index', merge: 'key', unit: 'levels', doc: 'Number of best levels L.' });
const closing = {
  closed_time: columnSpec({
    ...{ dtype: 'time', merge: 'max', unit: 'UTC', hidden: true },
    doc: 'Time of the row that ends the last state.',
  }),
  closed_known: columnSpec({
    ...{ dtype: 'time', merge: 'max', unit: 'UTC', hidden: true },
    doc: 'When that row and all before it were known.',
  }),
  available_at: columnSpec({
    ...{ dtype: 'time', merge: 'derived', unit: 'UTC', derive: derive.availableAt },
    ...{ nulls: 'no row at or after the end of the bar', doc: 'When the bar is complete and known.' },
  }),
};
const coveredTime = hidden('µs', 'Time in usable states.');
const twoSidedTime = hidden('µs', 'Time in usable states with both sides.');
const covered = derived('ratio', 'Share of the bar in usable states.', 'never', derive.share('covered_time'));
const whole = (dtype: Spec['dtype'], unit: string, doc: string, nulls = 'never'): Spec =>
  columnSpec({ dtype, merge: 'whole', unit, doc, nulls, accuracy: dtype === 'f64' ? 'f64' : 'exact' });
const NO_SIDES = 'not usable, or without one side';

/** Imbalance of the resting orders, by numbers of levels and in bands about the mid: means over time. */
export const orderBookImbalance = defineAnalytic({
  name: 'order-book-imbalance',
  version: '1.0.0',
  summary:
    'Order-book imbalance of best levels and in bands about the mid, with spread, mid and depth by bar.',
  doc: {
    formula:
      'OBI_L = (Σ w_l b_l - Σ w_l a_l) / (Σ w_l b_l + Σ w_l a_l) over levels l ≤ L, of those that are there; w_l is 1, 1/l, ' +
      'exp(-λ (l - 1)) or L - l + 1. In a band: over levels with |p - m| ≤ x m, boundary included. Means over a bar are ' +
      '∫ OBI dt / covered time. A bar is half-open [t0, t0 + Δ) in UTC, labelled t0.',
    example: '--every 1m --levels 1,5,10 --bands 10,50',
    source: 'Gould and Bonart (2016); Cartea, Donnelly and Jaimungal (2018).',
    notes:
      'A state lasts until the next row; that of the last row is not counted, since its end is not known. So a bar is ' +
      'known with the first row at or after its end, and its available_at is null while there is none. Covered is time in ' +
      'usable states: ok, locked, crossed if kept, one-sided unless strict; not gaps, stale or empty books. Bars are there ' +
      'where a row is or a usable state lasts. Bands need both sides and look at `depth` levels a side: `complete` is the ' +
      'share of time in which they end before the levels do. Distances to the mid are compared as integers. Imbalances of ' +
      'states are f64, exact quotients of integers for uniform weights; means add them up as exact multiples of 2^-52.',
  },
  params,
  inputs: { book: { kind: 'book', book: request } },
  outputs: {
    bars: {
      grain: 'instrument × bar',
      key: ['instrument', 'time'],
      levels: (p) => p.every,
      columns: {
        ...keys('Start of the bar.'),
        spread_sum: hidden('ticks µs', 'Σ spread, times µs.'),
        mid_sum: hidden('half ticks µs', 'Σ bid + ask, times µs.'),
        covered_time: coveredTime,
        two_sided_time: twoSidedTime,
        covered,
        spread: derived('price', 'Mean spread over time.', NO_SIDES, derive.meanSpread),
        spread_ticks: derived(
          'ticks',
          'Mean spread over time in declared ticks.',
          `${NO_SIDES}; no tick declared`,
          derive.spreadTicks,
        ),
        mid: derived('price', 'Mean mid over time.', NO_SIDES, derive.meanMid),
        ...closing,
      },
    },
    levels: {
      grain: 'instrument × bar × number of levels',
      key: ['instrument', 'time', 'levels'],
      levels: (p) => p.every,
      columns: {
        ...keys('Start of the bar.'),
        levels,
        ...sums,
        covered_time: coveredTime,
        started: columnSpec({
          ...{ dtype: 'time', merge: 'first', unit: 'UTC', hidden: true },
          doc: 'Start of the first bar, 0 if no usable state covers it.',
        }),
        start_value: columnSpec({
          ...{ dtype: 'f64', merge: 'first', unit: 'ratio', accuracy: 'f64', hidden: true },
          doc: 'Imbalance then, or 0.',
        }),
        obi: mean('Mean imbalance over time.', 'no covered time', derive.imbalance('covered_time')),
        obi_start: derived(
          'ratio',
          'Imbalance in force at the start of the bar.',
          'not usable then',
          derive.startImbalance,
        ),
        obi_last: columnSpec({
          ...{ dtype: 'f64', merge: 'last', unit: 'ratio', accuracy: 'f64' },
          ...{ nulls: 'no covered time', doc: 'Imbalance of the last usable state of the bar.' },
        }),
        n_levels: columnSpec({
          ...{ dtype: 'f64', merge: 'min', unit: 'levels', nulls: 'no covered time' },
          doc: 'Levels used on the thinner side, at most L: the fewest of the bar.',
        }),
        covered,
        ...closing,
      },
    },
    bands: {
      grain: 'instrument × bar × band',
      key: ['instrument', 'time', 'band'],
      levels: (p) => p.every,
      columns: {
        ...keys('Start of the bar.'),
        band: columnSpec({ dtype: 'f64', merge: 'key', unit: 'bps', doc: 'Half width x of the band.' }),
        ...sums,
        obi_time: hidden('µs', 'Time in which the band holds a level.'),
        two_sided_time: twoSidedTime,
        cut_time: hidden('µs', 'Time in which the deepest level looked at lies in the band.'),
        bid_sum: hidden('lots µs', 'Σ bid depth, times µs.'),
        ask_sum: hidden('lots µs', 'Σ ask depth, times µs.'),
        obi: mean(
          'Mean imbalance over the time in which the band holds a level.',
          'no such time',
          derive.imbalance('obi_time'),
        ),
        bid_depth: derived(
          'size',
          'Mean size of bids in the band over time.',
          NO_SIDES,
          derive.meanDepth('bid'),
        ),
        ask_depth: derived(
          'size',
          'Mean size of asks in the band over time.',
          NO_SIDES,
          derive.meanDepth('ask'),
        ),
        complete: derived(
          'ratio',
          'Share of that time in which the band ends before the levels looked at.',
          NO_SIDES,
          derive.complete,
        ),
        covered: derived(
          'ratio',
          'Share of the bar in usable states with both sides.',
          'never',
          derive.share('two_sided_time'),
        ),
        ...closing,
      },
    },
    states: {
      grain: 'instrument × state × number of levels, if asked for',
      asked: ({ events }) => events,
      key: ['instrument', 'time', 'place', 'levels'],
      columns: {
        ...keys('Exchange time of the state.'),
        place: columnSpec({
          dtype: 'index',
          merge: 'key',
          unit: 'states',
          doc: 'Place among equal times, from 0.',
        }),
        levels,
        state: whole('index', 'state', 'ok 0, empty 1, one-sided 2, locked 3, crossed 4, stale 5, gap 6.'),
        mid: whole('f64', 'price', 'Mid (b + a) / 2.', NO_SIDES),
        spread: whole('f64', 'price', 'Spread a - b.', NO_SIDES),
        weighted_mid: whole(
          'f64',
          'price',
          '(P_a q_b + P_b q_a) / (q_a + q_b) of the best prices.',
          NO_SIDES,
        ),
        obi: whole('f64', 'ratio', 'Imbalance OBI_L.', 'not usable'),
        n_levels: whole('f64', 'levels', 'Levels used on the thinner side, at most L.', 'not usable'),
        available_at: whole('time', 'UTC', 'When this state and all before it were known.'),
      },
    },
  },
  carry: carrySpec,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'orderBookImbalance',
});
