import { InputError } from '../core/errors.js';

/**
 * µs since the epoch of an ISO-8601 text (UTC unless it names an offset) or of an epoch number, whose unit is
 * told by its magnitude: below 10^11 seconds, below 10^14 ms, below 10^17 µs, else ns.
 */
export function parseInstant(text: string, subject: string): number {
  const value = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(value)) {
    const n = Number(value);
    const size = Math.abs(n);
    const micros = size < 1e11 ? n * 1e6 : size < 1e14 ? n * 1e3 : size < 1e17 ? n : n / 1e3;
    return Math.floor(micros);
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
