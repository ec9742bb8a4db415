import { GAP, STALE } from '../../core/book-states.js';
import { InputError } from '../../core/errors.js';
import { gridOrigin } from '../../core/sessions.js';
import type { Book } from './book.js';
import type { BookRows, BookRowsBuilder } from './book-rows.js';
import { showsLevels } from './book-state.js';
import type { CoverageBuilder } from './coverage.js';
import type { ReplayOptions } from './replay-options.js';

/** Rows handed on at once. */
const BATCH = 65_536;

/**
 * The state of a book as time passes: when it becomes stale, what a grid sees, which rows are given. Time is that at
 * which things are known, max(ts, recv_ts); a grid time g sees messages known at g or before.
 */
export class Timeline {
  /** Times up to which the state was given; NaN before the first message. */
  now = Number.NaN;
  /** Before the first message none. */
  #state = -1;
  #seq = Number.NaN;
  /** Latest exchange time seen: a row is never of a time before what it contains. */
  #ts = Number.NEGATIVE_INFINITY;
  /** Exchange time of the latest update. */
  #updated = Number.NEGATIVE_INFINITY;
  #gridNext = Number.NaN;
  #given = 0;

  constructor(
    readonly options: ReplayOptions,
    readonly book: Book,
    readonly builder: BookRowsBuilder,
    readonly coverage: CoverageBuilder,
    readonly onRows: (rows: BookRows) => void,
  ) {}

  /** Time passes up to `at`, itself not included: a message may come then. */
  passTo(at: number): void {
    const { from } = this.options;
    if (this.now < from && from <= at) {
      this.#passTo(from);
      this.coverage.begin(from, this.#seq);
    }
    this.#passTo(at);
  }

  #passTo(at: number): void {
    if (Number.isNaN(this.now)) {
      const { every } = this.options;
      if (every > 0) this.#gridNext = Math.ceil((at - gridOrigin(every)) / every) * every + gridOrigin(every);
      this.now = at;
      return;
    }
    // the first µs at which the last update is older than allowed
    const staleAt = Math.max(this.#updated + this.options.maxAge + 1, this.now);
    if (this.#state !== GAP && this.#state !== STALE && staleAt < at) {
      this.#grid(staleAt);
      this.coverage.enter(STALE, staleAt, this.#seq);
      this.#state = STALE;
      this.#ts = Math.max(this.#ts, staleAt);
      if (this.options.every === 0) this.#give(this.#ts, staleAt);
    }
    this.#grid(at);
    this.now = at;
  }

  /**
   * A message known at `now`, of exchange time `ts`: the book is then of state `shape` (GAP if it is not known) and stands
   * at id `seq`. `updated` tells whether the message was applied; ids and rows are for coverage.
   */
  observe(
    ts: number,
    shape: number,
    seq: number,
    updated: boolean,
    messageSeq: number,
    firstRow: number,
    lastRow: number,
  ): void {
    this.#ts = Math.max(this.#ts, ts);
    if (updated) this.#updated = Math.max(this.#updated, ts);
    const state = shape !== GAP && this.now > this.#updated + this.options.maxAge ? STALE : shape;
    this.coverage.enter(state, this.now, this.#seq);
    this.coverage.count(messageSeq, firstRow, lastRow);
    const changed = state !== this.#state;
    this.#state = state;
    this.#seq = seq;
    if (this.options.every === 0 && (updated || changed)) this.#give(this.#ts, this.now);
  }

  /** The end: the grid runs to `until`, the last message's time if that is later. */
  finish(until: number): void {
    if (Number.isNaN(this.now)) return;
    const end = Math.max(until, this.now);
    this.passTo(end + 1);
    this.coverage.close(end);
    // it ended before what is asked for began
    if (end < this.options.from) this.coverage.spans.length = 0;
    if (this.builder.rows > 0) this.onRows(this.builder.take());
  }

  /** Rows of grid times before `end`, in the current state. */
  #grid(end: number): void {
    while (this.#gridNext < end) {
      this.#give(this.#gridNext, this.#gridNext);
      this.#gridNext += this.options.every;
    }
  }

  #give(ts: number, at: number): void {
    const { options, builder, book } = this;
    if (at < options.from || at >= options.to) return;
    if (this.#given++ === options.mostRows)
      throw new InputError(
        'replay',
        `${this.#given} rows`,
        `must be at most ${options.mostRows}: ask for a wider grid, fewer levels or a shorter time; or is a stamp far off?`,
      );
    const seq = this.#state === GAP ? Number.NaN : this.#seq;
    if (showsLevels(this.#state, options)) builder.add(ts, at, seq, this.#state, book.bids, book.asks);
    else builder.add(ts, at, seq, this.#state);
    if (builder.rows === BATCH) this.onRows(builder.take());
  }
}
