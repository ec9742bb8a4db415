import type { Importer } from '../core/importer.js';
import { param } from '../core/schema.js';
import { coinalyzeRows } from './coinalyze-rows.js';
import { checkRange, fillNumber } from './number-cells.js';
import { RowBatch } from './row-batch.js';

const DAY = 86_400e6;

/**
 * Daily open interest of Coinalyze, open, high, low and close of the day.
 *
 * Coinalyze gives open interest in the market's own unit or, with `convert_to_usd`, in USD, and a file does not say
 * which. The default is USD: 4.8 million YFI would be a hundred times the coins there are, while 4.8 million USD is a
 * usual figure, and coin-margined contracts come in multiples of their face value of 10 or 100 USD.
 */
export const coinalyzeOi: Importer = {
  name: 'coinalyze-oi',
  summary: 'Coinalyze daily open interest, CSV',
  source: 'Coinalyze API, open-interest-history; saved as CSV',
  fixture: 'real',
  kinds: ['oi'],
  params: {
    unit: param.choice({
      values: ['usd', 'contracts'],
      default: 'usd',
      doc: 'what the open interest counts: USD, or contracts or base units',
    }),
  },
  files: /^(?!.*funding).*\.(csv|zip|gz)$/is,
  read: (file, context) => {
    const total = context.params.unit === 'contracts' ? 'oi_contracts' : 'oi_usd';
    const batch = new RowBatch('oi', {
      ...{ ts: 'f64', interval: 'f64', available_at: 'f64' },
      ...{ oi_open: 'f64', oi_high: 'f64', oi_low: 'f64', [total]: 'f64' },
    });
    return coinalyzeRows(
      file,
      context,
      batch,
      ['oi_open', 'oi_high', 'oi_low', 'oi_close'],
      (i, fields, at) => {
        batch.f64.interval![i] = DAY;
        for (const name of ['oi_open', 'oi_high', 'oi_low']) fillNumber(batch, name, i, fields[at[name]!], 0);
        fillNumber(batch, total, i, fields[at.oi_close!], 0);
        // without its close the row says nothing of the day's end
        if (Number.isNaN(batch.f64[total]![i]!)) batch.reject(i, 'bad_value');
        checkRange(batch, i, 'oi_open', 'oi_high', 'oi_low', total);
      },
    );
  },
};
