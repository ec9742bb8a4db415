import type { Frame } from './columns.js';

/** Volume imbalance (B - S)/(B + S) of every bar of a panel, null where no side is known. */
export function panelImbalance({ columns, rows }: Frame): Float64Array {
  const buy = columns.buy_volume as Float64Array;
  const sell = columns.sell_volume as Float64Array;
  const out = new Float64Array(rows);
  // 0 / 0 is NaN, the null
  for (let i = 0; i < rows; i++) out[i] = (buy[i]! - sell[i]!) / (buy[i]! + sell[i]!);
  return out;
}
