import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { column } from '../../core/column-spec.js';
import { checkStrategy } from './check.js';
import { FORMULA, NOTES } from './doc.js';
import { trialRange } from './grid.js';
import * as metric from './metrics.js';
import { type Params, params } from './params.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

type Spec = ColumnSpec<Params>;

const count = (unit: string, doc: string): Spec => column('count', unit, doc);
const quote = (doc: string): Spec => column('f64', 'quote currency', doc, { accuracy: 'rounded' });
const hidden = (doc: string): Spec => column('index', '10^-6 of capital', doc, { hidden: true });
const derived = (unit: string, doc: string, nulls: string, derive: NonNullable<Spec['derive']>): Spec =>
  column('f64', unit, doc, { merge: 'derived', accuracy: 'f64', nulls, derive });
const axis = (unit: string, doc: string, value: Parameters<typeof metric.parameter>[0]): Spec =>
  derived(unit, doc, 'never', metric.parameter(value));

const run = {
  instrument: column('instrument', 'symbol', 'Instrument.', { merge: 'key' }),
  trial: column('index', 'trial', 'Parameter set, its place in the grid.', { merge: 'key' }),
};
const time = column('time', 'UTC', 'Start of the bar.', { merge: 'key' });
const known = (doc: string): Spec => column('time', 'UTC', doc);
const flat = 'no return, or none that varies';

/** Trades every parameter set of a grid on every instrument, decided on what was known, filled after. */
export const strategySweep = defineAnalytic({
  name: 'strategy-sweep',
  version: '1.1.0',
  summary:
    'Backtests of trend and imbalance strategies with early reversal, sizing, stops, costs and fee tiers, a grid of parameter sets at once.',
  doc: {
    formula: FORMULA,
    source:
      'Lo (2002) for autocorrelation; square-root impact by market practice; definitions of the parameters below.',
    example: '--every 1d --theta 0.5,1,1.5 --trend 10/30,20/50 --surprise-bars 60',
    notes: NOTES,
  },
  params,
  inputs: {
    panel: {
      kind: 'panel',
      every: (p) => p.every,
      book: ({ bookAge, spreadLimit }) => ({
        ...{ levels: 1, maxAge: bookAge },
        // a limit on spreads that nobody knows would let nothing pass
        ...(spreadLimit.some((bps) => bps > 0) ? { neededBy: 'spreadLimit' } : {}),
      }),
    },
  },
  cut: 'instrument',
  cost: (params) => {
    const { first, end } = trialRange(params);
    return 2 * (end - first);
  },
  outputs: {
    runs: {
      grain: 'instrument × trial',
      key: ['instrument', 'trial'],
      columns: {
        ...run,
        theta: axis('z', 'Confirmation threshold.', (t) => t.theta),
        trend_fast: axis('bars', 'Fast EMA.', (t) => t.trend.fast),
        trend_slow: axis('bars', 'Slow EMA.', (t) => t.trend.slow),
        relative_volume: axis('ratio', 'Volume gate.', (t) => t.relativeVolume),
        spread_limit: axis('bps', 'Spread gate, 0 for none.', (t) => t.spreadLimit),
        stop: axis('ATR', 'Stop distance, 0 for none.', (t) => t.stop),
        target: axis('ATR', 'Target distance, 0 for none.', (t) => t.target),
        time_stop: axis('bars', 'Time stop, 0 for none.', (t) => t.timeStop),
        target_volatility: axis('ratio', 'Annual volatility aimed at.', (t) => t.targetVolatility),
        reversal_window: axis(
          'bars',
          'Bars within which a second warning ends a position.',
          (t) => t.reversalWindow,
        ),
        bars: count('bars', 'Bars of the instrument.'),
        periods: count('periods', 'Periods of return.'),
        equity: quote('Cash and position at the last known price.'),
        total_return: derived('ratio', 'Profit by capital.', 'never', metric.totalReturn),
        annual_return: derived(
          'ratio',
          'Mean return times the periods of a year.',
          'never',
          metric.annualReturn,
        ),
        volatility: derived(
          'ratio',
          'Annual standard deviation of returns, ddof 1.',
          'fewer than 2 periods',
          metric.volatility,
        ),
        sharpe: derived('ratio', 'Annual return by volatility.', flat, metric.sharpe),
        sharpe_lo: derived(
          'ratio',
          'The same with the correction of Lo (2002) for first-order autocorrelation.',
          flat,
          metric.sharpeLo,
        ),
        sortino: derived(
          'ratio',
          'Annual return by the root mean square of losses.',
          'no loss',
          metric.sortino,
        ),
        max_drawdown: derived(
          'ratio',
          'Largest fall of equity from its peak, by capital.',
          'never',
          metric.maxDrawdown,
        ),
        calmar: derived('ratio', 'Annual return by max_drawdown.', 'no fall', metric.calmar),
        turnover: quote('Value of all fills.'),
        turnover_ratio: derived('ratio', 'Turnover by capital.', 'never', metric.turnoverRatio),
        fees: quote('Exchange fees.'),
        spread_cost: quote('Half spreads.'),
        impact_cost: quote('Market impact.'),
        funding: quote('Funding paid less received.'),
        cost_share: derived(
          'ratio',
          'Costs by profit before costs.',
          'no profit before costs',
          metric.costShare,
        ),
        capacity: derived(
          'quote currency',
          'Capital at which impact would take all profit: capital · ((profit + impact) / impact)², 0 for none to take.',
          'no impact',
          metric.capacity,
        ),
        trades: count('trades', 'Round trips, from flat to flat.'),
        wins: count('trades', 'Round trips with a profit after costs.'),
        hit_rate: derived('ratio', 'Wins by trades.', 'no trade', metric.hitRate),
        gross_profit: quote('Profit of the trades that won.'),
        gross_loss: quote('Loss of the others.'),
        profit_factor: derived('ratio', 'Gross profit by gross loss.', 'no loss', metric.profitFactor),
        fills: count('fills', 'Fills.'),
        exposure_bars: count('bars', 'Bars that end with a position.'),
        exposure: derived('ratio', 'Their share.', 'never', metric.exposureShare),
        largest_fall: quote('Largest fall of equity from its peak.'),
        open_position: column('f64', 'base currency', 'Position after the last bar; it is not closed.'),
        status: column(
          'index',
          'code',
          '0 trading; 1 ended by the drawdown or ruin; 2 ended where money grew past what stays exact.',
        ),
        return_sum: hidden('Σ of returns.'),
        return_squares: hidden('Σ of squared returns.'),
        downside_squares: hidden('Σ of squared losses.'),
        lagged_products: hidden('Σ of products of neighbouring returns.'),
        available_at: known('When the last bar is known.'),
      },
    },
    trades: {
      grain: 'instrument × trial × fill, with --trades',
      asked: ({ trades }) => trades,
      key: ['instrument', 'trial', 'fill'],
      columns: {
        ...run,
        fill: column('index', 'number', 'Fill of the run, from 0.', { merge: 'key' }),
        time: column(
          'time',
          'UTC',
          'Start of the bar it fills in: at its open, stops and targets inside it.',
        ),
        decided_at: known(
          'When it was ordered; stops and targets rest from the open that filled the entry on.',
        ),
        reason: column(
          'index',
          'code',
          '1 entry, 2 first warning, 3 second warning, 4 stop, 5 target, 6 time, 7 daily loss, 8 drawdown.',
        ),
        side: column('index', 'sign', '1 buys, -1 sells.'),
        quantity: column('f64', 'base currency', 'Filled.'),
        position: column('f64', 'base currency', 'Position after it.'),
        price: column('f64', 'price', 'Price before costs.'),
        net_price: derived(
          'price',
          'Price with half spread and impact: value by quantity.',
          'never',
          metric.netPrice,
        ),
        value: quote('Notional with half spread and impact: what the fee is charged on.'),
        spread_cost: quote('Half spread.'),
        impact_cost: quote('Impact.'),
        fee: quote('Fee at the tier known before the fill.'),
        tier: column('index', 'tier', 'Fee tier, from 0.'),
        trailing: quote('Own notional of the fee window before the fill; 0 with a single tier.'),
        available_at: known('When the bar is known.'),
      },
    },
    equity: {
      grain: 'instrument × trial × bar, with --equity',
      asked: ({ equity }) => equity,
      key: ['instrument', 'trial', 'time'],
      columns: {
        ...run,
        time,
        equity: quote('Cash and position at the last known price.'),
        position: column('f64', 'base currency', 'Position at the end of the bar.'),
        available_at: known('When the bar is known.'),
      },
    },
    periods: {
      grain: 'instrument × trial × period, with --periods',
      asked: ({ periods }) => periods,
      key: ['instrument', 'trial', 'time'],
      columns: {
        ...run,
        time: { ...time, doc: 'Start of the first bar of the period.' },
        profit: {
          ...derived('quote currency', 'Change of equity.', 'never', metric.periodProfit),
          accuracy: 'rounded',
        },
        profit_micros: column('index', '10^-6 quote currency', 'The same as an integer.', { hidden: true }),
        available_at: known('When the last bar of the period is known.'),
      },
    },
  },
  check: checkStrategy,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'strategySweep',
});
