import type { Frame } from '../../core/columns.js';
import { instrumentsWithRows } from '../../core/panel-rows.js';
import { correlationSums } from '../../stats/correlation-columns.js';

/** What imbalance is correlated with. */
export type Target = 'oi' | 'return' | 'abs_return';

/** Bars of every instrument: their imbalance, and the target. */
export function lagSeries({ columns }: Frame, target: Target): { x: Float64Array; y: Float64Array } {
  const x = columns.vi as Float64Array;
  if (target === 'oi') return { x, y: columns.dln_oi as Float64Array };
  const returns = columns.return as Float64Array;
  return { x, y: target === 'return' ? returns : returns.map(Math.abs) };
}

/** Rows of x and y that are read together at a lag: x from `x` on, y `lag` rows later, `rows` of them. */
export interface Shift {
  readonly x: number;
  readonly y: number;
  readonly rows: number;
}

/** The pairs of an instrument's bars [from, to) at a lag; with a positive one x leads. */
export const shifted = (from: number, to: number, lag: number): Shift => ({
  x: from + Math.max(0, -lag),
  y: from + Math.max(0, lag),
  rows: Math.max(0, to - from - Math.abs(lag)),
});

/** Columns of every instrument with bars and every lag, keys filled in, for sums to be written into. */
export function lagColumns(frame: Frame, maxLag: number) {
  const all = instrumentsWithRows(frame);
  const lags = 2 * maxLag + 1;
  const rows = all.length * lags;
  const available = frame.columns.available_at as Float64Array;
  const columns = {
    instrument: new Uint32Array(rows),
    lag: new Int32Array(rows),
    available_at: new Float64Array(rows),
    ...correlationSums(rows),
  };
  all.forEach((s, i) => {
    columns.instrument.fill(s, i * lags, (i + 1) * lags);
    columns.available_at.fill(available[frame.offsets[s + 1]! - 1]!, i * lags, (i + 1) * lags);
    for (let lag = -maxLag; lag <= maxLag; lag++) columns.lag[i * lags + maxLag + lag] = lag;
  });
  return { rows, columns };
}
