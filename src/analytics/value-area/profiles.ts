import type { Frame } from '../../core/columns.js';
import { addExact, type ExactColumn, exactColumn } from '../../core/exact.js';
import { instrumentsAt } from '../../core/time-groups.js';

/** What needs no rule, by starts of the profiles: where each lies, its total, and when all of it is known. */
export function profileSummary(frame: Frame, starts: Uint32Array) {
  const profiles = starts.length - 1;
  const time = frame.columns.time as Float64Array;
  const row = frame.columns.row as Float64Array;
  const available = frame.columns.available_at as Float64Array;
  const column = (): Float64Array => new Float64Array(profiles);
  const out = {
    instrument: instrumentsAt(frame, starts, profiles),
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
