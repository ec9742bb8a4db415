import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { barList } from '../../core/bar-list.js';
import { column } from '../../core/column-spec.js';
import { InputError } from '../../core/errors.js';
import { param } from '../../core/schema.js';
import { LONGEST_WINDOW } from '../../core/window-moments.js';
import { MOST_LAGS } from '../../stats/pair-sums.js';
import { lastAvailable, pOf, qOf, tOf } from './derive.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';
import { timeList } from './time-list.js';

const params = {
  every: param.duration({ default: '1h', min: '1ms', doc: 'Width of the bars.' }),
  horizons: barList({
    ...{ name: 'horizon', default: [1, 3, 12, 48], example: '1,12', most: 16, min: 1, max: 10_000 },
    doc: 'Bars that the explained returns reach ahead.',
  }),
  hacLags: param.integer({
    default: undefined,
    min: 0,
    max: MOST_LAGS,
    doc: 'Newey-West lags in bars, never fewer than horizon - 1. Default ⌊4(n/100)^{2/9}⌋ of n bars (Newey and West 1994).',
  }),
  minRows: param.integer({
    default: 30,
    min: 3,
    max: 1_000_000_000,
    doc: 'Fewest bars of a test, inside a regime and outside it; with fewer errors, t, p and q are null.',
  }),
  volatilityBars: param.integer({
    default: 20,
    min: 1,
    max: 1000,
    doc: 'Bars before the bar whose returns give its realised volatility.',
  }),
  trendFast: param.integer({
    default: 20,
    min: 1,
    max: 10_000,
    doc: 'Period of the fast average of a trend.',
  }),
  trendSlow: param.integer({
    default: 50,
    min: 2,
    max: 10_000,
    doc: 'Period of the slow average of a trend.',
  }),
  regimeBars: param.integer({
    default: 100,
    min: 1,
    max: LONGEST_WINDOW,
    doc: 'Bars before the bar that its volatility, trend or depth is ranked among.',
  }),
  regimeQuantile: param.number({
    default: 0.8,
    min: 0,
    max: 0.999,
    doc: 'Share of those bars that must lie below it, of depth above it, for the bar to be in the regime, ties half.',
  }),
  news: timeList({ doc: 'Times of news; without any there are no rows of that regime.' }),
  newsWindow: param.duration({
    default: '1h',
    min: '1ms',
    doc: 'A bar is in the news regime while the last news before its end is at most this old.',
  }),
  depthLevels: param.integer({
    default: 500,
    min: 1,
    max: 1000,
    doc: 'Levels of a side of the book that its depth is taken from; null where they end within 10 bps of the mid.',
  }),
  bookAge: param.duration({
    default: '5s',
    min: '1ms',
    doc: 'Oldest book that a bar may look at; of an older one its depth is null.',
  }),
};

type Spec = ColumnSpec<unknown>;

const UNDETERMINED =
  'no more bars than coefficients; constant imbalance; a regime that never or always holds';
const UNTESTED = `${UNDETERMINED}; fewer bars than minRows`;
const PLAIN = 'the row has no regime';

const value = (unit: string, doc: string, nulls: string): Spec =>
  column('f64', unit, doc, { nulls, accuracy: 'f64' });
const derived = (unit: string, doc: string, nulls: string, derive: NonNullable<Spec['derive']>): Spec => ({
  ...value(unit, doc, nulls),
  ...{ merge: 'derived', derive },
});
const known = (doc: string): Spec => column('time', 'UTC', doc, { merge: 'derived', derive: lastAvailable });

/** Strength or reversal: what follows an imbalance, and whether a regime changes it. */
export const imbalanceRegression = defineAnalytic({
  name: 'imbalance-regression',
  version: '1.1.0',
  summary: 'Regression of forward returns on volume imbalance and on imbalance inside a regime, by horizon.',
  doc: {
    formula:
      'r_{t+1..t+h} = a + b·VI_t + c·VI_t·R_t + e, VI = (B - S)/(B + S), r_{t+1..t+h} = ln(C_{t+h}/C_t), h the horizon; b > 0 ' +
      'is momentum, b < 0 reversal, c what the regime adds. Regime codes: 0 none (no R), 1 high_volatility: the mean square ' +
      'of the returns of the volatilityBars bars before t lies above regimeQuantile of its last regimeBars values; 2 trend: ' +
      '|EMA_fast - EMA_slow|/EMA_slow of the closes before t does; 3 news: news came at most newsWindow before the end of ' +
      'bar t; 4 thin_depth: the depth known with bar t lies below regimeQuantile of its last regimeBars values, depth being ' +
      'the size on both sides within 10 bps of the mid, boundary included, of the last book known at available_at of t. ' +
      'Errors by Newey and West with max(h - 1, hacLags) lags, counted in bars: V(b) = Σ_{|l| ≤ L} (1 - |l|/(L + 1)) ' +
      'Σ_t g_t·g_{t-l}, g_t the weight of bar t in b times its residual; t = b/√V, p = 2Φ(-|t|). q by Benjamini and Hochberg ' +
      'over the instruments and horizons of a regime, nulls not counted.',
    source:
      'Chordia, Roll and Subrahmanyam (2002); Newey and West (1987, 1994); Benjamini and Hochberg (1995).',
    example: '--every 1h --horizons 1,12',
    notes:
      'Explaining the return of the same bar is no forecast: r2_predictive is of the return ahead, r2_contemporaneous of ' +
      'r_t on the same right-hand side, over the bars where that is known. A bar is left out where its imbalance, its ' +
      'regime or a price up to the horizon is null, but lags count it. Normal p-values are too small where horizon is not ' +
      'small beside n. Rows of a regime of news or of thin depth are there where news, or a book, are given. Books of changes ' +
      'are looked at as they stood at the last whole bar by then. Sums are binary64 in the order of the bars.',
  },
  params,
  inputs: {
    panel: {
      kind: 'panel',
      every: (p) => p.every,
      book: (p) => ({ levels: p.depthLevels, maxAge: p.bookAge }),
    },
  },
  cut: 'instrument',
  cost: ({ horizons }) => 30 * horizons.length,
  outputs: {
    regressions: {
      grain: 'instrument × horizon × regime',
      key: ['instrument', 'horizon', 'regime'],
      columns: {
        instrument: column('instrument', 'symbol', 'Instrument.', { merge: 'key' }),
        horizon: column('index', 'bars', 'Bars that the explained return reaches ahead.', { merge: 'key' }),
        regime: column('index', 'code', 'Regime, see above.', { merge: 'key' }),
        n: column('count', 'bars', 'Bars of which imbalance, regime and return ahead are known.'),
        n_inside: column('count', 'bars', 'Those of them inside the regime.'),
        lags: column('count', 'bars', 'Newey-West lags.'),
        b: value('log return', 'Slope on the imbalance, outside the regime.', UNDETERMINED),
        b_error: value('log return', 'Newey-West standard error of b.', UNTESTED),
        t: derived('ratio', 'b / b_error.', `${UNTESTED}; b_error 0`, tOf('b', 'b_error')),
        p: derived('probability', 'Two-sided p of b = 0.', `${UNTESTED}; b_error 0`, pOf('t')),
        q: derived('probability', 'Benjamini-Hochberg q of p.', `${UNTESTED}; b_error 0`, qOf('p')),
        c: value('log return', 'What the slope is more inside the regime.', `${PLAIN}; ${UNDETERMINED}`),
        c_error: value('log return', 'Newey-West standard error of c.', `${PLAIN}; ${UNTESTED}`),
        c_t: derived('ratio', 'c / c_error.', `${PLAIN}; ${UNTESTED}; c_error 0`, tOf('c', 'c_error')),
        c_p: derived('probability', 'Two-sided p of c = 0.', `${PLAIN}; ${UNTESTED}; c_error 0`, pOf('c_t')),
        c_q: derived(
          'probability',
          'Benjamini-Hochberg q of c_p.',
          `${PLAIN}; ${UNTESTED}; c_error 0`,
          qOf('c_p'),
        ),
        r2_predictive: value('ratio', 'R² of the return ahead.', `${UNDETERMINED}; constant return`),
        r2_contemporaneous: value(
          'ratio',
          'R² of the return over the bar itself; the same at every horizon.',
          `${UNDETERMINED}; constant return`,
        ),
        available_at: column('time', 'UTC', "When the instrument's last bar is known."),
        q_available_at: known('When q is known: the last bars of all instruments are.'),
        c_q_available_at: known('When c_q is known: the last bars of all instruments are.'),
      },
    },
  },
  check: ({ trendFast, trendSlow }) => {
    if (trendFast >= trendSlow)
      throw new InputError(
        'imbalance-regression trendFast',
        trendFast,
        `must be less than trendSlow, ${trendSlow}`,
      );
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'imbalanceRegression',
});
