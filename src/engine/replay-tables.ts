import { BOOK_STATES } from '../core/book-states.js';
import { decimalText } from '../core/decimal.js';
import { integers, numbers, symbols, times } from '../table/plain-columns.js';
import type { PresentedColumn, PresentedTable } from '../table/presented.js';
import { scaledF64, unitOf } from '../table/scaled-f64.js';
import type { ReplayedBooks, ReplayedInstrument } from './replay.js';
import { coverageTable, gapTable, instrumentNames } from './replay-spans.js';

export interface ReplayTableOptions {
  /** Adds `bid_tick_1`, `bid_lots_1`, …: the integers whose units the metadata names by instrument. */
  readonly exact?: boolean;
}

/** Names of the tables of a replay. */
export const REPLAY_TABLES = ['book_snapshot', 'coverage', 'ledger'] as const;

/**
 * A replay as tables: `book_snapshot`, a row a state; `coverage`, a row a span of one state; `ledger`, a row a gap. All by
 * instrument, then time. Prices and sizes are the integers times the instrument's unit, rounded once to f64.
 */
export function replayTables(
  books: ReplayedBooks,
  { exact = false }: ReplayTableOptions = {},
): Record<(typeof REPLAY_TABLES)[number], PresentedTable> {
  const metadata = {
    'steelyard.replay': JSON.stringify({
      ...books.params,
      rules: Object.fromEntries(books.instruments.map(({ instrument, rule }) => [instrument, rule])),
    }),
    'steelyard.inputHash': books.inputHash,
  };
  return {
    book_snapshot: stateTable(books, exact, metadata),
    coverage: coverageTable(books, metadata),
    ledger: gapTable(books, metadata),
  };
}

/** Rows of all instruments in one column. */
function joined(
  instruments: readonly ReplayedInstrument[],
  fill: (out: Float64Array, from: number, instrument: ReplayedInstrument) => void,
): Float64Array {
  const out = new Float64Array(instruments.reduce((sum, { states }) => sum + states.rows, 0));
  let from = 0;
  for (const instrument of instruments) {
    fill(out, from, instrument);
    from += instrument.states.rows;
  }
  return out;
}

function stateTable(
  { instruments, levels }: ReplayedBooks,
  exact: boolean,
  metadata: Readonly<Record<string, string>>,
): PresentedTable {
  const plain = (name: string): Float64Array =>
    joined(instruments, (out, from, { states }) => out.set(states.columns[name]!, from));
  const rows = instruments.reduce((sum, { states }) => sum + states.rows, 0);
  const codes = new Uint32Array(rows);
  const state = new Uint32Array(rows);
  let from = 0;
  instruments.forEach(({ states }, i) => {
    codes.fill(i, from, from + states.rows);
    state.set(states.state, from);
    from += states.rows;
  });
  const columns: PresentedColumn[] = [
    symbols('instrument', 'venue:symbol', codes, instrumentNames(instruments)),
    times('ts', 'latest exchange time the state contains; the grid time on a grid', plain('ts')),
    times('available_at', 'when the state was known, max(ts, local time of receipt)', plain('recv_ts')),
    integers(
      'seq',
      'id',
      'update id the book stands at; null in a gap and where the venue has none',
      plain('seq'),
    ),
    symbols('state', BOOK_STATES.join(', '), state, BOOK_STATES),
  ];
  for (let level = 1; level <= levels; level++)
    for (const side of ['bid', 'ask'])
      for (const what of ['price', 'size'] as const) {
        const stored = `${side}_${what === 'price' ? 'tick' : 'lots'}_${level}`;
        const values = joined(instruments, (out, at, { states, units }) => {
          const column = { values: states.columns[stored]!, wide: undefined };
          // scaledF64 reads and writes the same rows
          const part = out.subarray(at, at + states.rows);
          scaledF64(part, column, 0, states.rows, unitOf(units[what]));
        });
        const doc = `${what} of ${side} level ${level}, 1 is the best; null in every state whose policy shows no levels`;
        columns.push(numbers(`${side}_${what}_${level}`, what === 'price' ? 'quote' : 'base', doc, values));
        if (exact)
          columns.push(
            integers(
              stored,
              what === 'price' ? 'price units' : 'size units',
              `${doc}; in units`,
              plain(stored),
            ),
          );
      }
  const units = instruments.map(({ instrument, units: { price, size } }) => ({
    ...{ instrument, price: decimalText(price), size: decimalText(size) },
  }));
  return { rows, columns, metadata: { ...metadata, 'steelyard.units': JSON.stringify(units) } };
}
