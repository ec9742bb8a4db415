import type { Importer } from '../core/importer.js';
import { param } from '../core/schema.js';
import { setTime } from './cells.js';
import { csvRows } from './csv-rows.js';
import { RowBatch } from './row-batch.js';

/**
 * Kraken's downloadable trade history (time and sales): seconds, price, volume, without header, one file a pair. It has
 * neither sides nor ids: every side is unknown, and equal rows are different trades.
 */
export const krakenTrades: Importer = {
  name: 'kraken-trades',
  summary: 'Kraken historical trades (time and sales), CSV, gz or zip',
  source:
    'https://support.kraken.com/articles/360047543791-downloadable-historical-market-data-time-and-sales-',
  fixture: 'real',
  kinds: ['trades'],
  params: {
    symbol: param.text({
      pattern: /^\S{1,64}$/,
      values: 'a symbol',
      doc: 'instrument, where the file name is not the pair',
    }),
  },
  files: /\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('trades', { ts: 'f64', price: 'text', size: 'text', side: 'codes' });
    const symbol = (context.params.symbol as string | undefined) ?? file.name.replace(/\.csv$/i, '');
    const instrument = context.instrument({ venue: 'kraken', symbol, contract: 'linear' });
    return csvRows(file, context, {
      batch,
      columns: ['time', 'price', 'volume'],
      header: 'never',
      record: (fields, at, record, line) => {
        const i = batch.add(instrument, record, line);
        setTime(batch, i, fields[at.time!]!);
        batch.text.price![i] = fields[at.price!]!;
        batch.text.size![i] = fields[at.volume!]!;
      },
    });
  },
};
