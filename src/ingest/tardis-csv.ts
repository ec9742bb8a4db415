import { NO_INSTRUMENT } from '../core/importer.js';
import { setReceived, setTime } from './cells.js';
import type { Places } from './csv-rows.js';
import type { InstrumentIndex } from './instrument-index.js';
import type { RowBatch } from './row-batch.js';

export const TARDIS_SOURCE = 'https://docs.tardis.dev/downloadable-csv-files/data-types';

/** Columns every data type of tardis.dev begins with. */
export const TARDIS_KEY = ['exchange', 'symbol', 'timestamp', 'local_timestamp'] as const;

const TYPES =
  'trades|quotes|incremental_book_L2|book_snapshot_\\d+|derivative_ticker|options_chain|liquidations|book_ticker';

/**
 * Files of a data type: `deribit_trades_2020-04-01_BTC-PERPETUAL.csv.gz` as the download clients call them, or a name
 * without any data type, such as `XBTUSD.csv.gz` at the end of a download address.
 */
export const tardisFiles = (type: string): RegExp =>
  new RegExp(`^(.*_${type}_.*|(?!.*_(?:${TYPES})_).*)\\.csv(\\.gz)?$`, 'i');

/** The venue is tardis.dev's exchange name; an empty one names no instrument. */
export function tardisInstrument(
  instruments: InstrumentIndex,
  fields: readonly string[],
  at: Places,
): number {
  const exchange = fields[at.exchange!]!;
  const symbol = fields[at.symbol!]!;
  if (exchange === '' || symbol === '') return NO_INSTRUMENT;
  return instruments.named(exchange.toLowerCase(), symbol);
}

/** A new row with its instrument and both stamps. */
export function tardisRow(
  batch: RowBatch,
  instrument: number,
  fields: readonly string[],
  at: Places,
  record: number,
  line: string,
): number {
  const i = batch.add(instrument, record, line);
  if (instrument === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
  setTime(batch, i, fields[at.timestamp!]!);
  setReceived(batch, i, fields[at.local_timestamp!]!);
  return i;
}
