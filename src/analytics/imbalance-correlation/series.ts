import type { Frame } from '../../core/columns.js';
import { averageRanks } from '../../stats/average-ranks.js';

/** Volume imbalance (B - S)/(B + S) of every bar of a panel, null where no side is known. */
export function imbalances({ columns, rows }: Frame): Float64Array {
  const buy = columns.buy_volume as Float64Array;
  const sell = columns.sell_volume as Float64Array;
  const out = new Float64Array(rows);
  // 0 / 0 is NaN, the null
  for (let i = 0; i < rows; i++) out[i] = (buy[i]! - sell[i]!) / (buy[i]! + sell[i]!);
  return out;
}

/** Twice the average ranks of each instrument's values about their mean: integers, which a change of sign negates. */
export function centredRanks({ offsets }: Frame, values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    const ranks = averageRanks(values.subarray(from, to));
    const n = ranks.reduce((sum, rank) => sum + (Number.isNaN(rank) ? 0 : 1), 0);
    for (let i = from; i < to; i++) out[i] = 2 * ranks[i - from]! - (n + 1);
  }
  return out;
}

/** Where the bars that two instruments share begin in the frame, and how many there are. */
export interface Overlap {
  x: number;
  y: number;
  rows: number;
}

/** The bars of two instruments at the same times; none where one ends before the other begins, or grids differ. */
export function overlap({ offsets, columns, step }: Frame, a: number, b: number, out: Overlap): void {
  const time = columns.time as Float64Array;
  const [x, y] = [offsets[a]!, offsets[b]!];
  const ahead = (time[y]! - time[x]!) / step!;
  // bars that begin at other times are never those of one time
  const shared = Number.isInteger(ahead) ? ahead : offsets[a + 1]! - x;
  out.x = x + Math.max(0, shared);
  out.y = y + Math.max(0, -shared);
  out.rows = Math.max(0, Math.min(offsets[a + 1]! - out.x, offsets[b + 1]! - out.y));
}
