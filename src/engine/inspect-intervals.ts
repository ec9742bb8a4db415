import { DAY_MICROS } from './inspect-days.js';
import type { IntervalReport } from './inspect-types.js';

/** Months have 28 to 31 days; all of them are one series of this width. */
const MONTH = 31 * DAY_MICROS;
/** Series told apart; rows of further widths are counted as irregular. */
const MOST_SERIES = 64;

interface Series {
  readonly width: number;
  rows: number;
  /** Start of the last row, and where the next one should start. */
  last: number;
  next: number;
}

/**
 * Follows rows that say how wide they are, a series for each width. A row narrower than a series, in the place of its
 * next, is one of it that was cut short (exchanges end bars when trading halts), unless more rows of its own width
 * follow or the full row comes too: then it began a series of its own.
 */
export class IntervalGaps {
  #rows = 0;
  #gaps = 0;
  #missing = 0;
  #repeated = 0;
  #irregular = 0;
  #cutShort = 0;
  #largest: { from: number; to: number; missing: number } | null = null;
  readonly #series = new Map<number, Series>();
  /** A row taken for one cut short, until the next row of its series or width decides. */
  #doubt: { readonly of: Series; readonly ts: number; readonly width: number } | undefined;

  /** Adds a row; a width that is no positive number is not known and not counted. */
  add(ts: number, interval: number): void {
    if (!(interval > 0)) return;
    this.#rows++;
    const width = isMonth(ts, interval) ? MONTH : interval;
    const doubt = this.#doubt;
    if (doubt !== undefined) {
      if (ts === doubt.ts && width === doubt.width) {
        this.#repeated++;
        return;
      }
      const full = width === doubt.of.width && ts === doubt.ts;
      const own = width === doubt.width && ts === doubt.ts + doubt.width;
      if (full || own) this.#split(doubt);
      if (full || own || width === doubt.of.width) this.#doubt = undefined;
    }
    const series = this.#series.get(width);
    if (series !== undefined && (series.rows > 1 || series.next === ts)) this.#follow(series, ts, interval);
    else if (!this.#shortened(ts, width)) {
      if (series !== undefined) this.#follow(series, ts, interval);
      else if (this.#series.size >= MOST_SERIES) this.#irregular++;
      else this.#series.set(width, { width, rows: 1, last: ts, next: ts + interval });
    }
  }

  #follow(series: Series, ts: number, interval: number): void {
    series.rows++;
    if (ts <= series.last) {
      if (ts === series.last) this.#repeated++;
      else this.#irregular++;
      return;
    }
    if (ts !== series.next) {
      const missing =
        series.width === MONTH ? months(ts) - months(series.next) : (ts - series.next) / series.width;
      if (missing >= 1) {
        this.#gaps++;
        this.#missing += Math.floor(missing);
        if (this.#largest === null || missing > this.#largest.missing)
          this.#largest = { from: series.next, to: ts, missing: Math.floor(missing) };
      }
      if (missing % 1 !== 0) this.#irregular++;
    }
    series.last = ts;
    series.next = ts + interval;
  }

  /** True if a wider series waits for a row at `ts`: it is cut short. */
  #shortened(ts: number, width: number): boolean {
    let of: Series | undefined;
    for (const series of this.#series.values())
      if (series.width > width && series.next === ts && (of === undefined || series.width < of.width))
        of = series;
    if (of === undefined) return false;
    this.#cutShort++;
    of.rows++;
    of.last = ts;
    of.next = ts + (of.width === MONTH ? monthOf(ts) : of.width);
    this.#doubt = { of, ts, width };
    return true;
  }

  /** The row in doubt began a series of its own: its place in the wider one is open again. */
  #split({ of, ts, width }: { of: Series; ts: number; width: number }): void {
    this.#cutShort--;
    of.rows--;
    of.next = ts;
    // whatever came before it, the row at `ts` is to be taken
    of.last = ts - 1;
    this.#series.set(width, { width, rows: 1, last: ts, next: ts + width });
  }

  report(): IntervalReport {
    const widths = [...this.#series.values()].map(({ width, rows }) => ({ interval: width, rows }));
    return {
      rows: this.#rows,
      widths: widths.sort((a, b) => a.interval - b.interval),
      ...{ gaps: this.#gaps, missing: this.#missing, repeated: this.#repeated },
      ...{ irregular: this.#irregular, cutShort: this.#cutShort, largest: this.#largest },
    };
  }
}

/** A calendar month from its first moment on. */
const isMonth = (ts: number, interval: number): boolean =>
  interval >= 28 * DAY_MICROS && interval <= MONTH && interval === monthOf(ts);

/** µs from `ts` to the same moment a month later, where `ts` is the first of a month; else NaN. */
function monthOf(ts: number): number {
  const date = new Date(ts / 1000);
  if (date.getUTCDate() !== 1 || ts % DAY_MICROS !== 0) return Number.NaN;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * 1000 - ts;
}

/** Months since year 0. */
function months(ts: number): number {
  const date = new Date(ts / 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
