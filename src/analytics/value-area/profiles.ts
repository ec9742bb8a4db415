import type { Frame } from '../../core/columns.js';
import { addExact, type ExactColumn, exactColumn } from '../../core/exact.js';

/** Starts of the profiles of a frame of profile rows, and its length behind them: a profile is one session. */
export function profileStarts(frame: Frame): Uint32Array {
  const time = frame.columns.time as Float64Array;
  const starts: number[] = [];
  for (let s = 0; s + 1 < frame.offsets.length; s++)
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++)
      if (i === frame.offsets[s] || time[i] !== time[i - 1]) starts.push(i);
  starts.push(frame.rows);
  return Uint32Array.from(starts);
}

/** Local instrument of each profile. */
function profileInstruments(frame: Frame, starts: Uint32Array): Uint32Array {
  const out = new Uint32Array(starts.length - 1);
  let s = 0;
  for (let i = 0; i < out.length; i++) {
    while (frame.offsets[s + 1]! <= starts[i]!) s++;
    out[i] = s;
  }
  return out;
}

/** What needs no rule: where each profile lies, its total, and when all of it is known. */
export function profileSummary(frame: Frame, starts: Uint32Array) {
  const profiles = starts.length - 1;
  const time = frame.columns.time as Float64Array;
  const row = frame.columns.row as Float64Array;
  const available = frame.columns.available_at as Float64Array;
  const column = (): Float64Array => new Float64Array(profiles);
  const out = {
    instrument: profileInstruments(frame, starts),
    time: column(),
    low_row: column(),
    high_row: column(),
    volume: exactColumn(profiles),
    available_at: column(),
  };
  for (let p = 0; p < profiles; p++) {
    const to = starts[p + 1]!;
    out.time[p] = time[starts[p]!]!;
    out.low_row[p] = row[starts[p]!]!;
    out.high_row[p] = row[to - 1]!;
    for (let i = starts[p]!; i < to; i++) {
      addExact(out.volume, p, frame.columns.volume as ExactColumn, i);
      if (available[i]! > out.available_at[p]!) out.available_at[p] = available[i]!;
    }
  }
  return out;
}
