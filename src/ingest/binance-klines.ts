import type { Importer } from '../core/importer.js';
import { microsOfStamp, numberOf, wholeOf } from '../core/stamps.js';
import { binanceMarket, marketOf, symbolOf } from './binance-market.js';
import { csvRows } from './csv-rows.js';
import { RowBatch } from './row-batch.js';

const COLUMNS = [
  ...['open_time', 'open', 'high', 'low', 'close', 'volume', 'close_time', 'quote_asset_volume'],
  ...['number_of_trades', 'taker_buy_base_asset_volume', 'taker_buy_quote_asset_volume', 'ignore'],
];

/** Klines of Binance's archive and API: twelve columns, taker-buy volume among them. */
export const binanceKlines: Importer = {
  name: 'binance-klines',
  summary: 'Binance klines, CSV or zip, with or without header',
  source: 'binance-public-data, Klines; REST klines',
  fixture: 'real',
  kinds: ['bars'],
  params: binanceMarket,
  files: /\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('bars', {
      ...{ ts: 'f64', interval: 'f64', available_at: 'f64', trades: 'f64' },
      ...{ open: 'text', high: 'text', low: 'text', close: 'text' },
      ...{ volume: 'text', buy_volume: 'text', sell_volume: 'text', notional: 'text', buy_notional: 'text' },
    });
    const market = marketOf(context);
    const id = context.instrument({ ...market, symbol: symbolOf(file, context) });
    return csvRows(file, context, {
      batch,
      columns: COLUMNS,
      required: COLUMNS.slice(0, 11),
      header: 'maybe',
      alias: {
        ...{ count: 'number_of_trades', quote_volume: 'quote_asset_volume' },
        ...{ taker_buy_volume: 'taker_buy_base_asset_volume' },
        taker_buy_quote_volume: 'taker_buy_quote_asset_volume',
      },
      record: (fields, at, record, line) => {
        const i = batch.add(id, record, line);
        const { f64, text } = batch;
        const open = microsOfStamp(fields[at.open_time!]!);
        const close = microsOfStamp(fields[at.close_time!]!);
        f64.ts![i] = open;
        // close_time is the last unit of time inside the bar, ms or µs
        const end = fields[at.close_time!]!.length > 13 ? close + 1 : close + 1000;
        f64.available_at![i] = end;
        f64.interval![i] = end - open;
        if (!(end > open)) batch.reject(i, 'bad_time');
        text.open![i] = fields[at.open!]!;
        text.high![i] = fields[at.high!]!;
        text.low![i] = fields[at.low!]!;
        text.close![i] = fields[at.close!]!;
        text.volume![i] = fields[at.volume!]!;
        text.buy_volume![i] = fields[at.taker_buy_base_asset_volume!]!;
        text.notional![i] = fields[at.quote_asset_volume!]!;
        text.buy_notional![i] = fields[at.taker_buy_quote_asset_volume!]!;
        f64.trades![i] = wholeOf(fields[at.number_of_trades!]!);
        checkBar(batch, i);
      },
    });
  },
};

/** high ≥ open, close ≥ low and taker buy ≤ volume, or the row is no bar. */
function checkBar(batch: RowBatch, i: number): void {
  const { text } = batch;
  const of = (name: string): number => numberOf(text[name]![i] ?? undefined);
  const high = of('high');
  const low = of('low');
  if (high < of('open') || high < of('close') || low > of('open') || low > of('close'))
    batch.reject(i, 'bad_price');
  if (of('buy_volume') > of('volume')) batch.reject(i, 'bad_size');
}
