import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import { durationText, parseDuration } from '../../core/duration.js';
import { InputError } from '../../core/errors.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  reset: param.choice({
    values: ['anchor', 'never', 'rolling'],
    default: 'anchor',
    doc: 'Bars of the VWAP: since its anchor, since the first one, or a rolling window (vwap.reset).',
  }),
  anchor: param.session({
    default: '1d',
    doc: 'Where an anchored VWAP restarts: at each session of this grid.',
  }),
  bars: param.integer({ default: 20, min: 1, max: 10_000_000, doc: 'Length of a rolling window in bars.' }),
  window: param.text({
    pattern: /^\d{1,9}(us|ms|s|m|h|d|w)$/,
    values: 'a duration such as 1h',
    doc: 'Length of a rolling window as a time, a multiple of the bar width, instead of bars.',
  }),
  includeCurrent: param.flag({ doc: 'A rolling window ends with the bar itself instead of before it.' }),
  minPeriods: param.integer({
    default: undefined,
    min: 1,
    max: 10_000_000,
    doc: 'Traded bars that suffice in a rolling window; unless given, as many bars as it has must have passed.',
  }),
  typicalPrice: param.choice({
    values: ['hlc3', 'ohlc4', 'close', 'bar_vwap'],
    default: 'hlc3',
    doc:
      'Price of a bar: (high + low + close) / 3, (open + high + low + close) / 4, close, or its own VWAP, with ' +
      'the dispersion inside the bar where it is made of trades (typical_price).',
  }),
};

type Spec = ColumnSpec<ParamsOf<typeof params>>;

const f64 = (unit: string, doc: string, nulls: string, accuracy: 'f64' | 'rounded' = 'f64'): Spec =>
  columnSpec({ dtype: 'f64', unit, accuracy, doc, nulls });
const EMPTY = 'no trade since the anchor or in the window; warm-up; not observed';
const band = (sigmas: number, sign: 1 | -1): Spec =>
  f64('price', `VWAP ${sign > 0 ? '+' : '-'} ${sigmas} sigma.`, EMPTY);

/** VWAP over a session or a window of bars, and where the close stands against it. */
export const vwapDeviation = defineAnalytic({
  name: 'vwap-deviation',
  version: '1.0.0',
  summary:
    'VWAP since an anchor or over a rolling window, its sigma and bands, and the deviation of the close.',
  doc: {
    formula:
      'VWAP = Σ p q / Σ q; sigma = √(Σ q (p - VWAP)² / Σ q); dev_bps = 10,000 (close / VWAP - 1); z = (close - VWAP) / ' +
      'sigma; bands VWAP ± 1, 2, 3 sigma; TWAP = mean of p over the bars that traded; p the typical price of a bar, q its ' +
      'volume. Anchored VWAPs hold the bar itself, rolling ones the bars before it.',
    source: 'Market practice.',
    example: '--every 5m --anchor 8h --typical-price close',
    notes:
      'Sums are integers: prices in thirds (hlc3) or quarters (ohlc4) of a tick, moments of 128 bits about a price they ' +
      'hold, so that nothing drifts or cancels at any price level. bar_vwap of imported bars is notional / volume rounded ' +
      'to a thousandth of a tick, off by 0.0005 ticks at most, and knows no dispersion inside the bar; with bar_vwap of ' +
      'trades, TWAP is of closes. A bar without a trade carries the value on; deviations need a close.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every } },
  cut: 'instrument',
  cost: () => 10,
  outputs: {
    bars: {
      grain: 'instrument × bar, without gaps',
      key: ['instrument', 'time'],
      columns: {
        instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
        time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: 'Start of the bar.' }),
        vwap: f64('price', 'Volume-weighted average price.', EMPTY),
        sigma: f64('price', 'Volume-weighted standard deviation about it.', EMPTY),
        dev_bps: f64('bps', 'Close over VWAP, less 1.', `${EMPTY}; no close; VWAP 0`),
        z: f64('sd', 'Close less VWAP in sigmas.', `${EMPTY}; no close; sigma 0`),
        upper_1: band(1, 1),
        lower_1: band(1, -1),
        upper_2: band(2, 1),
        lower_2: band(2, -1),
        upper_3: band(3, 1),
        lower_3: band(3, -1),
        twap: f64('price', 'Mean typical price of the bars that traded.', EMPTY),
        volume: f64('size', 'Volume that the VWAP covers.', EMPTY, 'rounded'),
        carried: columnSpec({
          ...{ dtype: 'index', unit: 'flag' },
          doc: '1 if the bar has no trade and its value is carried on, else 0.',
        }),
        available_at: columnSpec({
          ...{ dtype: 'time', unit: 'UTC' },
          doc: 'When the bar and all before it are known.',
        }),
      },
    },
  },
  check: ({ window, every }) => {
    const width = window === undefined ? every : (parseDuration(window) ?? 0);
    if (width < every || width % every !== 0)
      throw new InputError('vwap-deviation window', window, `must be a multiple of ${durationText(every)}`);
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'vwapDeviation',
});
