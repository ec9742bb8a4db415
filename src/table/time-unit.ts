import { InputError } from '../core/errors.js';
import { microsOfIso } from '../core/parse-iso.js';
import { isNull, type SourceColumn } from './source-column.js';

export type TimeUnitName = 's' | 'ms' | 'us' | 'ns';

/** Units per second. */
export const PER_SECOND: Readonly<Record<TimeUnitName, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** Undeclared units are told by magnitude: stamps of 1980-01-01 to 2106-02-07 in each unit; these never overlap. */
export const FIRST_SECOND = 315_532_800;
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

const DECIMAL = /^\s*(\d{1,19})(?:\.(\d+))?\s*$/;

/** µs of a text: digits in the file's unit, floored, or ISO 8601. */
export function microsOfText(text: string, unit: TimeUnit): number {
  const match = DECIMAL.exec(text);
  return match ? unit.microsOfDigits(match[1]!, match[2] ?? '') : microsOfIso(text);
}
