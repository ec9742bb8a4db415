import { InputError } from '../../core/errors.js';

/** A column of whole numbers; NaN is null where the array can hold it. */
export type Numbers = Float64Array | Int32Array | BigInt64Array;

/**
 * Rows of kind book_delta of one instrument, ordered by (ts, seq, input row), as a dataset stores them. A missing column
 * is null throughout. Ticks, lots and ids must stay below 2^53.
 */
export interface DeltaColumns {
  readonly rows: number;
  /** µs. */
  readonly ts: Numbers;
  readonly recv_ts?: Numbers;
  readonly seq?: Numbers;
  readonly first_seq?: Numbers;
  readonly prev_seq?: Numbers;
  /** +1 bid, -1 ask. */
  readonly side: Int8Array;
  readonly tick: Numbers;
  /** Absolute size, 0 deletes. */
  readonly lots: Numbers;
  /** BOOK_SNAPSHOT, BOOK_RESET, BOOK_EMPTY. */
  readonly flags?: Uint8Array | Uint16Array;
}

/** Rows `from` to `to` of a column in f64, all NaN without the column; copies only what is not f64 yet. */
export function f64Of(column: Numbers | undefined, from: number, to: number, name: string): Float64Array {
  if (column === undefined) return new Float64Array(to - from).fill(Number.NaN);
  if (column instanceof Float64Array) return column.subarray(from, to);
  if (column instanceof Int32Array) return Float64Array.from(column.subarray(from, to));
  // word by word: reading a BigInt64Array makes a BigInt of every row
  const words = new Int32Array(column.buffer, column.byteOffset + from * 8, (to - from) * 2);
  const out = new Float64Array(to - from);
  for (let i = 0; i < out.length; i++) {
    const value = words[2 * i + 1]! * 4294967296 + (words[2 * i]! >>> 0);
    if (!Number.isSafeInteger(value))
      throw new InputError(`book ${name}`, column[from + i], 'must be below 2^53');
    out[i] = value;
  }
  return out;
}
