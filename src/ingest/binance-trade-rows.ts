import type { ImportContext, RawRows, SourceFile } from '../core/importer.js';
import { wholeOf } from '../core/stamps.js';
import { archiveMicros, takerSide } from './binance-cells.js';
import { binanceInstrument, symbolOf } from './binance-market.js';
import { csvRows } from './csv-rows.js';
import { RowBatch } from './row-batch.js';

/** Columns of a trade file in file order; the last one, whether it was the best match, only spot files have. */
export interface TradeColumns {
  readonly columns: readonly string[];
  readonly id: string;
  readonly size: string;
  readonly time: string;
  readonly alias: Readonly<Record<string, string>>;
}

/**
 * Trades of an archive file. The id is `seq`; a row whose id is no whole number is a bad_value, as its columns cannot be
 * trusted. Where neither parameter nor symbol say the market, a file with the best-match column is spot's, one
 * without it USD-M's.
 */
export function tradeRows(
  file: SourceFile,
  context: ImportContext,
  format: TradeColumns,
): AsyncIterable<RawRows> {
  const { columns, id, size, time, alias } = format;
  const batch = new RowBatch('trades', {
    ...{ ts: 'f64', seq: 'f64', price: 'text', size: 'text', side: 'codes' },
  });
  const symbol = symbolOf(file, context);
  let instrument: number | undefined;
  return csvRows(file, context, {
    batch,
    columns,
    required: columns.slice(0, -1),
    header: 'maybe',
    alias,
    record: (fields, at, record, line) => {
      instrument ??= context.instrument(
        binanceInstrument(symbol, context, fields.length < columns.length ? 'usdm' : 'spot'),
      );
      const i = batch.add(instrument, record, line);
      batch.f64.ts![i] = archiveMicros(fields[at[time]!]!);
      const seq = wholeOf(fields[at[id]!]);
      batch.f64.seq![i] = seq;
      batch.text.price![i] = fields[at.price!]!;
      batch.text.size![i] = fields[at[size]!]!;
      const side = takerSide(fields[at.is_buyer_maker!]!);
      batch.codes.side![i] = side;
      if (Number.isNaN(seq)) batch.reject(i, 'bad_value');
    },
  });
}
