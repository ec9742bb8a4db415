import type { Importer } from '../core/importer.js';
import { setTradeId, setTradeSide } from './cells.js';
import { csvRows } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisInstrument, tardisRow } from './tardis-csv.js';

/** Trades of tardis.dev; `side` is the liquidity taker's. */
export const tardisTrades: Importer = {
  name: 'tardis-trades',
  summary: 'tardis.dev trades, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'real',
  kinds: ['trades'],
  params: {},
  files: tardisFiles('trades'),
  read: (file, context) => {
    const batch = new RowBatch('trades', {
      ...{ ts: 'f64', recv_ts: 'f64', seq: 'f64', trade_id: 'text' },
      ...{ price: 'text', size: 'text', side: 'codes' },
    });
    const instruments = new InstrumentIndex(context);
    return csvRows(file, context, {
      batch,
      columns: [...TARDIS_KEY, 'id', 'side', 'price', 'amount'],
      header: 'always',
      record: (fields, at, record, line) => {
        const instrument = tardisInstrument(instruments, fields, at);
        const i = tardisRow(batch, instrument, fields, at, record, line);
        setTradeId(batch, i, fields[at.id!]!);
        setTradeSide(batch, i, fields[at.side!]!);
        batch.text.price![i] = fields[at.price!]!;
        batch.text.size![i] = fields[at.amount!]!;
      },
    });
  },
};
