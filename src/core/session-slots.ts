import type { Frame } from './columns.js';
import type { PanelSessions } from './panel-sessions.js';
import { zoneClock } from './zone-clock.js';

const DAY_MS = 86_400_000;

/** The zone of a session spec `day@<IANA zone>`. */
export const sessionZone = (spec: string): string | undefined => /^day@(.+)$/.exec(spec)?.[1];

/**
 * The slot of every bar of a panel in its session: bars since the session's start. Of days of a zone it is what the local
 * clock shows, in bars since midnight, so that slots keep their time of day when daylight saving changes: the hour that is
 * skipped has none, and both bars of an hour that is repeated have the same.
 */
export function sessionSlots(frame: Frame, { session, starts }: PanelSessions, spec: string): Uint32Array {
  const slots = new Uint32Array(frame.rows);
  const time = frame.columns.time as Float64Array;
  const zone = sessionZone(spec);
  /** By session: where slot 0 lies, before the clock changes and after, and when it does. */
  const origin = Float64Array.from(starts);
  const origin2 = Float64Array.from(starts);
  const change = new Float64Array(starts.length).fill(Number.POSITIVE_INFINITY);
  if (zone !== undefined)
    for (let d = 0; d + 1 < starts.length; d++) {
      const [start, end] = [starts[d]! / 1000, starts[d + 1]! / 1000];
      const midnight = Math.floor(zoneClock(zone, start) / DAY_MS) * DAY_MS;
      const offset = (ms: number): number => zoneClock(zone, ms) - ms;
      origin[d] = (midnight - offset(start)) * 1000;
      origin2[d] = (midnight - offset(end - 1000)) * 1000;
      if (origin[d] === origin2[d]) continue;
      let [before, after] = [start, end - 1000];
      while (after - before > 1000) {
        const middle = Math.floor((before + after) / 2000) * 1000;
        if (offset(middle) === offset(start)) before = middle;
        else after = middle;
      }
      change[d] = after * 1000;
    }
  for (let i = 0; i < frame.rows; i++) {
    const d = session[i]!;
    slots[i] = (time[i]! - (time[i]! < change[d]! ? origin[d]! : origin2[d]!)) / frame.step!;
  }
  return slots;
}
