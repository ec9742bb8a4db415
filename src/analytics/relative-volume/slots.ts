import type { Frame } from '../../core/columns.js';
import { panelSessions } from '../../core/panel-sessions.js';
import { sessionSlots, sessionZone } from '../../core/session-slots.js';
import { zoneClock } from '../../core/zone-clock.js';
import type { VolumeParams } from './columns.js';

/** Days of a month; session keys leave room for them. */
export const LANES = 32;

/**
 * The calendar of a panel: its runs of bars of one instrument and session, with `first` row of each and the number of rows
 * behind them. `key` = order · 32 + lane: a baseline reads the sessions of the same lane whose order is 1 … n less. Orders
 * count sessions in one lane; with day_of_month they count months, in a lane a day.
 */
export interface Calendar {
  readonly first: Uint32Array;
  readonly key: Uint32Array;
  /** 1 if the run's first bar is the session's: only then is it known what was traded since the session began. */
  readonly whole: Uint32Array;
  /** By row. */
  readonly slot: Uint32Array;
}

/** Errors: InputError for the session, see `panelSessions`. */
export function calendarOf(frame: Frame, { session: spec, baseline }: VolumeParams): Calendar {
  const sessions = panelSessions(frame, spec, 'relative-volume session');
  const { session, starts } = sessions;
  const time = frame.columns.time as Float64Array;
  const keyOf = Uint32Array.from(starts, (start, d) => {
    if (baseline !== 'day_of_month') return d * LANES;
    const day = new Date(zoneClock(sessionZone(spec) ?? 'UTC', start / 1000));
    return (day.getUTCFullYear() * 12 + day.getUTCMonth()) * LANES + day.getUTCDate();
  });
  const first: number[] = [];
  const key: number[] = [];
  const whole: number[] = [];
  for (let s = 0; s < frame.instruments.length; s++)
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      if (i > frame.offsets[s]! && session[i] === session[i - 1]) continue;
      first.push(i);
      key.push(keyOf[session[i]!]!);
      whole.push(time[i] === starts[session[i]!] ? 1 : 0);
    }
  first.push(frame.rows);
  return {
    first: Uint32Array.from(first),
    key: Uint32Array.from(key),
    whole: Uint32Array.from(whole),
    slot: sessionSlots(frame, sessions, spec),
  };
}
