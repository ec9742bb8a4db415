import type { Importer } from '../core/importer.js';
import { numberOf, wholeOf } from '../core/stamps.js';
import { archiveMicros } from './binance-cells.js';
import { binanceFutures, binanceInstruments, symbolOf } from './binance-market.js';
import { csvRows } from './csv-rows.js';
import { fillNumber } from './number-cells.js';
import { RowBatch } from './row-batch.js';

const HOUR = 3600e6;
/** A year; Binance's are 1, 2, 4 and 8. */
const MOST_HOURS = 8784;

/** µs of a whole number of hours; NaN for every other text. */
const microsOfHours = (text: string | undefined): number => {
  const hours = wholeOf(text);
  return hours <= MOST_HOURS ? hours * HOUR : Number.NaN;
};

/**
 * Funding rates: the archive's `calc_time, funding_interval_hours, last_funding_rate`, or rows of the REST history
 * (`symbol, fundingTime, fundingRate, markPrice`) under their header. Times keep the few ms by which they miss the full
 * hour. Rates are fractions. Without an interval in the file it is null.
 */
export const binanceFunding: Importer = {
  name: 'binance-funding',
  summary: 'Binance funding rates, CSV or zip, archive or REST columns',
  source: 'data.binance.vision, futures monthly fundingRate; REST Get Funding Rate History',
  fixture: 'synthetic',
  kinds: ['funding'],
  params: binanceFutures,
  files: /-fundingRate\b.*\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('funding', { ts: 'f64', rate: 'f64', interval: 'f64', mark: 'f64' });
    const instrumentOf = binanceInstruments(context, 'usdm');
    let named: string | undefined;
    return csvRows(file, context, {
      batch,
      columns: ['calc_time', 'funding_interval_hours', 'last_funding_rate'],
      required: ['calc_time', 'last_funding_rate'],
      header: 'maybe',
      alias: { fundingTime: 'calc_time', fundingRate: 'last_funding_rate', markPrice: 'mark_price' },
      record: (fields, at, record, line) => {
        // the file name need not be a symbol where the rows have one
        if (at.symbol === undefined) named ??= symbolOf(file, context);
        const i = batch.add(instrumentOf(named ?? fields[at.symbol!]!), record, line);
        batch.f64.ts![i] = archiveMicros(fields[at.calc_time!]!);
        batch.f64.rate![i] = numberOf(fields[at.last_funding_rate!]);
        if (at.mark_price !== undefined) fillNumber(batch, 'mark', i, fields[at.mark_price], 0);
        if (at.funding_interval_hours !== undefined)
          fillNumber(batch, 'interval', i, fields[at.funding_interval_hours], HOUR, microsOfHours);
      },
    });
  },
};
