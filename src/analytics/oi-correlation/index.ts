import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { barList } from '../../core/bar-list.js';
import { InputError } from '../../core/errors.js';
import { param } from '../../core/schema.js';
import { correlationColumns, correlationParams } from '../../stats/correlation-columns.js';
import { LONGEST_ROLLING } from '../../stats/rolling-pearson.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  maxAge: param.duration({
    default: '1d',
    min: '1ms',
    doc: "Open interest that became available longer before a bar's end is not used for it.",
  }),
  measure: param.choice({
    values: ['contracts', 'usd'],
    default: 'contracts',
    doc: 'Open interest in contracts, or in USD, which also moves with price.',
  }),
  maxLag: param.integer({ default: 12, min: 0, max: 1000, doc: 'Lags run from -maxLag to maxLag bars.' }),
  target: param.choice({
    values: ['oi', 'return', 'abs_return'],
    default: 'oi',
    doc: 'What imbalance is correlated with: Δln OI, or the log return over the same interval, or its size.',
  }),
  rolling: param.integer({
    default: 0,
    min: 0,
    max: LONGEST_ROLLING,
    doc: 'Pairs of the windows of the table `rolling`, such as 288; 0 leaves it empty.',
  }),
  rollingLags: barList({
    // those of -12 … 12
    ...{ name: 'lag', default: [0], example: '-1,0,1', most: 25, min: -1000, max: 1000 },
    doc: 'Lags of the table `rolling`.',
  }),
  ...correlationParams,
};

const column = (
  dtype: ColumnSpec<unknown>['dtype'],
  merge: ColumnSpec<unknown>['merge'],
  unit: string,
  doc: string,
): ColumnSpec<unknown> => ({ dtype, merge, unit, doc, nulls: 'never', accuracy: 'exact' });

/** Correlations of volume imbalance with changes of open interest before and after it. */
export const oiCorrelation = defineAnalytic({
  name: 'oi-correlation',
  version: '1.1.0',
  summary: 'Lead and lag correlation of volume imbalance with changes of open interest, by instrument.',
  doc: {
    formula:
      'ρ_ℓ = corr(VI_t, Δln OI_{t+ℓ}) for every lag ℓ of -maxLag … maxLag bars: with ℓ > 0 imbalance leads. VI and Δln OI ' +
      'are those of `open-interest`: where open interest is sparser than bars, VI is of its interval and both are null ' +
      'between. Counts, means and ranks are those of the pairs of each lag. Interval tanh(artanh ρ ± e·Φ⁻¹) and ' +
      'p = 2Φ(-|artanh ρ|/e) with e = √(Ω/(n - 3))/(1 - ρ²), Ω the Newey-West long-run variance of the influences ' +
      'z_x z_y - ρ(z_x² + z_y²)/2; q by Benjamini and Hochberg over instruments × lags. ' +
      '`rolling`: ρ_ℓ of the last n = `rolling` pairs that are known by each bar.',
    source:
      'Newey and West (1987, 1994); Fisher (1921); Benjamini and Hochberg (1995); Datta and Du (2012) for pairs with gaps; ' +
      'van Herk (1992) for sums over windows without subtraction.',
    example: '--every 5m --max-lag 12 --rolling 288',
    notes:
      'All sums are binary64 on every backend, in the order of the bars; ranks are made and summed on the host. A ' +
      'correlation at lag 0 is contemporaneous and predicts nothing: read it apart from those of positive lags. `rolling` is ' +
      'made on the host, a row a bar: of n pairs its error is below 6(n + 4)²·2^-53, after however many bars. A window ' +
      'counts pairs, not bars: where none comes it stays what it was. A pair of a positive lag is known when its target ' +
      'is, ℓ bars after its imbalance, and its row is that bar.',
  },
  params,
  inputs: {},
  needs: {
    bars: {
      analytic: 'open-interest',
      output: 'bars',
      params: ({ every, maxAge, measure }) => ({ every, maxAge, measure }),
    },
  },
  cut: 'instrument',
  cost: ({ maxLag, rolling, rollingLags }) => 6 * (2 * maxLag + 1) + (rolling > 0 ? rollingLags.length : 0),
  outputs: {
    lags: {
      grain: 'instrument × lag',
      key: ['instrument', 'lag'],
      columns: {
        instrument: column('instrument', 'key', 'symbol', 'Instrument.'),
        lag: column('index', 'key', 'bars', 'Bars by which imbalance leads; negative where it trails.'),
        available_at: column('time', 'whole', 'UTC', 'When the last bar of the instrument is known.'),
        ...correlationColumns('imbalance, and the target a lag later'),
      },
    },
    rolling: {
      grain: 'instrument × lag × bar, if asked for',
      asked: ({ rolling }) => rolling > 0,
      key: ['instrument', 'lag', 'time'],
      columns: {
        instrument: column('instrument', 'key', 'symbol', 'Instrument.'),
        lag: column('index', 'key', 'bars', 'Bars by which imbalance leads; negative where it trails.'),
        time: column('time', 'key', 'UTC', 'Start of the bar.'),
        pearson: {
          ...column('f64', 'whole', 'ratio', "Pearson's correlation: imbalance, and the target a lag later."),
          ...{ nulls: 'fewer pairs than minPairs, or zero variance', accuracy: 'f64' },
        },
        n_pairs: column('count', 'whole', 'pairs', 'Pairs of the window: the last `rolling`, or all so far.'),
        available_at: column(
          'time',
          'whole',
          'UTC',
          'When the bar is known, and so all pairs of the window.',
        ),
      },
    },
  },
  check: ({ rolling, rollingLags, minPairs }) => {
    if (rolling > 0 && rolling < minPairs)
      throw new InputError('oi-correlation rolling', rolling, `must be at least minPairs, ${minPairs}`);
    if (rolling === 0 && rollingLags.join() !== '0')
      throw new InputError('oi-correlation rollingLags', rollingLags.join(), 'needs a window: rolling is 0');
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'oiCorrelation',
});
