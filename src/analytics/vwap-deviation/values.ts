import type { Frame } from '../../core/columns.js';
import { SAFE } from '../../core/exact.js';
import { instrumentCodes, nullColumn } from '../../core/panel-rows.js';
import { productError } from '../../core/product-error.js';
import type { BarPrices } from './prices.js';

/**
 * Exact sums over the VWAP's bars, a row each of one instrument, about a pivot that is one of their prices: that bounds what
 * the variance can lose to cancellation. `first` = Σ q (k - pivot) and `second` = Σ q (k - pivot)² as the nearest f64 and
 * the rest; `prices` = Σ (k - pivot) over `count` bars. Volume 0: there is no value.
 */
export class MomentRows {
  readonly pivot: Float64Array;
  readonly volume: Float64Array;
  readonly first: Float64Array;
  readonly firstRest: Float64Array;
  readonly second: Float64Array;
  readonly secondRest: Float64Array;
  readonly prices: Float64Array;
  readonly count: Float64Array;

  constructor(rows: number) {
    const column = (): Float64Array => new Float64Array(rows);
    [this.pivot, this.volume, this.prices, this.count] = [column(), column(), column(), column()];
    [this.first, this.firstRest, this.second, this.secondRest] = [column(), column(), column(), column()];
  }
}

/** Columns of the output, null until written; keys and availability are there. */
export function outputColumns(frame: Frame) {
  const column = (): Float64Array => nullColumn(frame.rows);
  return {
    instrument: instrumentCodes(frame),
    time: frame.columns.time as Float64Array,
    ...{ vwap: column(), sigma: column(), dev_bps: column(), z: column() },
    ...{ upper_1: column(), lower_1: column(), upper_2: column() },
    ...{ lower_2: column(), upper_3: column(), lower_3: column() },
    ...{ twap: column(), volume: column() },
    carried: new Uint32Array(frame.rows),
    available_at: frame.columns.available_at as Float64Array,
  };
}

/** Writes instrument `s`: differences are taken in integers, and each value is divided once. */
export function writeValues(
  out: ReturnType<typeof outputColumns>,
  frame: Frame,
  s: number,
  { units }: BarPrices,
  m: MomentRows,
): void {
  const { close, volume } = frame.columns as Record<string, Float64Array>;
  const from = frame.offsets[s]!;
  const { tick, lot } = frame.instruments[s]!;
  const perTick = units * 10 ** tick.scale;
  const perLot = 10 ** lot.scale;
  for (let i = from; i < frame.offsets[s + 1]!; i++) {
    const at = i - from;
    const lots = m.volume[at]!;
    // of a bar that nobody saw nothing is known; one without a trade carries the value on
    if (lots === 0 || Number.isNaN(volume![i]!)) continue;
    if (volume![i] === 0) out.carried[i] = 1;
    const pivot = m.pivot[at]!;
    const first = m.first[at]!;
    const level = pivot + first / lots;
    const vwap = (level * tick.coef) / perTick;
    const spread = Math.sqrt(scatter(lots, first, m.firstRest[at]!, m.second[at]!, m.secondRest[at]!)) / lots;
    const sigma = (spread * tick.coef) / perTick;
    out.vwap[i] = vwap;
    out.sigma[i] = sigma;
    out.upper_1[i] = vwap + sigma;
    out.lower_1[i] = vwap - sigma;
    out.upper_2[i] = vwap + 2 * sigma;
    out.lower_2[i] = vwap - 2 * sigma;
    out.upper_3[i] = vwap + 3 * sigma;
    out.lower_3[i] = vwap - 3 * sigma;
    out.twap[i] = ((pivot + m.prices[at]! / m.count[at]!) * tick.coef) / perTick;
    out.volume[i] = (lots * lot.coef) / perLot;
    // (close - pivot) V - first: V times the deviation, a null close makes it null
    const height = close![i]! * units - pivot;
    const product = height * lots;
    const rest = Math.abs(product) < SAFE ? 0 : productError(height, lots, product);
    const deviation = (product - first + (rest - m.firstRest[at]!)) / lots;
    if (level !== 0) out.dev_bps[i] = (1e4 * deviation) / level;
    if (spread > 0) out.z[i] = deviation / spread;
  }
}

/**
 * V · second - first² = V² · variance. The pivot is a price of at least one lot, so the difference is at least V · second /
 * V, and 106 bits of the products leave it 53: it is within 2^-50, and 0 only if all prices are the pivot.
 */
function scatter(
  volume: number,
  first: number,
  firstRest: number,
  second: number,
  secondRest: number,
): number {
  const left = volume * second;
  const right = first * first;
  if (left < SAFE) return left - right;
  return (
    left -
    right +
    (productError(volume, second, left) - productError(first, first, right)) +
    (volume * secondRest - 2 * first * firstRest)
  );
}
