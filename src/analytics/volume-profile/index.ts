import { type ColumnSpec, type DeriveContext, defineAnalytic } from '../../core/analytic.js';
import { type ExactColumn, weightedSum } from '../../core/exact.js';
import { checkRows, rowParams, rowPrices } from '../../core/price-rows.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { sessionAt, sessionStarts } from '../../core/sessions.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  ...rowParams,
  session: param.session({ default: '1d', doc: 'One profile per session of this grid.' }),
};

type Params = ParamsOf<typeof params>;
type Spec = ColumnSpec<Params>;

const price = ({ table: { columns: c }, instruments, params: p }: DeriveContext<Params>): Float64Array =>
  rowPrices(c.instrument as Uint32Array, c.row as Float64Array, instruments, p);

const volume = ({ table: { columns: c } }: DeriveContext<Params>): ExactColumn =>
  weightedSum(
    [c.buy_volume as ExactColumn, c.sell_volume as ExactColumn, c.unknown_volume as ExactColumn],
    [1, 1, 1],
  );

/** max(session end, latest availability of a row in the bin). */
function availableAt({ table, params: p }: DeriveContext<Params>): Float64Array {
  const time = table.columns.time as Float64Array;
  const latest = table.columns.last_available as Float64Array;
  const out = new Float64Array(table.rows);
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < table.rows; i++) {
    lo = Math.min(lo, time[i]!);
    hi = Math.max(hi, time[i]!);
  }
  if (table.rows === 0) return out;
  const starts = sessionStarts(p.session, lo, hi + 1);
  let session = 0;
  for (let i = 0; i < table.rows; i++) {
    const at = time[i]!;
    // mostly the session of the row before, or the next one
    if (starts[session] !== at) session = starts[session + 1] === at ? session + 1 : sessionAt(starts, at);
    out[i] = Math.max(starts[session + 1]!, latest[i]!);
  }
  return out;
}

const lots = (doc: string): Spec => ({
  dtype: 'lots',
  merge: 'sum',
  unit: 'size',
  nulls: 'never',
  accuracy: 'exact',
  doc,
});

const count = (doc: string): Spec => ({ ...lots(doc), dtype: 'count', unit: 'trades' });

/** Volume by price row and session, split by aggressor side. */
export const volumeProfile = defineAnalytic({
  name: 'volume-profile',
  version: '1.0.0',
  summary: 'Volume and trades by price row and session, split by aggressor side.',
  doc: {
    formula:
      'Trades with price p fall in row round(p / height), with floor as the default rounding; each row sums buy, ' +
      'sell and unknown lots and trades. Sessions are half-open; a trade on a boundary belongs to the new one.',
    source: 'CBOT Market Profile handbook.',
    example: '--tick 0.01 --row-ticks 10 --session 8h',
    notes:
      'Rows are computed in integers, so both backends agree on every boundary. Only rows that traded are listed. ' +
      'Σ rows = volume of the session.',
  },
  params,
  inputs: { trades: 'trades' },
  outputs: {
    rows: {
      grain: 'instrument × session × price row',
      key: ['instrument', 'time', 'row'],
      columns: {
        instrument: {
          dtype: 'instrument',
          merge: 'key',
          unit: 'symbol',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'Instrument.',
        },
        time: {
          dtype: 'time',
          merge: 'key',
          unit: 'UTC',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'Start of the session.',
        },
        row: {
          dtype: 'index',
          merge: 'key',
          unit: 'rows',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'Row number: the rounded p / height.',
        },
        price: {
          dtype: 'f64',
          merge: 'derived',
          unit: 'price',
          nulls: 'never',
          accuracy: 'f64',
          doc: 'Label of the row.',
          derive: price,
        },
        buy_volume: lots('Taker-buy volume.'),
        sell_volume: lots('Taker-sell volume.'),
        unknown_volume: lots('Volume without a known side.'),
        volume: { ...lots('Total volume.'), merge: 'derived', derive: volume },
        trades: count('Trades of any side.'),
        buy_trades: count('Taker-buy trades.'),
        sell_trades: count('Taker-sell trades.'),
        last_available: {
          dtype: 'time',
          merge: 'max',
          unit: 'UTC',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'Latest availability of a trade in the row, 0 without receive stamps.',
          hidden: true,
        },
        available_at: {
          dtype: 'time',
          merge: 'derived',
          unit: 'UTC',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'When the row is complete and known: the session end or a later trade availability.',
          derive: availableAt,
        },
      },
    },
  },
  check: checkRows,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'volumeProfile',
});
