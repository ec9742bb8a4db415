import type { KindName } from '../core/kinds.js';
import { instrumentName } from '../dataset/instrument-facts.js';
import { coverageOf, DAY_MICROS, DaySet } from './inspect-days.js';
import { IdGaps } from './inspect-ids.js';
import { IntervalGaps } from './inspect-intervals.js';
import { SequenceBreaks } from './inspect-sequence.js';
import type { GapReport, InstrumentInspection, ScaleReport, Silence } from './inspect-types.js';

/** What one pass keeps of an instrument of one kind. */
export class InstrumentSurvey {
  rows = 0;
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  outOfOrder = 0;
  silence: Silence | null = null;
  scales: ScaleReport[] = [];
  readonly days = new DaySet();
  readonly ids: IdGaps | undefined;
  readonly sequence: SequenceBreaks | undefined;
  readonly intervals: IntervalGaps | undefined;

  constructor(
    readonly symbol: string,
    readonly venue: string,
    kind: KindName,
    hasInterval: boolean,
  ) {
    if (kind === 'trades') this.ids = new IdGaps();
    if (kind === 'book_delta') this.sequence = new SequenceBreaks(venue);
    if (hasInterval) this.intervals = new IntervalGaps();
  }

  /** The time of the next row. */
  at(ts: number): void {
    this.rows++;
    if (ts < this.first) this.first = ts;
    if (ts < this.last) {
      this.outOfOrder++;
      return;
    }
    const micros = ts - this.last;
    // the first row follows nothing
    if (micros > (this.silence?.micros ?? 0) && micros !== Number.POSITIVE_INFINITY)
      this.silence = { micros, from: this.last, to: ts };
    this.last = ts;
  }

  /**
   * Units from `from` on. A change of what is declared starts a new entry; units that are only the smallest decimal of
   * a day's values differ from day to day, and the finest stands for all.
   */
  units(scale: ScaleReport): void {
    const before = this.scales.at(-1);
    const changed = (key: 'tick' | 'lot' | 'contract' | 'multiplier'): boolean =>
      before?.[key] !== undefined && scale[key] !== undefined && before[key] !== scale[key];
    if (
      before === undefined ||
      changed('tick') ||
      changed('lot') ||
      changed('contract') ||
      changed('multiplier')
    ) {
      this.scales.push(scale);
      return;
    }
    const price = finer(before.price_unit, scale.price_unit);
    const size = finer(before.size_unit, scale.size_unit);
    this.scales[this.scales.length - 1] = {
      ...{ ...scale, ...before },
      ...(price === undefined ? {} : { price_unit: price }),
      ...(size === undefined ? {} : { size_unit: size }),
    };
  }

  /** Null where the checks say nothing: rows without ids, without widths. */
  gaps(): GapReport {
    const ids = this.ids && this.ids.rows > 0 ? this.ids.report() : null;
    const intervals = this.intervals?.report();
    return {
      ids,
      sequence: this.sequence?.report() ?? null,
      intervals: intervals && intervals.rows > 0 ? intervals : null,
      silence: this.silence,
    };
  }

  report(): InstrumentInspection {
    const { symbol, venue, rows, first, last, outOfOrder, scales } = this;
    return {
      name: instrumentName(this),
      ...{ venue, symbol, rows, first, last, outOfOrder },
      days: coverageOf(this.days, Math.floor(first / DAY_MICROS), Math.floor(last / DAY_MICROS)),
      scales,
      gaps: this.gaps(),
    };
  }
}

const finer = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Number(a) <= Number(b) ? a : b;
