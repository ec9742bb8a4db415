import { codeOf } from '../table/ledger-book.js';

const BAD_MESSAGE = codeOf('bad_message');

/**
 * Rejects the other rows of each record that has a rejected one. Levels of one record are one message of a book: with
 * one of them gone the book would be wrong without a sign of it, while a message that is gone as a whole leaves a hole
 * in the sequence. Rows of a record are neighbours.
 */
export function rejectMessages(reject: Uint8Array, record: Float64Array, rows: number): void {
  for (let i = 0; i < rows; i++) {
    if (reject[i] === 0) continue;
    let to = i + 1;
    for (let k = i - 1; k >= 0 && record[k] === record[i]; k--) reject[k] ||= BAD_MESSAGE;
    for (; to < rows && record[to] === record[i]; to++) reject[to] ||= BAD_MESSAGE;
    i = to - 1;
  }
}
