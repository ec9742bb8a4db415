import type { RawRows } from '../core/importer.js';
import { BOOK_SNAPSHOT } from '../core/kinds.js';
import { codeOf } from '../table/ledger-book.js';

const BAD_MESSAGE = codeOf('bad_message');

/**
 * Rejects the other rows of each book message that has a rejected one: with a level gone the book would be wrong
 * without a sign of it, while a message that is gone as a whole leaves a hole in the sequence. Rows of a message are
 * neighbours; `same` tells whether two of them belong together.
 */
export function rejectMessages(
  reject: Uint8Array,
  rows: number,
  same: (a: number, b: number) => boolean,
): void {
  for (let i = 0; i < rows; i++) {
    if (reject[i] === 0) continue;
    let to = i + 1;
    for (let k = i - 1; k >= 0 && same(k, i); k--) reject[k] ||= BAD_MESSAGE;
    for (; to < rows && same(to, i); to++) reject[to] ||= BAD_MESSAGE;
    i = to - 1;
  }
}

/**
 * Whether rows of a batch are levels of one message: of one record; or, in files with a record a level, changes of one
 * instrument with one sequence number. A snapshot in such a file is not lost for one level of it.
 */
export function sameMessage(raw: RawRows): (a: number, b: number) => boolean {
  const { record, instrument, columns } = raw;
  const seq = columns.seq?.kind === 'f64' ? columns.seq.values : undefined;
  const flags = columns.flags?.kind === 'codes' ? columns.flags.values : undefined;
  const change = (i: number): boolean => flags === undefined || (flags[i]! & BOOK_SNAPSHOT) === 0;
  return (a, b) =>
    (record !== undefined && record[a] === record[b]) ||
    // a NaN equals nothing: rows without a number are messages of their own
    (seq !== undefined && seq[a] === seq[b] && instrument[a] === instrument[b] && change(a) && change(b));
}
