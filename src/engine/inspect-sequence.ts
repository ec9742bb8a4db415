import { BOOK_RESET, BOOK_SNAPSHOT } from '../core/kinds.js';
import {
  type SequenceRule,
  sequenceRuleOf,
  snapshotsBeside,
  verdictOf,
} from '../ingest/replay/sequence-rule.js';
import type { SequenceReport } from './inspect-types.js';

const EXAMPLES = 3;

/**
 * Counts messages of a book that do not follow the one before, by the rule of the venue that replay keeps. Snapshots
 * that come beside the stream have no place in it; those that are part of it begin anew.
 */
export class SequenceBreaks {
  #rule: SequenceRule | undefined;
  #messages = 0;
  #snapshots = 0;
  #breaks = 0;
  #old = 0;
  #last = Number.NaN;
  readonly #examples: { ts: number; after: number; found: number | null }[] = [];
  // the message that the last row was of
  #ts = Number.NaN;
  #seq = Number.NaN;
  #first = Number.NaN;
  #prev = Number.NaN;
  #snapshot = false;

  constructor(readonly venue: string) {}

  /** Adds a row; rows that agree in time, ids and kind are one message. Absent ids are NaN. */
  add(ts: number, seq: number, first: number, prev: number, flags: number): void {
    const snapshot = (flags & BOOK_SNAPSHOT) !== 0;
    if (
      ts === this.#ts &&
      snapshot === this.#snapshot &&
      (flags & BOOK_RESET) === 0 &&
      same(seq, this.#seq) &&
      same(first, this.#first) &&
      same(prev, this.#prev)
    )
      return;
    const continues = snapshot && this.#snapshot && (flags & BOOK_RESET) === 0;
    this.#ts = ts;
    this.#seq = seq;
    this.#first = first;
    this.#prev = prev;
    this.#snapshot = snapshot;
    this.#rule ??= sequenceRuleOf(this.venue, !Number.isNaN(seq));
    if (snapshot) {
      if (!continues) this.#snapshots++;
      if (!snapshotsBeside(this.#rule)) this.#last = seq;
      return;
    }
    this.#messages++;
    this.#follow(this.#rule, ts, seq, first, prev);
  }

  #follow(rule: SequenceRule, ts: number, seq: number, first: number, prev: number): void {
    if (rule === 'none') return;
    const last = this.#last;
    if (!Number.isNaN(last)) {
      const verdict = verdictOf(rule, last, false, first, seq, prev);
      if (verdict === 'old') {
        this.#old++;
        return;
      }
      if (verdict === 'break') {
        this.#breaks++;
        const found = rule === 'binance-futures' ? prev : rule === 'binance-spot' ? first : seq;
        if (this.#examples.length < EXAMPLES)
          this.#examples.push({ ts, after: last, found: Number.isNaN(found) ? null : found });
      }
    }
    if (!Number.isNaN(seq)) this.#last = seq;
  }

  report(): SequenceReport {
    const checked = this.#rule !== undefined && this.#rule !== 'none';
    return {
      rule: checked ? this.#rule! : null,
      messages: this.#messages,
      snapshots: this.#snapshots,
      breaks: checked ? this.#breaks : null,
      old: checked ? this.#old : null,
      examples: this.#examples,
    };
  }
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
