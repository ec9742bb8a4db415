import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { bookRequest } from '../../core/book-observations.js';
import { columnSpec } from '../../core/column-spec.js';
import * as derive from './derive.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';
import { type Params, params } from './rules.js';
import { carrySpec } from './tables.js';

type Spec = ColumnSpec<Params>;

const count = (unit: string, doc: string): Spec => columnSpec({ dtype: 'count', merge: 'sum', unit, doc });
const keys = (time: string) => ({
  instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
  time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: time }),
});
const level = columnSpec({ dtype: 'index', merge: 'key', unit: 'level', doc: 'Level, 1 the best price.' });

/** Order-flow imbalance of the best quotes and of deeper levels, by bar and by event. */
export const orderFlowImbalance = defineAnalytic({
  name: 'order-flow-imbalance',
  version: '1.0.0',
  summary: 'Order-flow imbalance of the best quotes and of deeper book levels, by bar and by event.',
  doc: {
    formula:
      'e_n = 1{Pb_n ≥ Pb_(n-1)} qb_n - 1{Pb_n ≤ Pb_(n-1)} qb_(n-1) - 1{Pa_n ≤ Pa_(n-1)} qa_n + 1{Pa_n ≥ Pa_(n-1)} qa_(n-1), ' +
      'of each level m by its own price and size; OFI = Σ e over the events of a bar. A bar is half-open ' +
      '[t0, t0 + Δ) in UTC, labelled t0; only bars with a state are rows.',
    example: '--every 1m --levels 5',
    source:
      'Cont, Kukanov and Stoikov (2014) for level 1; Xu, Gould and Howison (2018) for deeper levels (MLOFI).',
    notes:
      'A level has an event where it is there, on both sides, in a state and in the one before; so a level missing ' +
      'deep in the book is null from there on. A gap, a stale, empty or one-sided book, and a crossed one unless kept, ' +
      'ends the series: the next state has nothing to be compared with. Levels count from the best price and are not ' +
      'realigned by price. OFI of a book sampled on a grid lacks what happened between: `sampled` says so. Integrated ' +
      'OFI and what mid changes owe to it are those of `order-flow-regression`. A state is known with all before it.',
  },
  params,
  inputs: { book: { kind: 'book', book: (p) => bookRequest(p.levels, p) } },
  outputs: {
    bars: {
      grain: 'instrument × bar × level',
      key: ['instrument', 'time', 'level'],
      levels: (p) => p.every,
      columns: {
        ...keys('Start of the bar.'),
        level,
        ofi_sum: columnSpec({
          dtype: 'lots',
          merge: 'sum',
          unit: 'size',
          doc: 'Σ e over the events.',
          hidden: true,
        }),
        ofi: columnSpec({
          ...{ dtype: 'lots', merge: 'derived', unit: 'size', doc: 'Order-flow imbalance, Σ e.' },
          ...{ nulls: 'no event', accuracy: 'rounded', derive: derive.flow },
        }),
        events: count('events', 'Events, pairs of states that both have the level.'),
        observations: count('states', 'States in the bar, or their times if equal ones count once.'),
        mid_moved: columnSpec({
          ...{ dtype: 'index', merge: 'sum', unit: 'half ticks', hidden: true },
          doc: 'Change of bid + ask over the events.',
        }),
        mid_change: columnSpec({
          ...{ dtype: 'f64', merge: 'derived', unit: 'price', nulls: 'no event', accuracy: 'f64' },
          ...{ doc: 'Change of the mid over the events.', derive: derive.midChange },
        }),
        sampled: columnSpec({
          ...{ dtype: 'index', merge: 'max', unit: 'flag' },
          doc: '1 if the book was sampled on a grid, so that events between are lost, else 0.',
        }),
        known: columnSpec({
          ...{ dtype: 'time', merge: 'max', unit: 'UTC', hidden: true },
          doc: 'When the last state of the bar and all before it were known.',
        }),
        available_at: columnSpec({
          ...{ dtype: 'time', merge: 'derived', unit: 'UTC', derive: derive.availableAt },
          doc: 'When the bar is complete and known.',
        }),
      },
    },
    events: {
      grain: 'instrument × state × level, if asked for',
      asked: ({ events }) => events,
      key: ['instrument', 'time', 'place', 'level'],
      columns: {
        ...keys('Exchange time of the state.'),
        place: columnSpec({
          dtype: 'index',
          merge: 'key',
          unit: 'states',
          doc: 'Place among equal times, from 0.',
        }),
        level,
        e: columnSpec({
          ...{ dtype: 'lots', merge: 'whole', unit: 'size', doc: 'The event e_n.' },
          nulls: 'the level is missing in this state or the one before, or the series begins',
        }),
        available_at: columnSpec({
          ...{ dtype: 'time', merge: 'whole', unit: 'UTC' },
          doc: 'When this state and all before it were known.',
        }),
      },
    },
  },
  carry: carrySpec,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'orderFlowImbalance',
});
