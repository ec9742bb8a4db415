import type { BookState } from '../core/book-states.js';
import type { ReplayedBooks, ReplayedInstrument } from './replay.js';

/** Time and messages in one state; `share` of all time covered, null where that is 0. */
export interface StateTotal {
  readonly state: BookState;
  readonly microseconds: number;
  readonly share: number | null;
  readonly spans: number;
  readonly events: number;
}

interface Totals {
  /** Messages in all, and how many were applied, were older than the book, came to no use. */
  readonly messages: number;
  readonly applied: number;
  readonly old: number;
  readonly unused: number;
  /** Levels dropped by policy `repair`. */
  readonly repaired: number;
  /** States given. */
  readonly rows: number;
  readonly gaps: number;
  /** States met, by time. */
  readonly states: readonly StateTotal[];
}

export interface InstrumentSummary extends Totals {
  readonly instrument: string;
  readonly rule: string;
  /** µs; null without coverage. */
  readonly from: number | null;
  readonly to: number | null;
}

/** What a replay did, in counts. */
export interface ReplayReport extends Totals {
  readonly input: string;
  readonly params: Readonly<Record<string, string>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly instruments: readonly InstrumentSummary[];
  /** Time it took to open the input, native files being imported, and to replay it. */
  readonly openSeconds: number;
  readonly seconds: number;
}

/** Counts of a replay, by instrument and in all. */
export function replayReport(books: ReplayedBooks): ReplayReport {
  const { input, params, rejected, openSeconds, seconds } = books;
  return {
    ...{ input, params, rejected, ...totals(books.instruments) },
    instruments: books.instruments.map((one) => ({
      ...{ instrument: one.instrument, rule: one.rule },
      from: one.coverage[0]?.from ?? null,
      to: one.coverage.at(-1)?.to ?? null,
      ...totals([one]),
    })),
    ...{ openSeconds, seconds },
  };
}

function totals(instruments: readonly ReplayedInstrument[]): Totals {
  const sum = (of: (instrument: ReplayedInstrument) => number): number =>
    instruments.reduce((total, instrument) => total + of(instrument), 0);
  return {
    messages: sum(({ messages }) => messages),
    applied: sum(({ counts }) => counts.applied),
    old: sum(({ counts }) => counts.old),
    unused: sum(({ counts }) => counts.unused),
    repaired: sum(({ repaired }) => repaired),
    rows: sum(({ rows }) => rows),
    gaps: sum(({ gaps }) => gaps.length),
    states: stateTotals(instruments),
  };
}

function stateTotals(instruments: readonly ReplayedInstrument[]): StateTotal[] {
  const found = new Map<BookState, { microseconds: number; spans: number; events: number }>();
  let whole = 0;
  for (const { coverage } of instruments)
    for (const { state, microseconds, events } of coverage) {
      const of = found.get(state) ?? { microseconds: 0, spans: 0, events: 0 };
      of.microseconds += microseconds;
      of.events += events;
      of.spans++;
      whole += microseconds;
      found.set(state, of);
    }
  return [...found]
    .map(([state, of]) => ({ state, ...of, share: whole > 0 ? of.microseconds / whole : null }))
    .sort((a, b) => b.microseconds - a.microseconds || (a.state < b.state ? -1 : 1));
}
