import type { Importer } from '../core/importer.js';
import { binanceMarket } from './binance-market.js';
import { tradeRows } from './binance-trade-rows.js';

const COLUMNS = ['id', 'price', 'qty', 'quote_qty', 'time', 'is_buyer_maker', 'is_best_match'];

/** Single trades. COIN-M files name the fourth column after the base coin; sizes are contracts there. */
export const binanceTrades: Importer = {
  name: 'binance-trades',
  summary: 'Binance trades, CSV or zip, with or without header',
  source: 'binance-public-data, Trades',
  fixture: 'synthetic',
  kinds: ['trades'],
  params: binanceMarket,
  files: /-trades\b.*\.(csv|zip|gz)$/i,
  read: (file, context) =>
    tradeRows(file, context, {
      columns: COLUMNS,
      id: 'id',
      size: 'qty',
      time: 'time',
      alias: {
        ...{ quoteQty: 'quote_qty', baseQty: 'quote_qty', base_qty: 'quote_qty' },
        ...{ isBuyerMaker: 'is_buyer_maker', isBestMatch: 'is_best_match' },
      },
    }),
};
