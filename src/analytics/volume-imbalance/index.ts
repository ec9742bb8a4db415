import { type ColumnSpec, type Dtype, defineAnalytic, type MergeClass } from '../../core/analytic.js';
import { countImbalance } from '../../core/count-imbalance.js';
import { type ParamsOf, param } from '../../core/schema.js';
import * as derive from './derive.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.durations({
    default: ['1m'],
    min: '1ms',
    doc: 'Bar widths. The finest common width is computed once, the others are rolled up from it exactly.',
  }),
  anchor: param.session({
    default: 'run',
    run: true,
    doc: 'Where the cumulative volume delta restarts: at each session of this grid, which must begin with a bar of the finest width, or never (run).',
  }),
};

type Spec = ColumnSpec<ParamsOf<typeof params>>;

const column = (
  dtype: Dtype,
  merge: MergeClass,
  unit: string,
  doc: string,
  more: Partial<Spec> = {},
): Spec => ({
  dtype,
  merge,
  unit,
  doc,
  nulls: 'never',
  accuracy: 'exact',
  ...more,
});

const share = (doc: string, derived: NonNullable<Spec['derive']>, nulls = 'never'): Spec =>
  column('f64', 'derived', 'ratio', doc, { accuracy: 'rounded', derive: derived, nulls });

/** Bars of signed volume: OHLC, volume by aggressor side, VWAP, delta, CVD, volume imbalance with its bounds. */
export const volumeImbalance = defineAnalytic({
  name: 'volume-imbalance',
  version: '1.0.0',
  summary:
    'Bars of trades with volume by aggressor side, VWAP, cumulative volume delta and volume imbalance.',
  doc: {
    formula:
      'VI = (B - S) / (B + S) with B, S, U the taker-buy, taker-sell and unknown volume of the bar, V = B + S + U; ' +
      'bounds (B - S - U) / V and (B - S + U) / V; delta D = B - S; CVD = Σ D; VWAP = Σ p q / Σ q; ' +
      'order imbalance OIBNUM = nB - nS, OIBSH = D, OIBDOL = Σ s p q, s = ±1 the side; ' +
      'sigma = √(Σ q (p - VWAP)² / Σ q); count imbalance (nB - nS) / (nB + nS); coverage 1 - U / V. ' +
      'Bars are half-open [t0, t0 + Δ) in UTC, labelled t0; weeks start on Monday; only bars with a trade are rows.',
    example: '--every 1m,5m,1h --anchor 1d',
    source: 'Chordia, Roll and Subrahmanyam (2002) for order imbalance; VWAP and CVD by market practice.',
    notes:
      'Sizes of inverse contracts are contracts: their notional is contracts times face value and their VWAP is ' +
      'weighted by contracts. A bar is available at the later of its end and the latest availability of its rows; ' +
      'cvd adds up earlier bars too, so it has its own cvd_available_at.',
  },
  params,
  inputs: { trades: 'trades' },
  outputs: {
    bars: {
      grain: 'instrument × bar',
      key: ['instrument', 'time'],
      levels: (p) => p.every,
      columns: {
        instrument: column('instrument', 'key', 'symbol', 'Instrument.'),
        time: column('time', 'key', 'UTC', 'Start of the bar.'),
        open: column('tick', 'first', 'price', 'First price, by (ts, seq, input row).'),
        high: column('tick', 'max', 'price', 'Highest price.'),
        low: column('tick', 'min', 'price', 'Lowest price.'),
        close: column('tick', 'last', 'price', 'Last price, by (ts, seq, input row).'),
        buy_volume: column('lots', 'sum', 'size', 'Taker-buy volume B.'),
        sell_volume: column('lots', 'sum', 'size', 'Taker-sell volume S.'),
        unknown_volume: column('lots', 'sum', 'size', 'Volume without a known side, U.'),
        volume: column('lots', 'derived', 'size', 'V = B + S + U.', { derive: derive.volume }),
        trades: column('count', 'sum', 'trades', 'Trades of any side.'),
        buy_trades: column('count', 'sum', 'trades', 'Taker-buy trades nB.'),
        sell_trades: column('count', 'sum', 'trades', 'Taker-sell trades nS.'),
        tick_lots: column('index', 'sum', 'tick · lot', 'Σ k q, k the tick offset from the base.', {
          hidden: true,
        }),
        tick2_lots: column('index', 'sum', 'tick² · lot', 'Σ k² q.', { hidden: true }),
        signed_tick_lots: column('index', 'sum', 'tick · lot', 'Σ s k q, s = 1 bought, -1 sold.', {
          hidden: true,
        }),
        last_available: column(
          'time',
          'max',
          'UTC',
          'Latest availability of a row, 0 without receive stamps.',
          {
            hidden: true,
          },
        ),
        notional: column(
          'money',
          'derived',
          'quote currency',
          'Σ p q · multiplier; inverse: contracts · face value.',
          {
            derive: derive.notional,
          },
        ),
        vwap: column('f64', 'derived', 'price', 'Volume-weighted average price.', {
          derive: derive.vwap,
          accuracy: 'rounded',
        }),
        sigma: column('f64', 'derived', 'price', 'Volume-weighted standard deviation about the VWAP.', {
          derive: derive.sigma,
          accuracy: 'f64',
        }),
        delta: column('lots', 'derived', 'size', 'D = B - S.', { derive: derive.delta }),
        notional_delta: column(
          'money',
          'derived',
          'quote currency',
          'OIBDOL: money bought less money sold, Σ s p q · multiplier; inverse: contracts · face value.',
          { derive: derive.notionalDelta },
        ),
        cvd: column(
          'lots',
          'scan',
          'size',
          'Cumulative volume delta since the anchor, at the end of the bar.',
          {
            scan: { of: 'delta', op: 'sum', reset: (p) => p.anchor },
          },
        ),
        vi: share('Volume imbalance of the known sides.', derive.imbalance, 'B + S = 0'),
        vi_low: share('Lower bound of VI: every unknown trade a sell.', derive.lowest),
        vi_high: share('Upper bound of VI: every unknown trade a buy.', derive.highest),
        count_imbalance: share(
          '(nB - nS) / (nB + nS).',
          (c) => countImbalance(c.table),
          'no trade of known side',
        ),
        notional_imbalance: share('notional_delta over notional.', derive.notionalImbalance, 'notional = 0'),
        coverage: share('Share of volume with a known side.', derive.coverage),
        available_at: column(
          'time',
          'derived',
          'UTC',
          'When the bar is complete and known; joins use this.',
          {
            derive: derive.availableAt,
          },
        ),
        cvd_available_at: column(
          'time',
          'scan',
          'UTC',
          'When cvd is known: the latest available_at so far.',
          {
            scan: { of: 'available_at', op: 'max', reset: (p) => p.anchor },
          },
        ),
      },
    },
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'volumeImbalance',
});
