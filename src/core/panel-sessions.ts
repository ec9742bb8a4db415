import type { Frame } from './columns.js';
import { durationText } from './duration.js';
import { InputError } from './errors.js';
import { sessionAt, sessionStarts } from './sessions.js';

/** Sessions of a panel's bars: `session[row]` is the row's place in `starts` (µs). */
export interface PanelSessions {
  readonly session: Uint32Array;
  readonly starts: Float64Array;
}

/**
 * The session of every bar of a panel, by a grid of `sessionStarts` or `run`, one session for all. Errors: InputError for
 * the spec, and for a session that begins inside a bar, which would belong to two.
 */
export function panelSessions(frame: Frame, spec: string, subject: string): PanelSessions {
  const session = new Uint32Array(frame.rows);
  const time = frame.columns.time as Float64Array;
  const every = frame.step!;
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < frame.instruments.length; s++) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    if (from === to) continue;
    lo = Math.min(lo, time[from]!);
    hi = Math.max(hi, time[to - 1]!);
  }
  if (lo > hi) return { session, starts: new Float64Array(0) };
  if (spec === 'run') return { session, starts: Float64Array.of(lo) };
  const starts = sessionStarts(spec, lo, hi + every, subject);
  for (let s = 0; s < frame.instruments.length; s++) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    let at = from < to ? sessionAt(starts, time[from]!) : 0;
    for (let i = from; i < to; i++) {
      if (time[i]! >= starts[at + 1]!) at++;
      if (starts[at + 1]! < time[i]! + every)
        throw new InputError(
          subject,
          spec,
          `begins at ${new Date(starts[at + 1]! / 1000).toISOString()}, inside a bar of ${durationText(every)}: take bars that begin there`,
        );
      session[i] = at;
    }
  }
  return { session, starts };
}
