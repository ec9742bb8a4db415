import type { MarketOptions } from './markets.js';

/** Parameters and hostile markets every automatic test runs an analytic on. */
export interface Case {
  readonly params: Readonly<Record<string, unknown>>;
  readonly market: MarketOptions;
}

/** Markets past each bound: one word, two words, sums beyond 64 and 96 bits, late receipts, µs stamps. */
export const MARKETS: readonly MarketOptions[] = [
  { seed: 1 },
  { seed: 2, received: true, micros: true },
  { seed: 3, maxLots: 2n ** 31n, maxTick: 2_000 },
  { seed: 4, maxLots: 2n ** 62n - 1n, maxTick: 60_000, rows: 1200 },
  { seed: 5, maxLots: 2n ** 62n - 1n, received: true, instruments: 1, rows: 900 },
  { seed: 6, instruments: 400, rows: 1000, maxTick: 100_000 },
  { seed: 9, unit: 1, micros: true, span: 30 * 60_000_000, rows: 800 },
  { seed: 10, unit: 1_000_000, span: 40 * 86_400_000_000, rows: 800 },
];

/** Parameter sets by analytic; the contract test fails on a registered analytic without one. */
export const PARAMS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'volume-imbalance': [
    { every: '1m' },
    { every: '1s,7s,1h', anchor: '8h' },
    { every: '1d,1w', anchor: '1d' },
  ],
  'volume-profile': [
    { rowTicks: 1, session: '1h' },
    { rowTicks: 7, session: 'day@Asia/Kolkata' },
    { row: 0.05, rounding: 'half_even' },
    { row: 0.025, rounding: 'half_up', session: '1h@2024-01-01T00:20:00Z' },
    { row: 0.3, rounding: 'ceil', session: 'month' },
    { row: 0.02, rounding: 'half_even', session: '8h' },
  ],
  'value-area': [
    { rowTicks: 1, session: '1h' },
    { rowTicks: 3, tie: 'both', step: 'two_row_whole', pocTie: 'highest' },
    { rowTicks: 1, tie: 'down', step: 'two_row_minimal', stop: 'gt', share: 0.683 },
    { rowTicks: 2, tie: 'both', step: 'two_row_minimal', session: '1h', rows: 'traded', share: 0.95 },
    { rowTicks: 1, tie: 'both', step: 'greedy_by_volume', session: '1h', pocTie: 'lowest' },
    { rowTicks: 5, tie: 'down', step: 'greedy_by_volume', stop: 'gt', share: 1 },
    { row: 0.05, tie: 'both', rounding: 'half_up', share: 0.5, volumeReported: 'target' },
  ],
  'open-interest': [
    { every: '5m', maxAge: '10m' },
    { every: '1m' },
    { every: '15m', maxAge: '30m', measure: 'usd' },
  ],
  'oi-correlation': [
    { every: '15m', maxLag: 20, minPairs: 4 },
    { every: '5m', maxLag: 3, minPairs: 8 },
    { every: '1m', maxLag: 12, target: 'return', minPairs: 4, level: 0.9, hacLags: 5 },
    { every: '15m', maxLag: 5, target: 'abs_return', minPairs: 4 },
    { every: '5m', maxLag: 1, minPairs: 4, rolling: 7, rollingLags: '-2,0,3' },
  ],
  'imbalance-correlation': [
    { every: '5m', minPairs: 10 },
    { every: '15m', minPairs: 4, hacLags: 3, level: 0.9 },
  ],
  'imbalance-regression': [
    {
      ...{ every: '1m', horizons: '1,3,12', minRows: 10, regimeBars: 20, regimeQuantile: 0.6 },
      ...{ volatilityBars: 5, trendFast: 3, trendSlow: 8 },
      ...{ news: '2024-01-01T22:30:00Z,2024-01-02T00:30:00Z', newsWindow: '20m' },
      ...{ depthLevels: 7, bookAge: '2m' },
    },
    {
      ...{ every: '5m', horizons: '2,1,48', hacLags: 0, minRows: 3, regimeBars: 4, regimeQuantile: 0.5 },
      ...{ volatilityBars: 2, trendFast: 2, trendSlow: 4, depthLevels: 7, bookAge: '20m' },
    },
    { every: '1m', hacLags: 7 },
  ],
  'order-book-imbalance': [
    { every: '5m', levels: '1,5', bands: '2' },
    {
      every: '10m,1h',
      levels: '1,3,8',
      bands: '0.5,1,250',
      weights: 'harmonic',
      crossed: 'keep',
      oneSided: 'extreme',
      events: true,
    },
    {
      every: '5m',
      weights: 'exponential',
      decay: 0.3,
      measure: 'notional',
      oneSided: 'zero',
      depth: 4,
      bands: '1',
    },
    { every: '1d,1w', levels: '2,8,50', weights: 'linear', crossed: 'repair', maxAge: '2s', events: true },
  ],
  'order-flow-imbalance': [
    { every: '1m', levels: 5, events: true },
    { every: '1s,7s,1h', levels: 1, first: 'zero', crossed: 'keep' },
    { every: '5m', levels: 10, sameTs: 'last', events: true, crossed: 'repair' },
    { every: '1d,1w', levels: 3, sameTs: 'last', first: 'zero', maxAge: '2s' },
  ],
  'order-flow-regression': [
    { every: '1m', levels: 2, trainBars: 8, minRows: 5 },
    { every: '5m', levels: 1, trainBars: 4, minRows: 3, hacLags: 0, sameTs: 'last', crossed: 'keep' },
    { every: '1m', levels: 3, trainBars: 3, minRows: 4, hacLags: 7, crossed: 'repair', maxAge: '2s' },
  ],
  footprint: [
    { rowTicks: 1, every: '1h' },
    { rowTicks: 1, every: '5m', ratio: 1.5, edge: 'zero', zero: 'treat_as_inf', stack: 2 },
    { rowTicks: 2, every: '15m', zero: 'min_one_lot', partner: 'adjacent_traded', stack: 2, minVolume: 700 },
    { row: 0.05, every: '1h', rounding: 'half_even', partner: 'same_price', ratio: 1, stack: 1 },
    {
      rowTicks: 3,
      every: '8h',
      measure: 'count',
      ratio: 0.25,
      ratioForm: 'increase',
      minVolume: 2,
      stack: 2,
    },
  ],
  'relative-volume': [
    { every: '5m', bars: 6, session: '30m', sessions: 3 },
    {
      ...{ every: '1m', bars: 20, minPeriods: 5, includeCurrent: true },
      ...{ session: '1h', sessions: 2, baseline: 'include_current', minSessions: 1 },
    },
    { every: '15m', bars: 3, session: 'day@Asia/Kolkata', sessions: 1, minSessions: 1 },
  ],
  'volume-indicators': [
    {
      ...{
        every: '5m',
        cmfPeriod: 4,
        vwmaPeriod: 3,
        mfiPeriod: 3,
        mfiBothZero: '0',
        typicalPrice: 'bar_vwap',
      },
      ...{ emvPeriod: 2, emvScale: 1000, vrocPeriod: 1, adoscFast: 1, adoscSlow: 3, pvoFast: 2, pvoSlow: 5 },
      ...{ pvoSignal: 2, kvoFast: 1, kvoSlow: 3, kvoSignal: 2 },
    },
    {},
    {
      ...{ emaSeed: 'first', mfiBothZero: '100', typicalPrice: 'ohlc4', kvoForm: 'inner', kvoZeroRange: '0' },
      ...{ cmfPeriod: 1, mfiPeriod: 1, vwmaPeriod: 1, emvPeriod: 1 },
    },
    { only: 'cmf,mfi,kvo', typicalPrice: 'close', cmfPeriod: 7, kvoFast: 5, kvoSlow: 9 },
  ],
  'imbalance-surprise': [
    { every: '5m', bars: 12, ema: 5, anchor: '1h' },
    { every: '1m', bars: 13, minPeriods: 4, form: 'robust', seed: 'first', ema: 30 },
    { every: '1m', bars: 30, includeCurrent: true, anchor: '1d' },
  ],
  'strategy-sweep': [
    {
      // orders of one lot of the market: sizes do not matter then
      ...{ every: '1m', theta: '0.5,1', trend: '1/3,2/5', relativeVolume: '0', stop: '0,1.5', gate: 0.2 },
      ...{ surpriseBars: 5, volumeBars: 3, atrBars: 3, volatilityBars: 4, divergenceBars: 5, period: '1h' },
      ...{ capital: 1, participation: 1, impact: 0, dailyLoss: 0.001, drawdownKill: 0.02 },
      ...{ spreadLimit: '0,0.15', bookAge: '10m' },
    },
    {
      ...{
        every: '1m',
        theta: '0.3',
        trend: '1/2',
        relativeVolume: '0,0.7',
        stop: '0,0.8',
        target: '0,0.7',
        gate: 0,
      },
      ...{ surpriseBars: 4, volumeBars: 2, atrBars: 2, volatilityBars: 2, divergenceBars: 3, climax: true },
      ...{
        targetVolatility: '0.2,9',
        timeStop: '0,7',
        reversalWindow: '3',
        reversal: 'reverse',
        period: '30m',
      },
      ...{ capital: 50_000, maxWeight: 2, fees: '0:2:5,1000:1.5:4,20000:1:3.25', funding: 0.0003 },
      ...{ fundingEvery: '7m', latency: 90_000_000, dailyLoss: 0, drawdownKill: 0.5 },
      ...{ trades: true, equity: true, periods: true },
    },
    {
      ...{ every: '5m', theta: '0.3,0.6', trend: '1/2', relativeVolume: '0', stop: '2', gate: 0 },
      ...{ surpriseBars: 3, volumeBars: 2, atrBars: 2, volatilityBars: 2, divergenceBars: 2 },
      ...{
        fees: '0:2:5,100000:1:4',
        feeWindow: 'daily_snapshot',
        capital: 20_000,
        impact: 3,
        funding: -0.0002,
      },
      ...{ dailyLoss: 0.01, trades: true, periods: true, period: '1h', firstTrial: 1, trialCount: 1 },
    },
    {
      // money that outgrows its words
      ...{ every: '1m', theta: '0.3', trend: '1/2', relativeVolume: '0', stop: '0', gate: 0, equity: true },
      ...{ surpriseBars: 3, volumeBars: 2, atrBars: 2, volatilityBars: 2, divergenceBars: 2, trades: true },
      ...{
        capital: 1_000_000,
        maxWeight: 100,
        participation: 1,
        targetVolatility: '10',
        impact: 0,
        halfSpread: 0,
      },
      ...{ drawdownKill: 0, dailyLoss: 0, periods: true, period: '1m' },
    },
  ],
  'vwap-deviation': [
    { every: '5m', anchor: '1h' },
    { every: '1m', reset: 'rolling', bars: 15, typicalPrice: 'ohlc4' },
    { every: '1m', reset: 'never', typicalPrice: 'bar_vwap' },
    {
      every: '1m',
      reset: 'rolling',
      window: '30m',
      includeCurrent: true,
      minPeriods: 3,
      typicalPrice: 'close',
    },
    { every: '1m', reset: 'rolling', bars: 10, typicalPrice: 'bar_vwap' },
  ],
};

/** Every parameter set on the first two markets, and every market with the first set. */
export const casesOf = (analytic: string): Case[] => {
  const sets = PARAMS[analytic] ?? [];
  return [
    ...sets.flatMap((params) => MARKETS.slice(0, 2).map((market) => ({ params, market }))),
    ...MARKETS.slice(2).flatMap((market) => sets.slice(0, 1).map((params) => ({ params, market }))),
    // crowded ties: few volumes, few prices
    ...sets.map((params) => ({
      params,
      market: { seed: 7, maxLots: 2n, maxTick: 6, rows: 400, instruments: 5 },
    })),
  ];
};

export const caseName = ({ params, market }: Case): string =>
  `${JSON.stringify(params)} on ${JSON.stringify(market, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`;
