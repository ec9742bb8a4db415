import { InputError } from '../core/errors.js';

/**
 * µs of the midnight that begins a calendar day in an IANA zone, daylight saving observed. Where clocks skip midnight it
 * is the instant at which they do. An unknown zone is an InputError.
 */
export function zoneMidnight(
  year: number,
  month: number,
  day: number,
  zone: string,
  subject: string,
): number {
  const format = zoneClock(zone, subject);
  const wall = Date.UTC(year, month - 1, day);
  const near = wall - offsetAt(format, wall);
  // clocks may change between the two; the later one is never in the day before
  return Math.max(near, wall - offsetAt(format, near)) * 1000;
}

function zoneClock(zone: string, subject: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    throw new InputError(subject, zone, 'must be an IANA time zone such as America/New_York');
  }
}

/** Clock time of the zone less UTC at an instant, ms. */
function offsetAt(format: Intl.DateTimeFormat, ms: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - ms;
}
