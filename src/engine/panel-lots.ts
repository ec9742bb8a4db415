import type { Instrument } from '../core/columns.js';
import { type Decimal, decimalText } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import { bigAt, type ExactColumn, SAFE } from '../core/exact.js';

/** Volumes of one instrument as integers whose total stays below 2^53, and the unit they are counted in. */
export interface PanelLots {
  readonly buy: Float64Array;
  readonly sell: Float64Array;
  readonly unknown: Float64Array;
  readonly lot: Decimal;
}

/**
 * Rows `[from, to)` of buy, sell and unknown volume in lots, as f64; in `barLot` where it is given, rounded half up.
 * Cumulative volumes are then exact integers on every backend. The unit is never chosen by the total, since that would
 * look ahead: where the total reaches 2^53 it must be declared. Errors: InputError that says so.
 */
export function panelLots(
  volumes: readonly [buy: ExactColumn, sell: ExactColumn, unknown: ExactColumn],
  from: number,
  to: number,
  { symbol, lot }: Instrument,
  barLot: Decimal = lot,
): PanelLots {
  const same = barLot.coef === lot.coef && barLot.scale === lot.scale;
  const [buy, sell, unknown] = volumes.map((column) =>
    same && column.wide === undefined
      ? column.values.subarray(from, to)
      : rounded(column, from, to, lot, barLot),
  ) as [Float64Array, Float64Array, Float64Array];
  let total = 0;
  for (const column of [buy, sell, unknown]) for (const value of column) total += value;
  // f64 additions of so few terms cannot fall below 2^53 where the sum does not
  if (total >= SAFE)
    throw new InputError(
      `${symbol} volume in units of ${decimalText(barLot)}`,
      total,
      'must add up to less than 2^53: count bars in a coarser unit, see barLot (--bar-lot)',
    );
  return { buy, sell, unknown, lot: same ? lot : barLot };
}

/** value · lot / barLot, rounded half up, nearest f64. */
function rounded(column: ExactColumn, from: number, to: number, lot: Decimal, barLot: Decimal): Float64Array {
  const num = BigInt(lot.coef) * 10n ** BigInt(barLot.scale);
  const den = BigInt(barLot.coef) * 10n ** BigInt(lot.scale);
  const out = new Float64Array(to - from);
  for (let i = from; i < to; i++) out[i - from] = Number((2n * bigAt(column, i) * num + den) / (2n * den));
  return out;
}
