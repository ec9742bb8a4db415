import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { param } from '../../core/schema.js';
import { correlationColumns, correlationParams } from '../../stats/correlation-columns.js';
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
  version: '1.0.0',
  summary: 'Lead and lag correlation of volume imbalance with changes of open interest, by instrument.',
  doc: {
    formula:
      'ρ_ℓ = corr(VI_t, Δln OI_{t+ℓ}) for every lag ℓ of -maxLag … maxLag bars: with ℓ > 0 imbalance leads. VI and Δln OI ' +
      'are those of `open-interest`: where open interest is sparser than bars, VI is of its interval and both are null ' +
      'between. Counts, means and ranks are those of the pairs of each lag. Interval tanh(artanh ρ ± e·Φ⁻¹) and ' +
      'p = 2Φ(-|artanh ρ|/e) with e = √(Ω/(n - 3))/(1 - ρ²), Ω the Newey-West long-run variance of the influences ' +
      'z_x z_y - ρ(z_x² + z_y²)/2; q by Benjamini and Hochberg over instruments × lags.',
    source:
      'Newey and West (1987, 1994); Fisher (1921); Benjamini and Hochberg (1995); Datta and Du (2012) for pairs with gaps.',
    example: '--every 5m --max-lag 12',
    notes:
      'All sums are binary64 on every backend, in the order of the bars; ranks are made and summed on the host. A ' +
      'correlation at lag 0 is contemporaneous and predicts nothing: read it apart from those of positive lags.',
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
  cost: ({ maxLag }) => 6 * (2 * maxLag + 1),
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
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'oiCorrelation',
});
