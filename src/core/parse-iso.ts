const ISO =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?\s*$/i;

let lastDay = '';
let lastMidnight = Number.NaN;

/** µs of an ISO 8601 text; without a zone it is UTC. NaN if it is no such text. */
export function microsOfIso(text: string): number {
  // blanks behind a stamp would take the square of their number to match; no stamp is longer
  if (text.length > 64) return Number.NaN;
  // stamps of one day in one layout come by the million
  if (text.length >= 19 && text.startsWith(lastDay) && lastDay !== '') {
    const rest = clockMicros(text);
    if (rest >= 0) return lastMidnight + rest;
  }
  const micros = slowMicrosOfIso(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(micros)) {
    lastDay = text.slice(0, 10);
    lastMidnight = slowMicrosOfIso(lastDay);
  }
  return micros;
}

/** µs since midnight of `YYYY-MM-DD?hh:mm:ss[.f]` with at most a Z behind; -1 for every other layout. */
function clockMicros(text: string): number {
  const two = (at: number, max: number): number => {
    const tens = text.charCodeAt(at) - 48;
    const ones = text.charCodeAt(at + 1) - 48;
    const value = tens * 10 + ones;
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 || value > max ? Number.NaN : value;
  };
  const gap = text.charCodeAt(10);
  if ((gap !== 32 && gap !== 84) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1;
  const seconds = two(11, 23) * 3600 + two(14, 59) * 60 + two(17, 59);
  const end = text.charCodeAt(text.length - 1) === 90 ? text.length - 1 : text.length;
  let micros = 0;
  if (end > 19) {
    if (text.charCodeAt(19) !== 46 || end === 20 || end > 29) return -1;
    let weight = 100_000;
    for (let i = 20; i < end; i++) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return -1;
      micros += weight >= 1 ? digit * weight : 0;
      weight /= 10;
    }
  }
  const total = seconds * 1e6 + micros;
  return total >= 0 ? total : -1;
}

function slowMicrosOfIso(text: string): number {
  const m = ISO.exec(text);
  if (!m) return Number.NaN;
  const [month, day, hour, minute, second] = [
    Number(m[2]),
    Number(m[3]),
    Number(m[4] ?? 0),
    Number(m[5] ?? 0),
    Number(m[6] ?? 0),
  ];
  if (month < 1 || month > 12 || hour > 24 || minute > 59 || second > 59) return Number.NaN;
  // 24:00:00 is the day's end, and the only time in that hour
  if (hour === 24 && (minute > 0 || second > 0 || /[1-9]/.test(m[7] ?? ''))) return Number.NaN;
  const ms = Date.UTC(Number(m[1]), month - 1, day, hour, minute, second);
  // 31 February would roll over into March, and Date takes the years 0 to 99 for those of the last century
  if (!new Date(Date.UTC(Number(m[1]), month - 1, day)).toISOString().startsWith(`${m[1]}-${m[2]}-${m[3]}`))
    return Number.NaN;
  const zone = m[8];
  let shift = 0;
  if (zone && /^[+-]/.test(zone)) {
    const digits = zone.slice(1).replace(':', '');
    const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || 0)];
    if (hours > 23 || minutes > 59) return Number.NaN;
    shift = (hours * 60 + minutes) * (zone[0] === '-' ? -1 : 1);
  }
  return (ms - shift * 60_000) * 1000 + Number((m[7] ?? '').slice(0, 6).padEnd(6, '0'));
}
