import { GAP } from '../../core/book-states.js';
import { ArrivalQueue } from './arrival-queue.js';
import { Book } from './book.js';
import { type BookRows, BookRowsBuilder, joinRows } from './book-rows.js';
import { CoverageBuilder, type CoverageSpan, type GapEntry, gapsOf } from './coverage.js';
import type { DeltaColumns } from './delta-columns.js';
import { MessageStore } from './message-store.js';
import { checkedOptions, type ReplayOptions } from './replay-options.js';
import { type MessageCounts, Sequencer } from './sequencer.js';
import { Timeline } from './timeline.js';

/** Rows taken at once, which bounds what is held of a long input. */
const SLICE = 65_536;
/** Fewer messages than this are not worth tidying up. */
const MESSAGES = 256;

export interface ReplaySummary {
  readonly coverage: readonly CoverageSpan[];
  readonly gaps: readonly GapEntry[];
  readonly rows: number;
  readonly messages: number;
  readonly counts: Readonly<MessageCounts>;
  /** Levels dropped by policy `repair`. */
  readonly repaired: number;
}

/**
 * Rebuilds one instrument's book from its changes and gives its states.
 *
 * Rows come in order of (ts, seq, input row), in any cut: `push` as often as there are batches or partitions, then
 * `finish`. Messages are applied in the order in which they were known, max(ts, recv_ts), ties in the order given.
 * So nothing is seen before it was known: the replay of what was known at t is what the replay of everything gives up
 * to t. It is also the order of the stream where exchange times run back. A message waits in the queue until no row to
 * come can be known before it.
 */
export class BookReplay {
  readonly #options: ReplayOptions;
  readonly #store = new MessageStore();
  readonly #queue = new ArrivalQueue();
  readonly #book = new Book();
  readonly #coverage = new CoverageBuilder();
  readonly #sequencer: Sequencer;
  readonly #timeline: Timeline;
  /** First message not queued yet: the newest one, still open. */
  #open = 0;
  #messages = 0;
  #compactAt = MESSAGES;
  #given = 0;

  constructor(
    options: Partial<ReplayOptions> & Pick<ReplayOptions, 'rule'>,
    onRows: (rows: BookRows) => void,
  ) {
    this.#options = checkedOptions(options);
    const { rule, crossed, waitingRows } = this.#options;
    this.#sequencer = new Sequencer(rule, this.#book, this.#store, crossed === 'repair', waitingRows);
    const give = (rows: BookRows): void => {
      this.#given += rows.rows;
      onRows(rows);
    };
    this.#timeline = new Timeline(
      this.#options,
      this.#book,
      new BookRowsBuilder(this.#options),
      this.#coverage,
      give,
    );
  }

  /** Takes rows on. InputError at rows out of order and at numbers of 2^53 or more. */
  push(columns: DeltaColumns): void {
    for (let from = 0; from < columns.rows; from += SLICE) {
      this.#store.append(columns, from, Math.min(from + SLICE, columns.rows));
      this.#enqueue(this.#store.messages - 1);
      this.#release(this.#store.ts[this.#store.messages - 1]!);
      this.#compact();
    }
  }

  /** The end of the rows. States are given up to `until`, µs, or to the last message if that is later. */
  finish(until = Number.NEGATIVE_INFINITY): ReplaySummary {
    this.#enqueue(this.#store.messages);
    this.#release(Number.POSITIVE_INFINITY);
    this.#sequencer.finish();
    this.#timeline.finish(until);
    return {
      coverage: this.#coverage.spans,
      gaps: gapsOf(this.#coverage.spans),
      rows: this.#given,
      messages: this.#messages,
      counts: this.#sequencer.counts,
      repaired: this.#sequencer.repaired,
    };
  }

  #enqueue(end: number): void {
    for (; this.#open < end; this.#open++) this.#queue.push(this.#store.available[this.#open]!, this.#open);
  }

  /** Applies what was known by `time`: rows to come are of that time or later, so they cannot come before it. */
  #release(time: number): void {
    const store = this.#store;
    const sequencer = this.#sequencer;
    while (this.#queue.firstKey <= time && this.#queue.size > 0) {
      const m = this.#queue.pop();
      this.#messages++;
      this.#timeline.passTo(store.available[m]!);
      const updated = sequencer.take(m);
      const firstRow = store.row[m]!;
      this.#timeline.observe(
        store.ts[m]!,
        sequencer.valid ? this.#book.shape() : GAP,
        sequencer.last,
        updated,
        store.seq[m]!,
        firstRow,
        firstRow + store.from[m + 1]! - store.from[m]! - 1,
      );
    }
  }

  /** Forgets messages that are done with, once they are most of the store. */
  #compact(): void {
    const store = this.#store;
    if (store.messages < this.#compactAt) return;
    const held = [...this.#sequencer.waiting, ...this.#queue.ids()];
    for (let m = this.#open; m < store.messages; m++) held.push(m);
    this.#compactAt = Math.max(2 * held.length, MESSAGES);
    if (held.length * 2 > store.messages) return;
    held.sort((a, b) => a - b);
    const names = new Map(held.map((m, k) => [m, k]));
    store.keep(held);
    this.#queue.rename((m) => names.get(m)!);
    this.#sequencer.rename((m) => names.get(m)!);
    this.#open = names.get(this.#open) ?? held.length;
  }
}

export interface ReplayResult extends ReplaySummary {
  /** All states, in order. */
  readonly states: BookRows;
}

/**
 * Replays one instrument's rows of kind book_delta (`DeltaColumns`) in one go, into memory. `sequenceRuleOf` tells the rule of
 * a venue, `replayOptions` makes options of checked `replayParams`. Instruments are independent: see `replayInstruments`
 * for many at once, and `BookReplay` for inputs that come in batches or states that should be written as they come.
 *
 * Null policy: levels are null in every state but ok and locked (`crossed: 'keep'` and `oneSided: 'extreme'` add those),
 * and beyond the depth of the book; `seq` is the id the book stands at, null in a gap. On a gap one row is given at the
 * message that showed it, then none before the next snapshot; a grid goes on through it.
 */
export function replayBook(
  columns: DeltaColumns,
  options: Partial<ReplayOptions> & Pick<ReplayOptions, 'rule'>,
  until?: number,
): ReplayResult {
  const parts: BookRows[] = [];
  const replay = new BookReplay(options, (rows) => parts.push(rows));
  replay.push(columns);
  const summary = replay.finish(until);
  return { ...summary, states: joinRows(parts, checkedOptions(options)) };
}
