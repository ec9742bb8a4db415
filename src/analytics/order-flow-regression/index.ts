import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { bookRequest } from '../../core/book-observations.js';
import { column } from '../../core/column-spec.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';
import { type Params, params } from './rules.js';

type Spec = ColumnSpec<Params>;

const value = (unit: string, doc: string, nulls: string): Spec =>
  column('f64', unit, doc, { nulls, accuracy: 'f64' });

const FEW = 'fewer bars than minRows; constant flow';
const UNEXPLAINED = `${FEW}; constant mid change`;
const instrument = column('instrument', 'symbol', 'Instrument.', { merge: 'key' });

/** Price impact of order flow: the mid change of a bar on its order-flow imbalance, of one level and of all. */
export const orderFlowRegression = defineAnalytic({
  name: 'order-flow-regression',
  version: '1.0.0',
  summary:
    'Regression of mid changes on order-flow imbalance, of the best quotes and integrated over levels.',
  doc: {
    formula:
      'Δm_t = α + β·OFI_t + ε over the bars of an instrument: OFI of level 1 by `order-flow-imbalance`, Δm the change of the ' +
      'mid over the same events in ticks. V(β) = Σ_{|l| ≤ L} (1 - |l|/(L + 1)) Σ_t g_t·g_{t-l}, g_t = x_t·ε_t/Σx², x the flow ' +
      'less its mean (Newey-West, L lags); t = β/√V, p = 2Φ(-|t|). r2_predictive is of Δm_{t+1} on OFI_t. Integrated flow ' +
      'wᵀ(OFI_t/Q̄_t)/‖w‖₁: OFI_t the flows of all levels, Q̄ = (1/L)Σ_m mean_n (b_m + a_m)/2 over the states n of the bar, w ' +
      'the first principal component of OFI/Q̄, Σw > 0, over the first trainBars bars with a flow at every level; it is ' +
      'null in and before these.',
    example: '--every 10s --levels 5',
    source:
      'Cont, Kukanov and Stoikov (2014); Cont, Cucuringu and Zhang (2023) for the integrated flow; Newey and West (1987, 1994).',
    notes:
      'Columns named contemporaneous explain the bar by its own flow, which is no forecast. The two of tested bars are of ' +
      'the same bars, those after training, so that they can be compared; their coefficients are fitted there, only the ' +
      'weights are not. A bar without an event of level 1, as in a gap or of a one-sided book, is no pair; lags count ' +
      'the bars with a state, the next bar is the adjacent one. A level that a state lacks counts as a size of 0 in Q̄. ' +
      'Ticks are those of the instrument: its market tick if declared, else the decimal scale of its prices. Trade-flow ' +
      'imbalance beside it, cross-impact and ranks across instruments are not computed here. Sums are binary64 in the ' +
      'order of the bars.',
  },
  params,
  inputs: { book: { kind: 'book', book: (p) => bookRequest(p.levels, p) } },
  needs: {
    flow: {
      analytic: 'order-flow-imbalance',
      output: 'bars',
      params: ({ every, levels, sameTs, crossed, maxAge }) => ({
        ...{ every: [every], levels, sameTs, crossed, maxAge },
      }),
    },
  },
  cut: 'instrument',
  cost: () => 8,
  outputs: {
    regression: {
      grain: 'instrument',
      key: ['instrument'],
      columns: {
        instrument,
        n: column('count', 'bars', 'Bars with an event of level 1.'),
        lags: column('count', 'bars', 'Newey-West lags.'),
        alpha: value('ticks', 'Mid change without a flow.', FEW),
        beta: value('ticks / size', 'Mid change by flow of level 1.', FEW),
        beta_error: value('ticks / size', 'Newey-West standard error of beta.', FEW),
        t: value('ratio', 'beta / beta_error.', `${FEW}; beta_error 0`),
        p: value('probability', 'Two-sided p of beta = 0.', `${FEW}; beta_error 0`),
        r2_contemporaneous: value('ratio', 'R² of the mid change of the same bar.', UNEXPLAINED),
        n_ahead: column('count', 'bars', 'Those of the bars whose next bar has an event too.'),
        r2_predictive: value('ratio', 'R² of the mid change of the next bar.', UNEXPLAINED),
        n_tested: column('count', 'bars', 'Bars after training with an integrated flow.'),
        r2_contemporaneous_tested: value('ratio', 'R² of level 1 alone in tested bars.', UNEXPLAINED),
        integrated_beta: value('ticks', 'Mid change by integrated flow in tested bars.', FEW),
        r2_contemporaneous_integrated: value('ratio', 'R² of integrated flow in tested bars.', UNEXPLAINED),
        sampled: column('index', 'flag', '1 if the book was sampled, so that events are lost, else 0.'),
        available_at: column('time', 'UTC', "When the instrument's last bar is known."),
      },
    },
    bars: {
      grain: 'instrument × bar',
      key: ['instrument', 'time'],
      columns: {
        instrument,
        time: column('time', 'UTC', 'Start of the bar.', { merge: 'key' }),
        depth: value('size', 'Mean size Q̄ of a level and side.', 'no observed state'),
        integrated: value(
          'ratio',
          'Integrated order flow, in multiples of the depth.',
          'up to the last bar of training; a level without an event',
        ),
        available_at: column('time', 'UTC', 'When the bar is complete and known.'),
      },
    },
    weights: {
      grain: 'instrument × level, of instruments with trainBars bars to fit on',
      key: ['instrument', 'level'],
      columns: {
        instrument,
        level: column('index', 'level', 'Level, 1 the best price.', { merge: 'key' }),
        weight: value('ratio', 'w/‖w‖₁.', 'never'),
        share: value('ratio', 'Share of the variance of OFI/Q̄ that lies along w.', 'never'),
        available_at: column('time', 'UTC', 'When the last bar of training is known.'),
      },
    },
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'orderFlowRegression',
});
