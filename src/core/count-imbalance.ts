import type { Table } from './columns.js';

/** (nB - nS) / (nB + nS) of each row; null without a trade of known side. */
export function countImbalance(table: Table): Float64Array {
  const buys = table.columns.buy_trades as Uint32Array;
  const sells = table.columns.sell_trades as Uint32Array;
  const out = new Float64Array(table.rows);
  // 0 / 0 is NaN, the null
  for (let i = 0; i < table.rows; i++) out[i] = (buys[i]! - sells[i]!) / (buys[i]! + sells[i]!);
  return out;
}
