import { type ColumnSpec, type DeriveContext, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import { decimal } from '../../core/decimal.js';
import { InputError } from '../../core/errors.js';
import { bigAt, divideBig, type ExactColumn, ratio } from '../../core/exact.js';
import { rowParams, rowPrices } from '../../core/price-rows.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  ...rowParams,
  session: param.session({ default: '1d', doc: 'One profile per session of this grid.' }),
  share: param.number({
    default: 0.7,
    min: 0.000001,
    max: 1,
    doc: 'Target share of the volume, at most 9 decimals.',
  }),
  step: param.choice({
    values: ['one_row', 'two_row_whole', 'two_row_minimal', 'greedy_by_volume'],
    default: 'one_row',
    doc:
      'one_row takes the larger neighbour; two_row_whole compares the next two rows on each side and adds both; ' +
      'two_row_minimal compares likewise but may stop between them; greedy_by_volume takes rows by volume anywhere ' +
      'and reports the envelope (va.step).',
  }),
  rows: param.choice({
    values: ['dense', 'traded'],
    default: 'dense',
    doc: 'Whether neighbours are adjacent prices, empty rows included, or adjacent traded rows (va.rows).',
  }),
  tie: param.choice({
    values: ['up', 'down', 'both'],
    default: 'up',
    doc: 'Side taken when both are equal (va.tie).',
  }),
  stop: param.choice({
    values: ['ge', 'gt'],
    default: 'ge',
    doc: 'Stop when the volume reaches the target (ge) or exceeds it (gt) (va.stop).',
  }),
  volumeReported: param.choice({
    values: ['contained', 'target'],
    default: 'contained',
    doc: 'Whether value_area_volume is what the rows contain or the target (va.volume_reported).',
  }),
  pocTie: param.choice({
    values: ['centre', 'lowest', 'highest'],
    default: 'centre',
    doc: 'Point of control among rows of equal volume: nearest mid-profile then lower, lowest or highest (poc.tie).',
  }),
};

type Params = ParamsOf<typeof params>;
type Spec = ColumnSpec<Params>;
type Context = DeriveContext<Params>;

const label =
  (row: string) =>
  ({ table: { columns: c }, instruments, params: p }: Context): Float64Array =>
    rowPrices(c.instrument as Uint32Array, c[row] as Float64Array, instruments, p);

/** Contained volume, or share · total as the nearest f64, in size units. */
function reportedVolume({ table, instruments, params: p }: Context): Float64Array {
  const codes = table.columns.instrument as Uint32Array;
  const contained = p.volumeReported === 'contained';
  const source = (contained ? table.columns.contained_volume : table.columns.volume) as ExactColumn;
  const share = contained ? { coef: 1, scale: 0 } : decimal(p.share);
  const out = new Float64Array(table.rows);
  for (let i = 0; i < table.rows; i++) {
    const { lot } = instruments[codes[i]!]!;
    out[i] = divideBig(
      bigAt(source, i) * BigInt(share.coef) * BigInt(lot.coef),
      10n ** BigInt(share.scale + lot.scale),
    );
  }
  return out;
}

const price = (row: string, doc: string): Spec =>
  columnSpec({ dtype: 'f64', unit: 'price', merge: 'derived', accuracy: 'f64', doc, derive: label(row) });
const rowNumber = (doc: string): Spec => columnSpec({ dtype: 'index', unit: 'rows', doc, hidden: true });

/** Point of control, value area high and low of each volume profile, by every rule in use. */
export const valueArea = defineAnalytic({
  name: 'value-area',
  version: '1.0.0',
  summary: 'Point of control, value area high and low of each volume profile, by a named rule.',
  doc: {
    formula:
      'POC = row of largest volume. The value area grows from the POC until it holds `share` of the volume; `step`, ' +
      '`rows`, `tie` and `stop` name the rule. A side without rows left yields to the other.',
    source: 'CBOT Market Profile handbook; rule variants as in use by charting packages.',
    example: '--row 0.5 --step two_row_whole',
    notes:
      'With greedy_by_volume, equal rows are taken nearest the POC first, at equal distance by `tie`. With tie both ' +
      'in two_row_minimal, the first row of both sides is added before the second of either.',
  },
  params,
  inputs: {},
  needs: {
    profile: {
      analytic: 'volume-profile',
      output: 'rows',
      params: ({ row, rowTicks, rounding, label: labelled, session }) => ({
        row,
        rowTicks,
        rounding,
        label: labelled,
        session,
      }),
    },
  },
  outputs: {
    areas: {
      grain: 'instrument × session',
      key: ['instrument', 'time'],
      columns: {
        instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
        time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: 'Start of the session.' }),
        poc: price('poc_row', 'Point of control.'),
        vah: price('vah_row', 'Value area high.'),
        val: price('val_row', 'Value area low.'),
        poc_volume: columnSpec({ dtype: 'lots', unit: 'size', doc: 'Volume at the point of control.' }),
        value_area_volume: columnSpec({
          dtype: 'f64',
          unit: 'size',
          merge: 'derived',
          accuracy: 'rounded',
          doc: 'Volume of the rows taken, or the target.',
          derive: reportedVolume,
        }),
        contained_volume: columnSpec({ dtype: 'lots', unit: 'size', doc: 'Volume of the rows taken.' }),
        contained_share: columnSpec({
          dtype: 'f64',
          unit: 'ratio',
          merge: 'derived',
          accuracy: 'rounded',
          doc: 'Contained volume over total volume.',
          derive: ({ table: { columns: c } }) =>
            ratio(c.contained_volume as ExactColumn, c.volume as ExactColumn),
        }),
        volume: columnSpec({ dtype: 'lots', unit: 'size', doc: 'Total volume of the session.' }),
        high: price('high_row', 'Highest row that traded.'),
        low: price('low_row', 'Lowest row that traded.'),
        poc_row: rowNumber('Row number of the POC.'),
        vah_row: rowNumber('Row number of the VAH.'),
        val_row: rowNumber('Row number of the VAL.'),
        high_row: rowNumber('Highest row number.'),
        low_row: rowNumber('Lowest row number.'),
        available_at: columnSpec({ dtype: 'time', unit: 'UTC', doc: 'When the whole profile is known.' }),
      },
    },
  },
  check: (p) => {
    if (decimal(p.share).scale > 9)
      throw new InputError('value-area share', p.share, 'must have at most 9 decimals');
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'valueArea',
});
