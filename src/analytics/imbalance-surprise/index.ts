import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { LONGEST_WINDOW } from '../../core/window-moments.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.duration({ default: '5m', min: '1ms', doc: 'Width of the bars.' }),
  bars: param.integer({
    default: 288,
    min: 2,
    max: LONGEST_WINDOW,
    doc: 'Bars before the bar that its imbalance is compared with.',
  }),
  minPeriods: param.integer({
    default: undefined,
    min: 1,
    max: LONGEST_WINDOW,
    doc: 'Bars with an imbalance that suffice; unless given, as many bars as the window has must have passed.',
  }),
  includeCurrent: param.flag({ doc: 'The window of bars ends with the bar itself instead of before it.' }),
  form: param.choice({
    values: ['standard', 'robust'],
    default: 'standard',
    doc: 'standard: (x - mean) / sd, ddof = 1; robust: (x - median) / (1.4826 · MAD).',
  }),
  anchor: param.session({
    default: 'run',
    run: true,
    doc: 'Where the cumulative volume delta restarts: at each session of this grid, or never (run).',
  }),
  ema: param.integer({
    default: 20,
    min: 1,
    max: 1_000_000,
    doc: 'Period n of the exponential averages, α = 2 / (n + 1).',
  }),
  seed: param.choice({
    values: ['sma', 'first'],
    default: 'sma',
    doc: 'Averages begin with the mean of the first n values, or with the first value (ema.seed).',
  }),
};

type Spec = ColumnSpec<ParamsOf<typeof params>>;

const f64 = (unit: string, accuracy: 'rounded' | 'f64', doc: string, nulls: string): Spec =>
  columnSpec({ dtype: 'f64', unit, accuracy, doc, nulls });

/** How unusual a bar's volume imbalance is among the bars before it; CVD and averages beside it. */
export const imbalanceSurprise = defineAnalytic({
  name: 'imbalance-surprise',
  version: '1.1.0',
  summary:
    'z-score and percentile of volume imbalance among the bars before it, CVD and exponential averages.',
  doc: {
    formula:
      'D = B - S; VI = D / (B + S); coverage = (B + S) / V; CVD = Σ D since the anchor; vi_z = (VI_t - mean) / sd over VI_{t-n} … VI_{t-1}, n = ' +
      'bars, ddof = 1, or (VI_t - median) / (1.4826 · MAD); vi_percentile = share of them below VI_t, ties half; averages ' +
      'e += α (x - e), α = 2 / (ema + 1).',
    source: 'Chordia, Roll and Subrahmanyam (2002) for order imbalance; baselines by market practice.',
    example: '--every 5m --bars 288 --anchor 1d',
    notes:
      'z, percentile and medians are of VI rounded to 2^-38 (3.6e-12), so that sums over a window are exact integers and ' +
      'no value depends on anything but its window. Bars without volume of a known side have no VI: they keep their place ' +
      'in the window but are not counted, and averages pass over them. cvd goes on after a bar that was not observed.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every } },
  cut: 'instrument',
  cost: () => 20,
  outputs: {
    bars: {
      grain: 'instrument × bar, without gaps',
      key: ['instrument', 'time'],
      columns: {
        instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
        time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: 'Start of the bar.' }),
        delta: f64('size', 'rounded', 'D = B - S.', 'not observed'),
        vi: f64('ratio', 'rounded', 'Volume imbalance of the known sides.', 'not observed; B + S = 0'),
        coverage: f64('ratio', 'rounded', 'Share of volume with a known side.', 'not observed; no volume'),
        vi_z: f64('sd', 'f64', 'z-score of VI among the bars before it.', 'warm-up; vi null; sd or MAD 0'),
        vi_percentile: f64(
          'ratio',
          'rounded',
          'Share of the bars before it with lower VI, ties half.',
          'warm-up; vi null',
        ),
        cvd: f64('size', 'rounded', 'Cumulative volume delta since the anchor.', 'not observed'),
        vi_ema: f64('ratio', 'f64', 'Exponential average of VI.', 'before its seed; vi null'),
        volume_ema: f64('size', 'f64', 'Exponential average of volume.', 'before its seed; not observed'),
        available_at: columnSpec({
          ...{ dtype: 'time', unit: 'UTC' },
          doc: 'When the bar and all before it are known.',
        }),
      },
    },
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'imbalanceSurprise',
});
