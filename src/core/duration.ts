const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
  w: 604_800_000_000,
};

/** `500ms`, `1m`, `8h`, `1d`, `1w` in µs; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d{1,9})\s*(us|ms|s|m|h|d|w)\s*$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]) * UNITS[match[2]!]!;
  return value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

/** The shortest text of a width in µs. */
export function durationText(micros: number): string {
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms'])
    if (micros % UNITS[unit]! === 0) return `${micros / UNITS[unit]!}${unit}`;
  return `${micros}us`;
}
