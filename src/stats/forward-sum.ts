import { checkWhole } from './check-whole.js';

/**
 * y_t = x_{t+1} + … + x_{t+horizon}, what follows row t over the horizon: a label, never a feature. Null where a
 * summand is null or lies beyond the end.
 */
export function forwardSum(series: Float64Array, horizon: number): Float64Array {
  checkWhole('horizon', horizon, 1, 2 ** 31);
  const out = new Float64Array(series.length).fill(Number.NaN);
  for (let t = 0; t + horizon < series.length; t++) {
    let sum = 0;
    for (let s = t + 1; s <= t + horizon; s++) sum += series[s]!;
    out[t] = sum;
  }
  return out;
}
