import type { Importer } from '../core/importer.js';
import { coinalyzeRows } from './coinalyze-rows.js';
import { checkRange, fillNumber } from './number-cells.js';
import { fractionOfPercent } from './percent.js';
import { RowBatch } from './row-batch.js';

const RATES = { fr_open: 'rate_open', fr_high: 'rate_high', fr_low: 'rate_low', funding_rate: 'rate' };

/**
 * Daily funding rates of Coinalyze: open, high and low of the day, `funding_rate` its close.
 *
 * `funding_rate` and `fr_…` are in per cent already (0.01 is one basis point); the column `funding_rate_pct` beside them
 * is a hundred times too big and is not read. The rates are those of the market's own funding interval, which the file
 * does not give: `interval` stays null, a day would be wrong by a factor of three or more.
 */
export const coinalyzeFunding: Importer = {
  name: 'coinalyze-funding',
  summary: 'Coinalyze daily funding rates, CSV',
  source: 'Coinalyze API, funding-rate-history; saved as CSV',
  fixture: 'real',
  kinds: ['funding'],
  params: {},
  files: /^(?!.*open_interest).*\.(csv|zip|gz)$/is,
  read: (file, context) => {
    const batch = new RowBatch('funding', {
      ...{ ts: 'f64', available_at: 'f64', rate: 'f64' },
      ...{ rate_open: 'f64', rate_high: 'f64', rate_low: 'f64' },
    });
    const names = Object.entries(RATES);
    return coinalyzeRows(file, context, batch, Object.keys(RATES), (i, fields, at) => {
      for (const [from, to] of names)
        fillNumber(batch, to, i, fields[at[from]!], Number.NEGATIVE_INFINITY, fractionOfPercent);
      if (Number.isNaN(batch.f64.rate![i]!)) batch.reject(i, 'bad_value');
      checkRange(batch, i, 'rate_open', 'rate_high', 'rate_low', 'rate');
    });
  },
};
