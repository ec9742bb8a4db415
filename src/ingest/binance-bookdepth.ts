import type { Importer } from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { numberOf } from '../core/stamps.js';
import { binanceFutures, binanceInstrument, symbolOf } from './binance-market.js';
import { csvRows } from './csv-rows.js';
import { fillNumber } from './number-cells.js';
import { RowBatch } from './row-batch.js';

/**
 * Cumulative depth within ±0.2 to ±5 % of the mid price, every half minute or so; no levels of a book. Negative
 * percentages are bids. COIN-M depth is in contracts, its notional as published.
 */
export const binanceBookDepth: Importer = {
  name: 'binance-bookdepth',
  summary: 'Binance futures depth by distance from the mid price, CSV or zip',
  source: 'data.binance.vision, futures daily bookDepth',
  fixture: 'synthetic',
  kinds: ['depth_bands'],
  params: binanceFutures,
  files: /-bookDepth\b.*\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('depth_bands', {
      ...{ ts: 'f64', percentage: 'f64', depth: 'f64', notional: 'f64' },
    });
    const id = context.instrument(binanceInstrument(symbolOf(file, context), context, 'usdm'));
    return csvRows(file, context, {
      batch,
      columns: ['timestamp', 'percentage', 'depth', 'notional'],
      header: 'maybe',
      record: (fields, at, record, line) => {
        const i = batch.add(id, record, line);
        batch.f64.ts![i] = microsOfIso(fields[at.timestamp!]!);
        batch.f64.percentage![i] = numberOf(fields[at.percentage!]);
        fillNumber(batch, 'depth', i, fields[at.depth!], 0);
        fillNumber(batch, 'notional', i, fields[at.notional!], 0);
      },
    });
  },
};
