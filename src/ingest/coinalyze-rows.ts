import { type ImportContext, NO_INSTRUMENT, type RawRows, type SourceFile } from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { microsOfStamp } from '../core/stamps.js';
import { csvRows, type Places } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import type { RowBatch } from './row-batch.js';

const DAY = 86_400e6;

/**
 * Daily rows of Coinalyze's histories: `symbol, date, timestamp` and the named values, beside columns that only
 * describe the coin. `ts` is the start of the day, `available_at` its end, before which the day's close, high and low
 * are not known. The newest day of a file may have been cut off by its download; it then disagrees with a later file
 * and the ledger says so. A row whose stamp is no UTC midnight, or not that of its date, is a `bad_time`: intraday
 * histories look the same but for their stamps.
 */
export function coinalyzeRows(
  file: SourceFile,
  context: ImportContext,
  batch: RowBatch,
  values: readonly string[],
  fill: (i: number, fields: readonly string[], at: Places) => void,
): AsyncIterable<RawRows> {
  const instruments = new InstrumentIndex(context);
  const required = ['symbol', 'date', 'timestamp', ...values];
  return csvRows(file, context, {
    batch,
    columns: required,
    header: 'always',
    record: (fields, at, record, line) => {
      const symbol = fields[at.symbol!]!.trim();
      const id = symbol === '' ? NO_INSTRUMENT : instruments.named('coinalyze', symbol);
      const i = batch.add(id, record, line);
      if (id === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
      const start = dayOf(fields[at.timestamp!]!, fields[at.date!]!);
      if (Number.isNaN(start)) batch.reject(i, 'bad_time');
      batch.f64.ts![i] = start;
      batch.f64.available_at![i] = start + DAY;
      fill(i, fields, at);
    },
  });
}

function dayOf(stamp: string, date: string): number {
  const start = microsOfStamp(stamp);
  const named = /^\d{4}-\d{2}-\d{2}$/.test(date) ? microsOfIso(date) : Number.NaN;
  return start % DAY === 0 && start === named ? start : Number.NaN;
}
