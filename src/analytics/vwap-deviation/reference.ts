import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { warmedUp } from '../../core/warmed-up.js';
import { type BarPrices, barPrices, type VwapParams } from './prices.js';
import { type Span, spanOf } from './span.js';
import { BigSums, PairSums, type RunningSums } from './sums.js';
import { MomentRows, outputColumns, writeValues } from './values.js';

/** Bars come into the sums of their session, or come and go with the window; each row then shows what the sums are. */
export function reference(tile: Tile, params: VwapParams): TileResult {
  const frame = tile.inputs.panel!;
  const bars = barPrices(frame, params.typicalPrice);
  const span = spanOf(frame, params);
  const lots = frame.columns.volume as Float64Array;
  const out = outputColumns(frame);
  let longest = 0;
  for (let s = 0; s < frame.instruments.length; s++)
    longest = Math.max(longest, frame.offsets[s + 1]! - frame.offsets[s]!);
  const rows = new MomentRows(longest);
  for (let s = 0; s < frame.instruments.length; s++) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    const { base } = frame.instruments[s]!;
    const sums = narrowEnough(frame, bars, s)
      ? new PairSums(bars, lots, base)
      : new BigSums(bars, lots, base);
    rows.volume.fill(0);
    if (span.rolling) slide(sums, bars.price, span, params.minPeriods, from, to, rows);
    else accumulate(sums, bars.price, span.session, from, to, rows);
    writeValues(out, frame, s, bars, rows);
  }
  return { outputs: { bars: { rows: frame.rows, columns: out } } };
}

/** Since the session began; counted about its first price. */
function accumulate(
  sums: RunningSums,
  price: Float64Array,
  session: Uint32Array,
  from: number,
  to: number,
  rows: MomentRows,
): void {
  let pivot = Number.NaN;
  for (let i = from; i < to; i++) {
    if (i > from && session[i] !== session[i - 1]) pivot = Number.NaN;
    const traded = !Number.isNaN(price[i]!);
    if (traded && Number.isNaN(pivot)) {
      pivot = price[i]!;
      sums.restart(pivot);
    }
    if (traded) sums.change(i, 1);
    if (!Number.isNaN(pivot)) sums.write(pivot, rows, i - from);
  }
}

/** Over a window of bars; counted about the latest price before its end, which is in it if anything is. */
function slide(
  sums: RunningSums,
  price: Float64Array,
  { bars, lag }: Span,
  minPeriods: number | undefined,
  from: number,
  to: number,
  rows: MomentRows,
): void {
  let pivot = Number.NaN;
  for (let i = from; i < to; i++) {
    const enter = i - lag;
    if (enter >= from && !Number.isNaN(price[enter]!)) {
      if (Number.isNaN(pivot)) sums.restart(price[enter]!);
      pivot = price[enter]!;
      sums.change(enter, 1);
    }
    if (enter - bars >= from && !Number.isNaN(price[enter - bars]!)) sums.change(enter - bars, -1);
    if (sums.volume > 0 && warmedUp(enter - from + 1 >= bars, sums.count, minPeriods))
      sums.write(pivot, rows, i - from);
  }
}

/** Whether the sums of instrument `s` fit pairs, by the range of its prices and its volume. */
function narrowEnough(frame: Frame, { price, trades }: BarPrices, s: number): boolean {
  if (trades?.[0].wide !== undefined) return false;
  const { high, low, volume } = frame.columns as Record<string, Float64Array>;
  const upper = trades ? high! : price;
  const lower = trades ? low! : price;
  // what moments of trades count from is a price too
  let top = trades ? frame.instruments[s]!.base : Number.NEGATIVE_INFINITY;
  let bottom = trades ? frame.instruments[s]!.base : Number.POSITIVE_INFINITY;
  let total = 0;
  for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
    // a null compares as false
    if (upper[i]! > top) top = upper[i]!;
    if (lower[i]! < bottom) bottom = lower[i]!;
    if (volume![i]! > 0) total += volume![i]!;
  }
  const range = top - bottom;
  return !(range >= 2 ** 26) && !(4 * total * range * range >= 2 ** 102);
}
