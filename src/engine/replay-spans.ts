import { BOOK_STATES } from '../core/book-states.js';
import type { CoverageSpan } from '../ingest/replay/index.js';
import { integers, numbers, symbols, times } from '../table/plain-columns.js';
import type { PresentedTable } from '../table/presented.js';
import type { ReplayedBooks, ReplayedInstrument } from './replay.js';

type Span = CoverageSpan & { readonly instrument: number; readonly share: number };

/** Spans of one state, by instrument, then time. */
export function coverageTable(
  { instruments }: ReplayedBooks,
  metadata: Readonly<Record<string, string>>,
): PresentedTable {
  const spans = instruments.flatMap(({ coverage }, instrument): Span[] => {
    const whole = coverage.reduce((sum, { microseconds }) => sum + microseconds, 0);
    return coverage.map((span) => ({ ...span, instrument, share: span.microseconds / whole }));
  });
  const all = (of: (span: Span) => number): Float64Array => Float64Array.from(spans, of);
  return {
    rows: spans.length,
    metadata,
    columns: [
      symbols(
        'instrument',
        'venue:symbol',
        Uint32Array.from(spans, (s) => s.instrument),
        instrumentNames(instruments),
      ),
      times(
        'from',
        'first moment of the span, in the time at which things were known',
        all((s) => s.from),
      ),
      times(
        'to',
        'its end, exclusive',
        all((s) => s.to),
      ),
      symbols(
        ...(['state', BOOK_STATES.join(', ')] as const),
        Uint32Array.from(spans, (s) => BOOK_STATES.indexOf(s.state)),
        BOOK_STATES,
      ),
      integers(
        'duration_us',
        'µs',
        'to - from',
        all((s) => s.microseconds),
      ),
      integers(
        'events',
        'count',
        'messages that came in the span',
        all((s) => s.events),
      ),
      numbers(
        'share',
        'share',
        "of the instrument's time; null where that is 0",
        all((s) => s.share),
      ),
    ],
  };
}

/** The ledger of gaps: spans, not rejected rows, so they are no part of the count of rows read. */
export function gapTable(
  { input, instruments }: ReplayedBooks,
  metadata: Readonly<Record<string, string>>,
): PresentedTable {
  const gaps = instruments.flatMap(({ gaps: list }, instrument) =>
    list.map((gap) => ({ ...gap, instrument })),
  );
  const all = (of: (gap: (typeof gaps)[number]) => number): Float64Array => Float64Array.from(gaps, of);
  const none = new Uint32Array(gaps.length);
  return {
    rows: gaps.length,
    metadata,
    columns: [
      symbols('input', 'dataset or files', none, [input]),
      symbols(
        'instrument',
        'venue:symbol',
        Uint32Array.from(gaps, (g) => g.instrument),
        instrumentNames(instruments),
      ),
      times(
        'from',
        'when the gap was seen',
        all((g) => g.from),
      ),
      times(
        'to',
        'its end, exclusive: the next snapshot, or the end',
        all((g) => g.to),
      ),
      integers(
        'after_seq',
        'id',
        'update id of the book before; null if there was none',
        all((g) => g.afterSeq),
      ),
      integers(
        'first_seq',
        'id',
        'update id of the first message in the gap',
        all((g) => g.firstSeq),
      ),
      integers(
        'last_seq',
        'id',
        'update id of the last message in the gap',
        all((g) => g.lastSeq),
      ),
      integers(
        'first_row',
        'row',
        'its first row, from 0 in (ts, seq) order of the instrument',
        all((g) => g.firstRow),
      ),
      integers(
        'last_row',
        'row',
        'its last row',
        all((g) => g.lastRow),
      ),
      integers(
        'events',
        'count',
        'messages in the gap',
        all((g) => g.events),
      ),
      symbols('reason', 'why', none, ['gap']),
    ],
  };
}

export const instrumentNames = (instruments: readonly ReplayedInstrument[]): string[] =>
  instruments.map(({ instrument }) => instrument);
