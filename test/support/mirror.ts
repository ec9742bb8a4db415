/** What a column of the side-swapped run must hold: the value of which column, and its sign. */
export const MIRROR: Readonly<Record<string, readonly [column: string, sign: 1 | -1]>> = {
  buy_volume: ['sell_volume', 1],
  sell_volume: ['buy_volume', 1],
  buy_trades: ['sell_trades', 1],
  sell_trades: ['buy_trades', 1],
  delta: ['delta', -1],
  cvd: ['cvd', -1],
  vi: ['vi', -1],
  b: ['b', -1],
  t: ['t', -1],
  c: ['c', -1],
  c_t: ['c_t', -1],
  interval_buy: ['interval_sell', 1],
  interval_sell: ['interval_buy', 1],
  interval_delta: ['interval_delta', -1],
  flow_quadrant: ['flow_quadrant', -1],
  // of two imbalances the sign stays
  'oi-correlation.pearson': ['pearson', -1],
  'oi-correlation.lo': ['hi', -1],
  'oi-correlation.hi': ['lo', -1],
  'oi-correlation.spearman': ['spearman', -1],
  'oi-correlation.xy': ['xy', -1],
  'oi-correlation.rank_xy': ['rank_xy', -1],
  ofi: ['ofi', -1],
  ofi_sum: ['ofi_sum', -1],
  e: ['e', -1],
  mid_change: ['mid_change', -1],
  mid_sum: ['mid_sum', -1],
  vi_z: ['vi_z', -1],
  vi_ema: ['vi_ema', -1],
  vi_low: ['vi_high', -1],
  vi_high: ['vi_low', -1],
  count_imbalance: ['count_imbalance', -1],
  signed_tick_lots: ['signed_tick_lots', -1],
  notional_delta: ['notional_delta', -1],
  notional_imbalance: ['notional_imbalance', -1],
  same_buy_flag: ['same_sell_flag', 1],
  same_sell_flag: ['same_buy_flag', 1],
};

/** What sides alone do not mirror, since it also looks up or down in price: its own test turns prices over as well. */
export const TURNED: ReadonlySet<string> = new Set([
  'footprint.cells.buy_flag',
  'footprint.cells.sell_flag',
  'footprint.zones',
  'imbalance-surprise.bars.vi_percentile',
  'strategy-sweep.runs',
  'strategy-sweep.trades',
  'strategy-sweep.equity',
  'strategy-sweep.periods',
]);

/** Columns that count or weigh rows one by one, and so change when a trade is cut in pieces. */
export const PER_TRADE: ReadonlySet<string> = new Set([
  'trades',
  'buy_trades',
  'sell_trades',
  'count_imbalance',
]);
