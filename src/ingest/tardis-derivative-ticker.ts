import type { Importer } from '../core/importer.js';
import { csvRows } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import { fillNumber } from './number-cells.js';
import { RowBatch } from './row-batch.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisInstrument, tardisRow } from './tardis-csv.js';

/** Source column of each of ours that cannot be negative. */
const NUMBERS = [
  ['open_interest', 'oi_contracts'],
  ['mark_price', 'mark'],
  ['index_price', 'index'],
  ['last_price', 'last'],
] as const;

/**
 * Derivative tickers of tardis.dev: open interest, current funding rate (a fraction), mark, index and last price, each
 * null until the venue sent it. The next funding time and the predicted rate have no column in the kind.
 */
export const tardisDerivativeTicker: Importer = {
  name: 'tardis-derivative-ticker',
  summary: 'tardis.dev derivative_ticker, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'synthetic',
  kinds: ['oi'],
  params: {},
  files: tardisFiles('derivative_ticker'),
  read: (file, context) => {
    const batch = new RowBatch('oi', {
      ...{ ts: 'f64', recv_ts: 'f64', interval: 'f64' },
      ...{ oi_contracts: 'f64', funding: 'f64', mark: 'f64', index: 'f64', last: 'f64' },
    });
    const instruments = new InstrumentIndex(context);
    return csvRows(file, context, {
      batch,
      columns: [
        ...TARDIS_KEY,
        ...['funding_timestamp', 'funding_rate', 'predicted_funding_rate', 'open_interest'],
        ...['last_price', 'index_price', 'mark_price'],
      ],
      header: 'always',
      record: (fields, at, record, line) => {
        const instrument = tardisInstrument(instruments, fields, at);
        const i = tardisRow(batch, instrument, fields, at, record, line);
        batch.f64.interval![i] = 0;
        for (const [source, ours] of NUMBERS) fillNumber(batch, ours, i, fields[at[source]!], 0);
        fillNumber(batch, 'funding', i, fields[at.funding_rate!]);
      },
    });
  },
};
