import { BOOK_RESET, BOOK_SNAPSHOT } from '../../core/kinds.js';
import type { Book } from './book.js';
import { DAMAGED, type MessageStore } from './message-store.js';
import { type SequenceRule, snapshotsBeside, verdictOf } from './sequence-rule.js';

/** What became of the messages; their sum is the number of messages. */
export interface MessageCounts {
  /** Applied to the book, snapshots among them. */
  applied: number;
  /** Older than the book they met, snapshots among them. */
  old: number;
  /** Came while no book was valid and no later snapshot could use them. */
  unused: number;
}

/**
 * Decides by sequence numbers what a message does to the book. Without a valid book, messages of venues whose
 * snapshots come beside the stream wait for theirs, as the exchange's procedure says: of those that wait, the ones up to
 * the snapshot's id are dropped and the rest must follow it without a hole. The wait is bounded in rows; the oldest go
 * first, and a snapshot that would need them leaves the gap open.
 */
export class Sequencer {
  /** True while the book is known: a snapshot was read and nothing is missing since. */
  valid = false;
  /** Id the book stands at; in a gap the last good one. NaN if there was none. */
  last = Number.NaN;
  /** Levels dropped as leftovers of missed deletions. */
  repaired = 0;
  readonly counts: MessageCounts = { applied: 0, old: 0, unused: 0 };
  #fresh = false;
  #inSnapshot = false;
  #waiting: number[] = [];
  #waitingRows = 0;

  constructor(
    readonly rule: SequenceRule,
    readonly book: Book,
    readonly store: MessageStore,
    readonly repairs: boolean,
    readonly mostWaitingRows: number,
  ) {}

  /** Messages that the store must keep, ascending. */
  get waiting(): readonly number[] {
    return this.#waiting;
  }

  /** Takes the next message; true if the book was set or changed by it. */
  take(m: number): boolean {
    const flags = this.store.flags[m]!;
    const starts = (flags & BOOK_RESET) !== 0 || !this.#inSnapshot;
    this.#inSnapshot = (flags & BOOK_SNAPSHOT) !== 0;
    if (flags & DAMAGED) {
      this.valid = false;
      return this.#unused();
    }
    if (this.#inSnapshot) return this.#snapshot(m, starts);
    // stands for a snapshot of which no row was good: the book it told is unknown
    if (flags & BOOK_RESET) this.valid = false;
    if (!this.valid) {
      this.#wait(m);
      return false;
    }
    switch (this.#verdict(m)) {
      case 'apply':
        this.#apply(m);
        return true;
      case 'old':
        this.counts.old++;
        return false;
      default:
        this.valid = false;
        this.#wait(m);
        return false;
    }
  }

  /** Renames waiting messages, after the store moved them. */
  rename(name: (id: number) => number): void {
    this.#waiting = this.#waiting.map(name);
  }

  /** Counts what still waits as unused. */
  finish(): void {
    this.counts.unused += this.#waiting.length;
    this.#waiting = [];
  }

  /** A snapshot, or with `starts` false the rest of one that came in several messages. */
  #snapshot(m: number, starts: boolean): boolean {
    const seq = this.store.seq[m]!;
    if (snapshotsBeside(this.rule)) {
      if (this.valid && seq < this.last) {
        this.counts.old++;
        return false;
      }
      if (Number.isNaN(seq)) return this.#unused();
    }
    // the beginning of this snapshot was damaged: its rest is no book
    if (!starts && !this.valid) return this.#unused();
    if (starts) this.book.clear();
    this.valid = true;
    this.#apply(m);
    this.#fresh = true;
    if (this.#waiting.length > 0) this.#resume();
    return this.valid;
  }

  /** Applies what waited for the snapshot just read. */
  #resume(): void {
    const waiting = this.#waiting;
    for (let k = 0; k < waiting.length; k++) {
      const verdict = this.#verdict(waiting[k]!);
      if (verdict === 'break') {
        this.valid = false;
        this.#waiting = waiting.slice(k);
        this.#waitingRows = this.#waiting.reduce((rows, m) => rows + this.#rowsOf(m), 0);
        return;
      }
      if (verdict === 'apply') this.#apply(waiting[k]!);
      else this.counts.old++;
    }
    this.#waiting = [];
    this.#waitingRows = 0;
  }

  #wait(m: number): void {
    if (!snapshotsBeside(this.rule)) {
      this.counts.unused++;
      return;
    }
    this.#waiting.push(m);
    this.#waitingRows += this.#rowsOf(m);
    if (this.#waitingRows <= this.mostWaitingRows) return;
    // down to half at once, so that a long wait costs no more than its messages
    let drop = 0;
    let rows = this.#waitingRows;
    while (rows > this.mostWaitingRows / 2) rows -= this.#rowsOf(this.#waiting[drop++]!);
    this.#waiting = this.#waiting.slice(drop);
    this.#waitingRows = rows;
    this.counts.unused += drop;
  }

  #rowsOf(m: number): number {
    return this.store.from[m + 1]! - this.store.from[m]!;
  }

  #unused(): false {
    this.counts.unused++;
    return false;
  }

  #verdict(m: number): ReturnType<typeof verdictOf> {
    const { first, seq, prev } = this.store;
    return verdictOf(this.rule, this.last, this.#fresh, first[m]!, seq[m]!, prev[m]!);
  }

  #apply(m: number): void {
    this.book.apply(this.store, m);
    if (this.repairs) this.repaired += this.book.repair(this.store, m);
    this.last = this.store.seq[m]!;
    this.#fresh = false;
    this.counts.applied++;
  }
}
