import { InputError } from '../core/errors.js';

/** Bare numbers are taken for stamps of 1980-01-01 to 2106-02-07, which never overlap between the units. */
const FIRST_SECOND = 315_532_800;
const LAST_SECOND = 2 ** 32;

/**
 * µs since the epoch of an ISO-8601 text (UTC unless it names an offset) or of an epoch number in s, ms, µs or ns,
 * as its magnitude tells. Throws an InputError for a number that is no plausible stamp, such as a year.
 */
export function parseInstant(text: string, subject: string): number {
  const value = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(value)) {
    const n = Number(value);
    for (const perSecond of [1, 1e3, 1e6, 1e9])
      if (n >= FIRST_SECOND * perSecond && n < LAST_SECOND * perSecond)
        return Math.floor(perSecond > 1e6 ? n / 1e3 : n * (1e6 / perSecond));
    throw new InputError(
      subject,
      text,
      'must be an ISO timestamp such as 2024-01-02T08:00:00Z; as an epoch number it lies outside 1980 to 2106',
    );
  }
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      value,
    );
  if (match) {
    const [, day, clock = '00:00', fraction = '', zone = 'Z'] = match;
    const ms = Date.parse(`${day}T${clock}${zone.toUpperCase()}`);
    // Date rolls 2024-02-30 over; the day must survive
    const real = new Date(`${day}T00:00Z`);
    if (!Number.isNaN(ms) && !Number.isNaN(real.getTime()) && real.toISOString().startsWith(day!))
      return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
  }
  throw new InputError(
    subject,
    text,
    'must be an ISO timestamp such as 2024-01-02T08:00:00Z or an epoch number',
  );
}
