import type { Frame, Table } from '../../core/columns.js';
import { instrumentsWithRows } from '../../core/panel-rows.js';
import { rollingPearson, rollingScratch } from '../../stats/rolling-pearson.js';
import { shifted } from './lagged.js';

export interface RollingParams {
  /** Pairs of a window; 0 for an empty table. */
  readonly rolling: number;
  readonly rollingLags: readonly number[];
  readonly minPairs: number;
}

/**
 * Correlations of the last pairs known by each bar, at every lag asked for. Both backends make them here, on the host,
 * as they do ranks: they read each pair once, which costs less than sending it. A pair belongs to the later of its two
 * bars; what is known with that bar is known with all bars before it, and so with the other one.
 */
export function rollingTable(
  frame: Frame,
  { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  { rolling, rollingLags, minPairs }: RollingParams,
): Table {
  const all = rolling === 0 ? [] : instrumentsWithRows(frame);
  const rows =
    all.reduce((sum, s) => sum + frame.offsets[s + 1]! - frame.offsets[s]!, 0) * rollingLags.length;
  const time = frame.columns.time as Float64Array;
  const available = frame.columns.available_at as Float64Array;
  const columns = {
    instrument: new Uint32Array(rows),
    lag: new Int32Array(rows),
    time: new Float64Array(rows),
    pearson: new Float64Array(rows),
    n_pairs: new Uint32Array(rows),
    available_at: new Float64Array(rows),
  };
  const scratch = rollingScratch(rolling);
  let row = 0;
  for (const s of all) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    for (const lag of rollingLags) {
      const at = shifted(from, to, lag);
      const end = row + to - from;
      columns.instrument.fill(s, row, end);
      columns.lag.fill(lag, row, end);
      columns.time.set(time.subarray(from, to), row);
      columns.available_at.set(available.subarray(from, to), row);
      // the bars before the first that could complete a pair
      columns.pearson.fill(Number.NaN, row, end - at.rows);
      rollingPearson(x, at.x, y, at.y, at.rows, minPairs, scratch, columns, end - at.rows);
      row = end;
    }
  }
  return { rows, columns };
}
