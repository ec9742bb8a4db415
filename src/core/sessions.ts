import { parseDuration } from './duration.js';
import { InputError } from './errors.js';

const DAY = 86_400_000_000;
const WEEK = 7 * DAY;
/** 1970-01-05, the first Monday: weeks start there, every other width at the epoch. */
const MONDAY = 4 * DAY;
/** More sessions than this in one run is a mistyped parameter, not a study. */
const MAX_SESSIONS = 10_000_000;

/** Where a grid of `width` µs starts: multiples of a week on Mondays, everything else at the epoch. */
export const gridOrigin = (width: number): number => (width % WEEK === 0 ? MONDAY : 0);

/** Start of the half-open cell `[t0, t0 + width)` that holds `ts`. */
export const gridStart = (ts: number, width: number): number => {
  const origin = gridOrigin(width);
  return Math.floor((ts - origin) / width) * width + origin;
};

/** Index of the session that holds `at`, by bisection; `starts` as `sessionStarts` gives them, in any unit. */
export function sessionAt(starts: Float64Array | Uint32Array, at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** Rejects what `sessionStarts` cannot use; returns the text, trimmed. */
export function checkSession(text: string, subject: string): string {
  const spec = text.trim();
  sessionStarts(spec, 0, 1, subject);
  return spec;
}

/**
 * Session starts (µs) such that the first is ≤ `from` and the last is ≥ `until`; session i is
 * `[starts[i], starts[i+1])`, and a trade on a boundary belongs to the new one. Specs: a duration (`1h`, `8h`,
 * `1d`), `1w` (Monday), `month`, `<duration>@<ISO timestamp>`, or `day@<IANA zone>` with daylight saving.
 */
export function sessionStarts(spec: string, from: number, until: number, subject = 'session'): Float64Array {
  const [what, anchor, ...rest] = spec.split('@') as [string, string | undefined];
  if (what === 'month' && anchor === undefined) return monthStarts(from, until);
  if (what === 'day' && anchor !== undefined && rest.length === 0)
    return zoneDays(anchor, from, until, subject);
  const width = parseDuration(what);
  if (width === undefined || width < 1_000_000 || width % 1_000_000 !== 0 || rest.length > 0)
    throw new InputError(
      subject,
      spec,
      'must be whole seconds such as 1h, 8h, 1d, 1w, or month, <duration>@<timestamp>, day@<IANA zone>',
    );
  let origin = gridOrigin(width);
  if (anchor !== undefined) {
    // without Z or an offset Date.parse would read the machine's own zone
    const at = /(Z|[+-]\d\d:\d\d)$/.test(anchor) ? Date.parse(anchor) : Number.NaN;
    if (at % 1000 !== 0 || !Number.isSafeInteger(at * 1000))
      throw new InputError(
        subject,
        spec,
        'must name an ISO timestamp on a whole second with Z or an offset after @',
      );
    origin = at * 1000;
  }
  const first = Math.floor((from - origin) / width) * width + origin;
  const count = Math.ceil((until - first) / width) + 1;
  if (count > MAX_SESSIONS)
    throw new InputError(subject, spec, `cuts this range into ${count} sessions, at most ${MAX_SESSIONS}`);
  return Float64Array.from({ length: Math.max(2, count) }, (_, i) => first + i * width);
}

function monthStarts(from: number, until: number): Float64Array {
  const date = new Date(from / 1000);
  const starts: number[] = [];
  for (let m = 0; starts.length < 2 || starts[starts.length - 1]! < until; m++)
    starts.push(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + m, 1) * 1000);
  return Float64Array.from(starts);
}

/** Local midnights. A midnight that daylight saving skips is the first instant of that local day. */
function zoneDays(zone: string, from: number, until: number, subject: string): Float64Array {
  const format = dayFormat(zone, subject);
  const dayOf = (ms: number): string => format.format(ms);
  const startOfDay = (ms: number): number => {
    const day = dayOf(ms);
    // the day began within the last 26 hours: bisect to the second
    let before = Math.floor(ms / 1000) - 26 * 3600;
    let inside = Math.floor(ms / 1000);
    while (inside - before > 1) {
      const mid = Math.floor((before + inside) / 2);
      if (dayOf(mid * 1000) === day) inside = mid;
      else before = mid;
    }
    return inside * 1000;
  };
  const starts = [startOfDay(from / 1000)];
  while (starts.length < 2 || starts[starts.length - 1]! * 1000 < until) {
    // 26 hours on is always in the next local day, or its first hours after
    starts.push(startOfDay(starts[starts.length - 1]! + 26 * 3600 * 1000));
  }
  return Float64Array.from(starts, (ms) => ms * 1000);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Calendar day in a zone; making a formatter takes longer than a thousand uses. */
function dayFormat(zone: string, subject: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
    } catch {
      throw new InputError(subject, zone, 'must be an IANA time zone such as America/New_York');
    }
    formats.set(zone, format);
  }
  return format;
}
