import type { Importer } from '../core/importer.js';
import { csvRows } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisInstrument, tardisRow } from './tardis-csv.js';

/** Quotes of tardis.dev: the best level of the book whenever it changes. A side that is empty is null. */
export const tardisQuotes: Importer = {
  name: 'tardis-quotes',
  summary: 'tardis.dev quotes, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'real',
  kinds: ['book_snapshot'],
  params: {},
  files: tardisFiles('quotes'),
  read: (file, context) => {
    const batch = new RowBatch('book_snapshot', {
      ...{ ts: 'f64', recv_ts: 'f64' },
      ...{ bid_price_1: 'text', bid_size_1: 'text', ask_price_1: 'text', ask_size_1: 'text' },
    });
    const instruments = new InstrumentIndex(context);
    return csvRows(file, context, {
      batch,
      columns: [...TARDIS_KEY, 'ask_amount', 'ask_price', 'bid_price', 'bid_amount'],
      header: 'always',
      record: (fields, at, record, line) => {
        const instrument = tardisInstrument(instruments, fields, at);
        const i = tardisRow(batch, instrument, fields, at, record, line);
        const { text } = batch;
        text.bid_price_1![i] = fields[at.bid_price!]! || null;
        text.bid_size_1![i] = fields[at.bid_amount!]! || null;
        text.ask_price_1![i] = fields[at.ask_price!]! || null;
        text.ask_size_1![i] = fields[at.ask_amount!]! || null;
      },
    });
  },
};
