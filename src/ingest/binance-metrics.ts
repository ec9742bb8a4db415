import type { Importer } from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { binanceFutures, binanceInstruments } from './binance-market.js';
import { coinMarginedFace } from './coin-margined.js';
import { csvRows } from './csv-rows.js';
import { fillNumber } from './number-cells.js';
import { RowBatch } from './row-batch.js';

const AMOUNTS = [
  ['oi_contracts', 'sum_open_interest'],
  ['oi_usd', 'sum_open_interest_value'],
  ['top_account_ratio', 'count_toptrader_long_short_ratio'],
  ['top_position_ratio', 'sum_toptrader_long_short_ratio'],
  ['account_ratio', 'count_long_short_ratio'],
  ['taker_ratio', 'sum_taker_long_short_vol_ratio'],
] as const;

/**
 * Open interest and long/short ratios, every five minutes. Open interest is a state at `create_time`, so the interval
 * is 0; of the taker ratio, which is over five minutes of volume, the vendor does not say whether they begin or end
 * there. Empty ratios, of early files, are null. COIN-M files give the open interest's value in the base coin: there
 * oi_usd is contracts · face value instead.
 */
export const binanceMetrics: Importer = {
  name: 'binance-metrics',
  summary: 'Binance futures open interest and long/short ratios, CSV or zip',
  source: 'data.binance.vision, futures daily metrics; REST Open Interest Statistics',
  fixture: 'synthetic',
  kinds: ['oi'],
  params: binanceFutures,
  files: /-metrics\b.*\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('oi', {
      ...{ ts: 'f64', interval: 'f64' },
      ...Object.fromEntries(AMOUNTS.map(([column]) => [column, 'f64' as const])),
    });
    const instrumentOf = binanceInstruments(context, 'usdm');
    return csvRows(file, context, {
      batch,
      columns: ['create_time', 'symbol', ...AMOUNTS.map(([, source]) => source)],
      header: 'maybe',
      record: (fields, at, record, line) => {
        const symbol = fields[at.symbol!]!;
        const i = batch.add(instrumentOf(symbol), record, line);
        const { f64 } = batch;
        f64.ts![i] = microsOfIso(fields[at.create_time!]!);
        f64.interval![i] = 0;
        for (const [column, source] of AMOUNTS) fillNumber(batch, column, i, fields[at[source]!], 0);
        const face = coinMarginedFace(symbol);
        if (face !== undefined) f64.oi_usd![i] = f64.oi_contracts![i]! * face;
      },
    });
  },
};
