import type { Frame, Instrument } from './columns.js';
import { decimal, gcd } from './decimal.js';
import { InputError } from './errors.js';
import { type ParamsOf, param } from './schema.js';

/** Parameters of every analytic that puts prices in rows. */
export const rowParams = {
  row: param.number({
    default: undefined,
    min: 1e-12,
    max: 1e12,
    doc: 'Row height in price. Without it rows count declared ticks.',
  }),
  rowTicks: param.integer({
    default: undefined,
    min: 1,
    max: 1_000_000_000,
    doc: 'Row height in declared ticks; 1 if neither is given.',
  }),
  rounding: param.choice({
    values: ['floor', 'half_even', 'half_up', 'ceil'],
    default: 'floor',
    doc: 'How a price between two row edges finds its row (row.rounding).',
  }),
  label: param.choice({
    values: ['grid', 'lower', 'upper', 'mid'],
    default: 'grid',
    doc: 'Price shown for a row: the multiple of the row height it rounds to (grid), or an edge or its middle.',
  }),
};

export type RowParams = ParamsOf<typeof rowParams>;

/** Row coordinate of tick number k: k · num / den, a reduced fraction; rows are its rounding. */
export interface RowScale {
  readonly num: number;
  readonly den: number;
}

/** Rows may be as far apart as kernels can count twice in one signed word. */
const MAX_SPAN = 2 ** 30;

/** The row grid of one instrument: `row` in price, else `rowTicks` (default 1) of its declared tick. */
export function rowScale(instrument: Instrument, params: RowParams): RowScale {
  if (params.row === undefined) {
    if (!instrument.tickDeclared)
      throw new InputError(
        'rowTicks',
        params.rowTicks ?? 1,
        `needs a declared tick for ${instrument.symbol}: declare one with --tick, or give rows in price with --row`,
      );
    return { num: 1, den: params.rowTicks ?? 1 };
  }
  const height = decimal(params.row, 'row');
  const { tick } = instrument;
  const num = tick.coef * 10 ** Math.max(0, height.scale - tick.scale);
  const den = height.coef * 10 ** Math.max(0, tick.scale - height.scale);
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den))
    throw new InputError(
      'row',
      params.row,
      `is too fine or too coarse beside the tick of ${instrument.symbol}`,
    );
  const common = gcd(num, den);
  return { num: num / common, den: den / common };
}

/** Every instrument's scale; rejects rows so fine that one instrument's range outgrows a row number. */
export function rowScales(frame: Frame, params: RowParams): readonly RowScale[] {
  return frame.instruments.map((instrument, s) => {
    const scale = rowScale(instrument, params);
    const span = ((frame.stats.tickMax[s]! - frame.stats.tickMin[s]!) * scale.num) / scale.den;
    if (span >= MAX_SPAN)
      throw new InputError(
        'row',
        params.row ?? `of ${params.rowTicks ?? 1} ticks`,
        `cuts the price range of ${instrument.symbol} into ${Math.ceil(span)} rows, at most ${MAX_SPAN}`,
      );
    return scale;
  });
}

/** Rejects what `rowScale` cannot serve, before anything runs. */
export function checkRows(params: RowParams, instruments: readonly Instrument[]): void {
  if (params.row !== undefined && params.rowTicks !== undefined)
    throw new InputError('rowTicks', params.rowTicks, 'must not be given together with row');
  for (const instrument of instruments) rowScale(instrument, params);
}

/** Prices of row labels, one correctly rounded division each while the products stay below 2^53. */
export function rowPrices(
  codes: Uint32Array,
  rows: Float64Array,
  instruments: readonly Instrument[],
  params: RowParams,
): Float64Array {
  const shift = labelShift(params);
  const heights = instruments.map((instrument) => {
    const unit = params.row === undefined ? instrument.tick : decimal(params.row);
    const height = unit.coef * (params.row === undefined ? (params.rowTicks ?? 1) : 1);
    // a power for every row would cost more than the rest of the row
    return { height, parts: 2 * 10 ** unit.scale };
  });
  const out = new Float64Array(rows.length);
  for (let i = 0; i < out.length; i++) {
    const { height, parts } = heights[codes[i]!]!;
    out[i] = ((2 * rows[i]! + shift) * height) / parts;
  }
  return out;
}

/**
 * Twice the distance of the shown price from row · height, in heights. A floored row lies above its grid
 * price, a ceiled one below it, a rounded one around it.
 */
function labelShift({ label, rounding }: RowParams): number {
  if (label === 'grid') return 0;
  const lower = rounding === 'floor' ? 0 : rounding === 'ceil' ? -2 : -1;
  return lower + (label === 'lower' ? 0 : label === 'mid' ? 1 : 2);
}
