const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes longer than a thousand uses. */
function clockFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const [two, full] = ['2-digit', 'numeric'] as const;
    format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: zone, hourCycle: 'h23', year: full, month: two, day: two },
      ...{ hour: two, minute: two, second: two },
    });
    formats.set(zone, format);
  }
  return format;
}

/** What clocks of an IANA zone show at `ms` since the epoch, in ms as if it were UTC; whole seconds. */
export function zoneClock(zone: string, ms: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of clockFormat(zone).formatToParts(ms)) parts[type] = Number(value);
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
}
