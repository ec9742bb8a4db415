import { InputError } from '../core/errors.js';

export type TimeUnitName = 's' | 'ms' | 'us' | 'ns';

/** Units per second. */
export const PER_SECOND: Readonly<Record<TimeUnitName, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** Undeclared units are told by magnitude: stamps of 1980-01-01 to 2106-02-07 in each unit; these never overlap. */
const FIRST_SECOND = 315_532_800;
const LAST_SECOND = 2 ** 32;

/** Unit of one file's numeric stamps: declared, or decided by its first stamp that has a plausible magnitude. */
export class TimeUnit {
  perSecond: number;
  /** First stamp of no plausible magnitude. */
  #odd: number | undefined;
  constructor(
    readonly input: string,
    readonly column: string,
    declared: TimeUnitName | undefined,
  ) {
    this.perSecond = declared === undefined ? 0 : PER_SECOND[declared];
  }

  /** µs since the epoch; NaN while the unit is undecided. Floats are rounded, nanoseconds floored. */
  micros(value: number): number {
    if (this.perSecond === 0 && !this.#decide(value)) return Number.NaN;
    if (this.perSecond === 1e6) return Math.floor(value);
    if (this.perSecond === 1e9) return Math.floor(value / 1000);
    return Math.round(value * (1e6 / this.perSecond));
  }

  /** As `micros`, exact for 64-bit integers in words. */
  microsOfWords(lo: number, hi: number): number {
    if (hi < 0) return Number.NaN;
    const value = hi * 4294967296 + lo;
    if (this.perSecond === 0 && !this.#decide(value)) return Number.NaN;
    return microsOfWords(lo, hi, this.perSecond);
  }

  /** Fails if stamps were seen whose unit nobody can know. */
  close(): void {
    if (this.perSecond === 0 && this.#odd !== undefined)
      throw new InputError(
        `${this.input} column ${this.column}`,
        this.#odd,
        'is no timestamp of 1980 to 2106 in s, ms, us or ns; pass --time-unit',
      );
  }

  #decide(value: number): boolean {
    for (const perSecond of [1, 1e3, 1e6, 1e9])
      if (value >= FIRST_SECOND * perSecond && value < LAST_SECOND * perSecond) {
        this.perSecond = perSecond;
        return true;
      }
    if (Number.isFinite(value)) this.#odd ??= value;
    return false;
  }
}

/** µs of a non-negative 64-bit stamp, exactly; nanoseconds are floored although they exceed 2^53. */
export function microsOfWords(lo: number, hi: number, perSecond: number): number {
  if (hi < 0) return Number.NaN;
  if (perSecond !== 1e9) return (hi * 4294967296 + lo) * (1e6 / perSecond);
  const q = Math.floor(hi / 1000);
  return q * 4294967296 + Math.floor(((hi - q * 1000) * 4294967296 + lo) / 1000);
}

const ISO =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?\s*$/i;

let lastDay = '';
let lastMidnight = Number.NaN;

/** µs of an ISO 8601 text; without a zone it is UTC. NaN if it is no such text. */
export function microsOfIso(text: string): number {
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
  const ms = Date.UTC(Number(m[1]), month - 1, day, hour, minute, second);
  if (new Date(Date.UTC(Number(m[1]), month - 1, day)).getUTCDate() !== day) return Number.NaN;
  const zone = m[8];
  let shift = 0;
  if (zone && /^[+-]/.test(zone)) {
    const digits = zone.slice(1).replace(':', '');
    shift = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)) * (zone[0] === '-' ? -1 : 1);
  }
  return (ms - shift * 60_000) * 1000 + Number((m[7] ?? '').slice(0, 6).padEnd(6, '0'));
}

/** µs of a text: digits in the file's unit, or ISO 8601. */
export function microsOfText(text: string, unit: TimeUnit): number {
  if (/^\s*\d{1,19}\s*$/.test(text)) {
    const value = Number(text);
    if (value <= Number.MAX_SAFE_INTEGER) return unit.micros(value);
    const exact = BigInt(text.trim());
    return unit.microsOfWords(Number(exact & 0xffffffffn), Number(exact >> 32n));
  }
  if (/^\s*\d+\.\d+\s*$/.test(text)) return unit.micros(Number(text));
  return microsOfIso(text);
}
