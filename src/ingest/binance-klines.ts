import { multiplyText, subtractText } from '../core/decimal-text.js';
import type { ImportContext, Importer, RawRows, SourceFile } from '../core/importer.js';
import { numberOf, wholeOf } from '../core/stamps.js';
import { archiveMicros } from './binance-cells.js';
import { binanceInstrument, binanceMarket, symbolOf } from './binance-market.js';
import { csvRows } from './csv-rows.js';
import { firstLine } from './first-line.js';
import { RowBatch } from './row-batch.js';

const COLUMNS = [
  ...['open_time', 'open', 'high', 'low', 'close', 'volume', 'close_time', 'quote_asset_volume'],
  ...['number_of_trades', 'taker_buy_base_asset_volume', 'taker_buy_quote_asset_volume', 'ignore'],
];

/** The archive's futures files have a header since May 2022, its spot files have none. */
const FUTURES_HEADER = /(^|,)taker_buy_volume,/;

/**
 * Klines of Binance's archive and API, 1 s to 1 month: twelve columns, taker-buy volume among them; the taker-sell
 * volume is the rest, exactly. The width is that of the bar itself, so months have 28 to 31 days, and a bar that
 * the venue cut short says so. COIN-M volumes are contracts, and their quote columns base coin: the notional is
 * contracts · face value there, in USD. Where neither parameter nor symbol say the market, the header of the archive's
 * futures files does; their older files, without one, look like spot's.
 */
export const binanceKlines: Importer = {
  name: 'binance-klines',
  summary: 'Binance klines, CSV or zip, with or without header',
  source: 'binance-public-data, Klines; REST klines',
  fixture: 'real',
  kinds: ['bars'],
  params: binanceMarket,
  files: /^[^-]+(-\d+(s|m|h|d|w|mo)\b.*)?\.(csv|zip|gz)$/i,
  read: readBars,
};

async function* readBars(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const batch = new RowBatch('bars', {
    ...{ ts: 'f64', interval: 'f64', available_at: 'f64', trades: 'f64' },
    ...{ open: 'text', high: 'text', low: 'text', close: 'text' },
    ...{ volume: 'text', buy_volume: 'text', sell_volume: 'text', notional: 'text', buy_notional: 'text' },
  });
  const futures = FUTURES_HEADER.test(await firstLine(file));
  const instrument = binanceInstrument(symbolOf(file, context), context, futures ? 'usdm' : 'spot');
  const face = instrument.contract === 'inverse' ? instrument.multiplier?.coef : undefined;
  const id = context.instrument(instrument);
  yield* csvRows(file, context, {
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
      const volume = fields[at.volume!]!;
      const bought = fields[at.taker_buy_base_asset_volume!]!;
      timeBar(batch, i, fields[at.open_time!]!, fields[at.close_time!]!);
      text.open![i] = fields[at.open!]!;
      text.high![i] = fields[at.high!]!;
      text.low![i] = fields[at.low!]!;
      text.close![i] = fields[at.close!]!;
      text.volume![i] = volume;
      text.buy_volume![i] = bought;
      text.sell_volume![i] = subtractText(volume, bought) ?? null;
      text.notional![i] = notionalOf(volume, fields[at.quote_asset_volume!]!, face);
      text.buy_notional![i] = notionalOf(bought, fields[at.taker_buy_quote_asset_volume!]!, face);
      const trades = fields[at.number_of_trades!]!;
      f64.trades![i] = wholeOf(trades);
      checkBar(batch, i);
      if (trades !== '' && Number.isNaN(f64.trades![i])) batch.reject(i, 'bad_value');
    },
  });
}

/** Start, end and width of the bar; close_time is the last ms or µs inside it. */
function timeBar(batch: RowBatch, i: number, openTime: string, closeTime: string): void {
  const { f64 } = batch;
  const open = archiveMicros(openTime);
  const end = archiveMicros(closeTime) + (closeTime.length > 13 ? 1 : 1000);
  f64.ts![i] = open;
  f64.available_at![i] = end;
  f64.interval![i] = end - open;
  if (!(end > open)) batch.reject(i, 'bad_time');
}

/** The quote volume, of COIN-M bars contracts · face value; null where the file has none. */
const notionalOf = (volume: string, quote: string, face: number | undefined): string | null =>
  (face === undefined ? quote : multiplyText(volume, face)) || null;

/** high ≥ open, close ≥ low and taker buy ≤ volume, or the row is no bar. */
function checkBar(batch: RowBatch, i: number): void {
  const { text } = batch;
  const [open, high] = [numberOf(text.open![i]!), numberOf(text.high![i]!)];
  const [low, close] = [numberOf(text.low![i]!), numberOf(text.close![i]!)];
  if (high < open || high < close || low > open || low > close || low > high) batch.reject(i, 'bad_price');
  if (text.sell_volume![i]?.startsWith('-')) batch.reject(i, 'bad_size');
}
