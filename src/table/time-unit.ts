import { InputError } from '../core/errors.js';
import { isNull, type SourceColumn } from './source-column.js';

export type TimeUnitName = 's' | 'ms' | 'us' | 'ns';

/** Units per second. */
export const PER_SECOND: Readonly<Record<TimeUnitName, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** Undeclared units are told by magnitude: stamps of 1980-01-01 to 2106-02-07 in each unit; these never overlap. */
const FIRST_SECOND = 315_532_800;
const LAST_SECOND = 2 ** 32;
const UNITS = [1, 1e3, 1e6, 1e9] as const;
/** Rows of the first batch that decide. */
const SURVEYED = 2048;

/**
 * Unit of one file's numeric stamps: declared, or that of most stamps of its first batch with plausible ones; then
 * stamps before 1980 are of another unit, and bad.
 */
export class TimeUnit {
  perSecond: number;
  /** Stamps below are not believed. */
  #first = 0;
  /** First stamp of no plausible magnitude. */
  #odd: number | undefined;
  constructor(
    readonly input: string,
    readonly column: string,
    declared: TimeUnitName | undefined,
  ) {
    this.perSecond = declared === undefined ? 0 : PER_SECOND[declared];
  }

  /** Decides the unit before a batch is converted, so that one stray first stamp cannot. */
  survey(column: SourceColumn, rows: number): void {
    if (this.perSecond !== 0) return;
    const votes = [0, 0, 0, 0];
    for (let i = 0; i < rows && i < SURVEYED; i++) {
      if (isNull(column, i)) continue;
      let value = Number.NaN;
      if (column.kind === 'numbers') value = column.values[i]!;
      else if (column.kind === 'words')
        value = column.words[2 * i + 1]! * 4294967296 + (column.words[2 * i]! >>> 0);
      else if (column.kind === 'texts') {
        const match = DECIMAL.exec(column.texts[i] ?? '');
        if (match) value = Number(match[1]);
      } else return;
      const unit = unitOf(value);
      if (unit >= 0) votes[unit]!++;
      else if (Number.isFinite(value)) this.#odd ??= value;
    }
    const most = Math.max(...votes);
    if (most > 0) this.#set(UNITS[votes.indexOf(most)]!);
  }

  /** µs since the epoch; NaN while the unit is undecided. Floats are rounded, nanoseconds floored. */
  micros(value: number): number {
    if ((this.perSecond === 0 && !this.#decide(value)) || value < this.#first) return Number.NaN;
    if (this.perSecond === 1e6) return Math.floor(value);
    if (this.perSecond === 1e9) return Math.floor(value / 1000);
    return Math.round(value * (1e6 / this.perSecond));
  }

  /** As `micros`, exact for 64-bit integers in words. */
  microsOfWords(lo: number, hi: number): number {
    if (hi < 0) return Number.NaN;
    const value = hi * 4294967296 + lo;
    if ((this.perSecond === 0 && !this.#decide(value)) || value < this.#first) return Number.NaN;
    return microsOfWords(lo, hi, this.perSecond);
  }

  /** As `micros`, of a decimal's digits before and after the point: exact, floored. */
  microsOfDigits(whole: string, fraction: string): number {
    const value = Number(whole);
    if ((this.perSecond === 0 && !this.#decide(value)) || value < this.#first) return Number.NaN;
    if (this.perSecond === 1e9)
      return Number.isSafeInteger(value) ? Math.floor(value / 1000) : Number(BigInt(whole) / 1000n);
    const places = this.perSecond === 1 ? 6 : this.perSecond === 1e3 ? 3 : 0;
    return value * 10 ** places + Number(fraction.slice(0, places).padEnd(places, '0'));
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

  #set(perSecond: number): void {
    this.perSecond = perSecond;
    this.#first = FIRST_SECOND * perSecond;
  }

  #decide(value: number): boolean {
    const unit = unitOf(value);
    if (unit >= 0) this.#set(UNITS[unit]!);
    else if (Number.isFinite(value)) this.#odd ??= value;
    return unit >= 0;
  }
}

/** Place in UNITS of the one unit in which a stamp is plausible, or -1. */
const unitOf = (value: number): number =>
  UNITS.findIndex((perSecond) => value >= FIRST_SECOND * perSecond && value < LAST_SECOND * perSecond);

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
  // 24:00:00 is the day's end, and the only time in that hour
  if (hour === 24 && (minute > 0 || second > 0 || /[1-9]/.test(m[7] ?? ''))) return Number.NaN;
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

const DECIMAL = /^\s*(\d{1,19})(?:\.(\d+))?\s*$/;

/** µs of a text: digits in the file's unit, floored, or ISO 8601. */
export function microsOfText(text: string, unit: TimeUnit): number {
  const match = DECIMAL.exec(text);
  return match ? unit.microsOfDigits(match[1]!, match[2] ?? '') : microsOfIso(text);
}
