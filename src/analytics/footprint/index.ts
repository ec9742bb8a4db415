import { type ColumnSpec, type DeriveContext, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import { countImbalance } from '../../core/count-imbalance.js';
import { type ExactColumn, weightedRatio, weightedSum } from '../../core/exact.js';
import { rowParams, rowPrices } from '../../core/price-rows.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';
import { checkRules, ruleParams } from './rules.js';

const params = {
  every: param.session({ default: '1m', doc: 'Bar width, or any other grid of bars.' }),
  ...rowParams,
  ...ruleParams,
};

type Params = ParamsOf<typeof params>;
type Spec = ColumnSpec<Params>;
type Context = DeriveContext<Params>;

/** B, S, U. */
const sides = ({ table: { columns: c } }: Context) =>
  [c.buy_volume as ExactColumn, c.sell_volume as ExactColumn, c.unknown_volume as ExactColumn] as const;

const lots = (doc: string, derive?: NonNullable<Spec['derive']>): Spec =>
  columnSpec({ dtype: 'lots', unit: 'size', doc, ...(derive && { merge: 'derived', derive }) });
const count = (unit: string, doc: string): Spec => columnSpec({ dtype: 'count', unit, doc });
const flag = (doc: string): Spec => columnSpec({ dtype: 'index', unit: 'flag', doc: `1 if ${doc}, else 0.` });
const share = (doc: string, nulls: string, derive: NonNullable<Spec['derive']>): Spec =>
  columnSpec({ dtype: 'f64', unit: 'ratio', merge: 'derived', accuracy: 'rounded', doc, nulls, derive });
const price = (row: string, doc: string): Spec =>
  columnSpec({
    dtype: 'f64',
    unit: 'price',
    merge: 'derived',
    accuracy: 'f64',
    doc,
    derive: ({ table: { columns: c }, instruments, params: p }) =>
      rowPrices(c.instrument as Uint32Array, c[row] as Float64Array, instruments, p),
  });

const keys = {
  instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
  time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: 'Start of the bar.' }),
};
const rowKey = (doc: string): Spec => columnSpec({ dtype: 'index', merge: 'key', unit: 'rows', doc });
const volume = lots('Total volume.', (c) => weightedSum(sides(c), [1, 1, 1]));
const delta = lots('D = B - S.', (c) => weightedSum(sides(c), [1, -1, 0]));
const available = columnSpec({
  dtype: 'time',
  unit: 'UTC',
  doc: 'When the whole bar is complete and known.',
});

/** Volume and trades by bar, price row and side, with imbalance flags and the zones they stack up to. */
export const footprint = defineAnalytic({
  name: 'footprint',
  version: '1.0.0',
  summary: 'Footprint bars: volume and trades by price row and side, imbalance flags and stacked zones.',
  doc: {
    formula:
      'At row p: I_p = (B_p - S_p) / (B_p + S_p). Diagonal: buy flag if B_p ≥ ρ S_(p-1) and B_p ≥ v_min; sell flag if ' +
      'S_p ≥ ρ B_(p+1) and S_p ≥ v_min. Same price: B_p ≥ ρ S_p, or S_p ≥ ρ B_p, with the same least volume. ' +
      'A zone is a longest run of at least `stack` price-adjacent rows flagged on one side.',
    source:
      'Chordia, Roll and Subrahmanyam (2002) for order imbalance; diagonal flags as in use by charting packages.',
    example: '--tick 0.01 --row-ticks 10 --every 5m',
    notes:
      'Rows that did not trade are not listed, but count as zeros: the partner of a row is the price below or above it, ' +
      'traded or not. A row may carry both flags. Ratios are compared in integers, on both backends. Zones follow ' +
      'buy_flag and sell_flag, and so `partner`; their rows are price-adjacent whatever the partner. Order imbalance of ' +
      'a whole bar is in volume-imbalance: OIBNUM as buy_trades and sell_trades, OIBSH as delta, OIBDOL as ' +
      'notional_delta, and each over its total.',
  },
  params,
  inputs: {},
  needs: {
    rows: {
      analytic: 'volume-profile',
      output: 'rows',
      params: ({ row, rowTicks, rounding, label, every }) => ({
        row,
        rowTicks,
        rounding,
        label,
        session: every,
      }),
    },
  },
  cost: () => 6,
  outputs: {
    cells: {
      grain: 'instrument × bar × price row',
      key: ['instrument', 'time', 'row'],
      columns: {
        ...keys,
        row: rowKey('Row number: the rounded p / height.'),
        price: price('row', 'Label of the row.'),
        buy_volume: lots('Taker-buy volume B.'),
        sell_volume: lots('Taker-sell volume S.'),
        unknown_volume: lots('Volume without a known side, U.'),
        volume,
        delta,
        trades: count('trades', 'Trades of any side.'),
        buy_trades: count('trades', 'Taker-buy trades nB.'),
        sell_trades: count('trades', 'Taker-sell trades nS.'),
        vi: share('I_p = (B - S) / (B + S) of the row.', 'B + S = 0', (c) =>
          weightedRatio(sides(c), [1, -1, 0], [1, 1, 0]),
        ),
        count_imbalance: share('(nB - nS) / (nB + nS).', 'no trade of known side', (c) =>
          countImbalance(c.table),
        ),
        buy_flag: flag('buying reaches the ratio to its partner, selling one row below unless set otherwise'),
        sell_flag: flag(
          'selling reaches the ratio to its partner, buying one row above unless set otherwise',
        ),
        same_buy_flag: flag('buying reaches the ratio to selling in the same row'),
        same_sell_flag: flag('selling reaches the ratio to buying in the same row'),
        available_at: available,
      },
    },
    zones: {
      grain: 'instrument × bar × zone',
      key: ['instrument', 'time', 'first_row', 'side'],
      columns: {
        ...keys,
        first_row: rowKey('Lowest row number.'),
        side: columnSpec({
          dtype: 'index',
          merge: 'key',
          unit: 'side',
          doc: '1: rows flagged buy; -1: flagged sell.',
        }),
        last_row: columnSpec({ dtype: 'index', unit: 'rows', doc: 'Highest row number.' }),
        low_price: price('first_row', 'Label of the lowest row.'),
        high_price: price('last_row', 'Label of the highest row.'),
        rows: count('rows', 'Rows of the zone.'),
        buy_volume: lots('Taker-buy volume of the rows.'),
        sell_volume: lots('Taker-sell volume of the rows.'),
        unknown_volume: lots('Volume of the rows without a known side.'),
        volume,
        delta,
        available_at: available,
      },
    },
  },
  check: checkRules,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'footprint',
});
