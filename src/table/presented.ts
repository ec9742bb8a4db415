/**
 * A column as a reader sees it, in typed arrays the writers take as they are. 64-bit integers are pairs of
 * words and decimals four words, two's complement, low first: BigInt64Array is an order slower to fill.
 */
export type PresentedData =
  | { readonly type: 'symbol'; readonly codes: Uint32Array; readonly values: readonly string[] }
  /** Texts that seldom repeat; what lies beneath a null is of no account. */
  | { readonly type: 'text'; readonly values: readonly (string | null)[] }
  /** µs since the epoch, UTC, two words. */
  | { readonly type: 'timestamp'; readonly words: Uint32Array }
  | { readonly type: 'f64'; readonly values: Float64Array }
  | { readonly type: 'u32'; readonly values: Uint32Array }
  | { readonly type: 'i64'; readonly words: Uint32Array }
  /** Decimal128(38, scale), four words. */
  | { readonly type: 'decimal'; readonly words: Uint32Array; readonly scale: number };

export interface PresentedColumn {
  readonly name: string;
  readonly data: PresentedData;
  /** Validity bits, least significant first, 1 = valid, in whole 64-bit words; absent where nothing is null. */
  readonly valid?: Uint8Array;
  readonly nulls: number;
  /** Where tables follow one another in a file: whether any of them may have nulls; else whether this one has. */
  readonly nullable?: boolean;
  /** unit, accuracy, nulls and doc of the column: becomes field metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PresentedTable {
  readonly rows: number;
  readonly columns: readonly PresentedColumn[];
  readonly metadata: Readonly<Record<string, string>>;
}

export const isValid = (column: PresentedColumn, row: number): boolean =>
  column.valid === undefined || ((column.valid[row >> 3]! >> (row & 7)) & 1) === 1;

/** The integer in words `2·row` of a 64-bit column; exact up to 2^53. */
export const readInt64 = (words: Uint32Array, row: number): number =>
  (words[2 * row + 1]! | 0) * 4294967296 + words[2 * row]!;

/** Integers (|v| ≤ 2^53) as 64-bit words. */
export function int64Words(values: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const high = Math.floor(value / 4294967296);
    // the difference stays in u32: a conversion that has to wrap is several times slower
    words[2 * i] = value - high * 4294967296;
    words[2 * i + 1] = high;
  }
  return words;
}
