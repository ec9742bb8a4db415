import { BOOK_STATES, type BookState, GAP } from '../../core/book-states.js';

/** A span of one state: half-open, µs, in the time at which things were known. */
export interface CoverageSpan {
  readonly from: number;
  readonly to: number;
  readonly state: BookState;
  readonly microseconds: number;
  /** Messages that came in the span. */
  readonly events: number;
  /** Ids and input rows of the first and the last of them, by row; NaN without any, ids also where they have none. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Id the book stood at before the span, NaN if there was no book. */
  readonly afterSeq: number;
}

/** A gap as the quality ledger names it. */
export interface GapEntry extends CoverageSpan {
  readonly reason: 'gap';
}

/** Collects spans; times must not fall. A state that lasts no time still has a span if a message came in it. */
export class CoverageBuilder {
  readonly spans: CoverageSpan[] = [];
  /** Code of the current state, -1 before the first. */
  state = -1;
  #from = 0;
  #events = 0;
  #firstRow = Number.NaN;
  #lastRow = Number.NaN;
  #firstSeq = Number.NaN;
  #lastSeq = Number.NaN;
  #afterSeq = Number.NaN;

  /** From `at` on the state is `state`; before, the book stood at id `seq`. */
  enter(state: number, at: number, seq: number): void {
    if (state === this.state) return;
    this.close(at);
    this.state = state;
    this.#from = at;
    this.#afterSeq = seq;
  }

  /** Forgets all before `at` and begins there, in the current state. */
  begin(at: number, seq: number): void {
    const { state } = this;
    this.close(at);
    this.spans.length = 0;
    if (state >= 0) this.enter(state, at, seq);
  }

  /** A message in the current state. Messages come as they were known, rows count in the order of exchange time. */
  count(seq: number, firstRow: number, lastRow: number): void {
    if (this.#events === 0 || firstRow < this.#firstRow) {
      this.#firstRow = firstRow;
      this.#firstSeq = seq;
    }
    if (this.#events++ === 0 || lastRow > this.#lastRow) {
      this.#lastRow = lastRow;
      this.#lastSeq = seq;
    }
  }

  /** Ends the current span. */
  close(at: number): void {
    if (this.state >= 0 && (at > this.#from || this.#events > 0))
      this.spans.push({
        from: this.#from,
        to: at,
        state: BOOK_STATES[this.state]!,
        microseconds: at - this.#from,
        events: this.#events,
        firstSeq: this.#firstSeq,
        lastSeq: this.#lastSeq,
        firstRow: this.#firstRow,
        lastRow: this.#lastRow,
        afterSeq: this.#afterSeq,
      });
    this.state = -1;
    this.#events = 0;
    this.#firstRow = this.#lastRow = this.#firstSeq = this.#lastSeq = Number.NaN;
  }
}

/** The gaps among spans, as entries of the ledger. */
export const gapsOf = (spans: readonly CoverageSpan[]): GapEntry[] =>
  spans.filter(({ state }) => state === BOOK_STATES[GAP]).map((span) => ({ ...span, reason: 'gap' }));
