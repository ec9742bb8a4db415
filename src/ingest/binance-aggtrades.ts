import type { Importer } from '../core/importer.js';
import { binanceMarket } from './binance-market.js';
import { tradeRows } from './binance-trade-rows.js';

const COLUMNS = [
  ...['agg_trade_id', 'price', 'quantity', 'first_trade_id', 'last_trade_id', 'transact_time'],
  ...['is_buyer_maker', 'is_best_match'],
];

/** Aggregated trades: fills of one taker order at one price are one row. seq is the aggregate's id. */
export const binanceAggTrades: Importer = {
  name: 'binance-aggtrades',
  summary: 'Binance aggregated trades, CSV or zip, with or without header',
  source: 'binance-public-data, AggTrades',
  fixture: 'synthetic',
  kinds: ['trades'],
  params: binanceMarket,
  files: /-aggTrades\b.*\.(csv|zip|gz)$/i,
  read: (file, context) =>
    tradeRows(file, context, {
      columns: COLUMNS,
      id: 'agg_trade_id',
      size: 'quantity',
      time: 'transact_time',
      alias: {},
    }),
};
