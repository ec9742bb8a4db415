import type { Frame } from './columns.js';

/** Starts of the runs of rows of one instrument and time in a frame made of a table, and its length behind them. */
export function timeGroups(frame: Frame): Uint32Array {
  const time = frame.columns.time as Float64Array;
  const starts: number[] = [];
  for (let s = 0; s + 1 < frame.offsets.length; s++)
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++)
      if (i === frame.offsets[s] || time[i] !== time[i - 1]) starts.push(i);
  starts.push(frame.rows);
  return Uint32Array.from(starts);
}

/** Local instrument of each of some rows, which ascend. */
export function instrumentsAt(frame: Frame, rows: ArrayLike<number>, count: number): Uint32Array {
  const out = new Uint32Array(count);
  let s = 0;
  for (let i = 0; i < count; i++) {
    while (frame.offsets[s + 1]! <= rows[i]!) s++;
    out[i] = s;
  }
  return out;
}
