import type { Decimal } from '../core/decimal.js';
import { bigAt, type ExactColumn, SAFE } from '../core/exact.js';

/** Volumes of one instrument as integers whose total stays below 2^53, and the unit they are counted in. */
export interface PanelLots {
  readonly buy: Float64Array;
  readonly sell: Float64Array;
  readonly unknown: Float64Array;
  readonly lot: Decimal;
  /** Volumes that the coarser unit rounded. */
  readonly rounded: number;
}

/**
 * Rows `[from, to)` of buy, sell and unknown volume in lots, as f64. Where their total reaches 2^53 the unit becomes the
 * finest power of ten times the lot in which it does not, and volumes are rounded half up: cumulative volumes then stay
 * exact integers on every backend.
 */
export function panelLots(
  volumes: readonly [buy: ExactColumn, sell: ExactColumn, unknown: ExactColumn],
  from: number,
  to: number,
  lot: Decimal,
): PanelLots {
  let sum = 0;
  let safe = volumes.every(({ wide }) => wide === undefined);
  for (const { values } of volumes)
    for (let i = from; i < to && safe; i++) {
      sum += values[i]!;
      safe = sum < SAFE;
    }
  if (safe) {
    const [buy, sell, unknown] = volumes.map(({ values }) => values.subarray(from, to));
    return { buy: buy!, sell: sell!, unknown: unknown!, lot, rounded: 0 };
  }
  let exact = 0n;
  for (const column of volumes) for (let i = from; i < to; i++) exact += bigAt(column, i);
  let digits = 0;
  // rounding may add a half a volume
  const most = 9007199254740992n - 2n * BigInt(to - from);
  while (exact / 10n ** BigInt(digits) >= most) digits++;
  const unit = 10n ** BigInt(digits);
  let rounded = 0;
  const [buy, sell, unknown] = volumes.map((column) => {
    const out = new Float64Array(to - from);
    for (let i = from; i < to; i++) {
      const value = bigAt(column, i);
      if (value % unit !== 0n) rounded++;
      out[i - from] = Number((2n * value + unit) / (2n * unit));
    }
    return out;
  });
  return { buy: buy!, sell: sell!, unknown: unknown!, lot: coarser(lot, digits), rounded };
}

/** lot · 10^digits. */
function coarser({ coef, scale }: Decimal, digits: number): Decimal {
  const kept = Math.max(0, scale - digits);
  return { coef: coef * 10 ** (digits - (scale - kept)), scale: kept };
}
