type SmallNumbers =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** One batch of one column in the layouts that Arrow and DuckDB share; `valid` has bit i of byte i>>3 set where not null. */
export type SourceColumn = { readonly type: string; readonly valid?: Uint8Array | undefined } & (
  | { readonly kind: 'numbers'; readonly values: SmallNumbers }
  /** 64-bit integers, two words each, low first. */
  | { readonly kind: 'words'; readonly words: Int32Array; readonly unsigned: boolean }
  | { readonly kind: 'decimals'; readonly words: Int32Array; readonly stride: 2 | 4; readonly scale: number }
  | { readonly kind: 'stamps'; readonly words: Int32Array; readonly perSecond: number }
  | { readonly kind: 'codes'; readonly codes: ArrayLike<number>; readonly texts: readonly (string | null)[] }
  | { readonly kind: 'texts'; readonly texts: readonly (string | null)[] }
  /** Days since the epoch. */
  | { readonly kind: 'dates'; readonly days: Int32Array }
  /** Of no use here. */
  | { readonly kind: 'other' }
);

export const isNull = (column: SourceColumn, i: number): boolean =>
  column.valid !== undefined && ((column.valid[i >> 3]! >> (i & 7)) & 1) === 0;

/** Integer i of a 64-bit column; a BigInt beyond 2^53. */
export function wordsAt(column: SourceColumn & { readonly kind: 'words' }, i: number): number | bigint {
  const lo = column.words[2 * i]! >>> 0;
  const hi = column.unsigned ? column.words[2 * i + 1]! >>> 0 : column.words[2 * i + 1]!;
  const value = hi * 4294967296 + lo;
  return Number.isSafeInteger(value) ? value : (BigInt(hi) << 32n) + BigInt(lo);
}
