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

  /** Units from `from` on; kept where they differ from those before. */
  units({ from, ...scale }: ScaleReport): void {
    const before = this.scales.at(-1);
    const { from: _, ...known } = before ?? {};
    if (before !== undefined && JSON.stringify(known) === JSON.stringify(scale)) return;
    this.scales.push(from === undefined ? scale : { from, ...scale });
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
