/**
 * Exact integers of any size beside f64 speed. Sums are f64 while |value| ≤ 2^53 (then exact);
 * a cell beyond keeps its exact value in `wide` and its nearest f64 in `values`.
 */

/** Above this magnitude an f64 no longer holds every integer. */
export const SAFE = 2 ** 53;

/** Notional is Decimal128 in Arrow: 38 digits. */
export const DECIMAL128_MAX = 10n ** 38n - 1n;

/** Exact integers of any size, one a row. */
export interface ExactColumn {
  readonly values: Float64Array;
  /** Rows whose magnitude exceeds 2^53, with their exact value. */
  wide: Map<number, bigint> | undefined;
}

/** A column of zeros. */
export const exactColumn = (rows: number): ExactColumn => ({
  values: new Float64Array(rows),
  wide: undefined,
});

/** Whether a column is an ExactColumn rather than a typed array. */
export const isExact = (column: unknown): column is ExactColumn =>
  typeof column === 'object' && column !== null && 'values' in column && 'wide' in column;

/** The exact value of a row. */
export const bigAt = (column: ExactColumn, row: number): bigint =>
  column.wide?.get(row) ?? BigInt(column.values[row]!);

/** Sets a row to any integer. */
export function setBig(column: ExactColumn, row: number, value: bigint): void {
  column.values[row] = Number(value);
  if (value > 9007199254740992n || value < -9007199254740992n) {
    column.wide ??= new Map();
    column.wide.set(row, value);
  } else column.wide?.delete(row);
}

/** target[row] += source[at], exactly. */
export function addExact(target: ExactColumn, row: number, source: ExactColumn, at: number): void {
  const sum = target.values[row]! + source.values[at]!;
  // strict bounds: 2^53 itself may be the rounding of 2^53 + 1
  if (sum < SAFE && sum > -SAFE && !target.wide?.has(row) && !source.wide?.has(at)) target.values[row] = sum;
  else setBig(target, row, bigAt(target, row) + bigAt(source, at));
}

/** Quotient of two integers, rounded once to the nearest f64 (ties to even). den ≠ 0. */
export function divideBig(num: bigint, den: bigint): number {
  if (num === 0n) return 0;
  const negative = num < 0n !== den < 0n;
  const n = num < 0n ? -num : num;
  const d = den < 0n ? -den : den;
  // 66 or 67 quotient bits and a sticky bit: more than f64's 53, so Number() rounds as the exact value would
  const shift = bitLength(d) - bitLength(n) + 66;
  const top = shift >= 0 ? n << BigInt(shift) : n;
  const bottom = shift >= 0 ? d : d << BigInt(-shift);
  const quotient = top / bottom;
  const sticky = quotient * bottom === top ? 0n : 1n;
  const scaled = Number((quotient << 1n) | sticky);
  const result = scaleByPowerOfTwo(scaled, -(shift + 1));
  return negative ? -result : result;
}

const bitLength = (value: bigint): number => {
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
};

const scaleByPowerOfTwo = (value: number, exponent: number): number =>
  exponent < -1000
    ? value * 2 ** -1000 * 2 ** (exponent + 1000)
    : exponent > 1000
      ? value * 2 ** 1000 * 2 ** (exponent - 1000)
      : value * 2 ** exponent;

/** Row-wise num/den, correctly rounded; null (NaN) where den is 0. */
export function ratio(num: ExactColumn, den: ExactColumn): Float64Array {
  const out = new Float64Array(num.values.length);
  const a = num.values;
  const b = den.values;
  for (let i = 0; i < out.length; i++) out[i] = b[i] === 0 ? Number.NaN : a[i]! / b[i]!;
  for (const wide of [num.wide, den.wide])
    if (wide) for (const i of wide.keys()) if (b[i] !== 0) out[i] = divideBig(bigAt(num, i), bigAt(den, i));
  return out;
}

/** Small integer weights of three columns. */
export type Weights = readonly [number, number, number];

/** Row-wise w · columns, exactly; the columns are non-negative. */
export function weightedSum(
  columns: readonly [ExactColumn, ExactColumn, ExactColumn],
  w: Weights,
): ExactColumn {
  const [a, b, c] = columns.map((column) => column.values) as [Float64Array, Float64Array, Float64Array];
  const [x, y, z] = w;
  const out = exactColumn(a.length);
  for (let i = 0; i < a.length; i++) {
    // the sum of magnitudes bounds every intermediate value
    if (a[i]! + b[i]! + c[i]! < SAFE) out.values[i] = x * a[i]! + y * b[i]! + z * c[i]!;
    else setBig(out, i, bigSum(columns, w, i));
  }
  return out;
}

/** Row-wise (num · columns) / (den · columns), rounded once; null (NaN) where the denominator is 0. */
export function weightedRatio(
  columns: readonly [ExactColumn, ExactColumn, ExactColumn],
  num: Weights,
  den: Weights,
): Float64Array {
  const [a, b, c] = columns.map((column) => column.values) as [Float64Array, Float64Array, Float64Array];
  const [x, y, z] = num;
  const [u, v, w] = den;
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const below = u * a[i]! + v * b[i]! + w * c[i]!;
    if (below === 0) out[i] = Number.NaN;
    else if (a[i]! + b[i]! + c[i]! < SAFE) out[i] = (x * a[i]! + y * b[i]! + z * c[i]!) / below;
    else out[i] = divideBig(bigSum(columns, num, i), bigSum(columns, den, i));
  }
  return out;
}

const bigSum = (columns: readonly ExactColumn[], w: Weights, row: number): bigint =>
  columns.reduce((sum, column, n) => sum + bigAt(column, row) * BigInt(w[n]!), 0n);

/** Rows from `start` (two's complement words, low first, `words` a row) as an exact column. */
export function decodeWords(
  source: Uint32Array,
  rows: number,
  words: 2 | 3 | 4,
  signed: boolean,
): ExactColumn {
  const out = exactColumn(rows);
  for (let i = 0, at = 0; i < rows; i++, at += words) {
    const lo = source[at]!;
    const hi = signed ? source[at + 1]! | 0 : source[at + 1]!;
    const sign = signed && hi < 0 ? 0xffffffff : 0;
    let narrow = hi < 0x200000 && hi >= -0x200000;
    for (let w = 2; w < words; w++) narrow &&= source[at + w] === sign;
    // 2^53 bounds hi; the remaining words must be pure sign extension
    if (narrow) out.values[i] = hi * 4294967296 + lo;
    else {
      let value = 0n;
      for (let w = words - 1; w >= 0; w--) value = (value << 32n) | BigInt(source[at + w]!);
      setBig(out, i, signed ? BigInt.asIntN(words * 32, value) : value);
    }
  }
  return out;
}

/** The pair of words (lo, hi) from `at` on as an unsigned integer; the nearest f64 beyond 2^53. */
export const pairAt = (words: Uint32Array, at: number): number => words[at + 1]! * 4294967296 + words[at]!;

/** Word pairs (lo, hi) as the f64 whose bits they are. */
export const decodeF64 = (words: Uint32Array): Float64Array =>
  words.byteOffset % 8 === 0
    ? new Float64Array(words.buffer, words.byteOffset, words.length >> 1)
    : new Float64Array(words.slice().buffer);

/** Rows `[from, to)` of an exact or f64 column as 128-bit two's complement words, low first. */
export function encodeWords(column: ExactColumn, from: number, to: number): Uint32Array {
  const out = new Uint32Array((to - from) * 4);
  for (let i = from, at = 0; i < to; i++, at += 4) {
    const value = column.values[i]!;
    if (value < SAFE && value > -SAFE) {
      const hi = Math.floor(value / 4294967296);
      const sign = value < 0 ? 0xffffffff : 0;
      out[at] = value;
      out[at + 1] = hi;
      out[at + 2] = sign;
      out[at + 3] = sign;
    } else {
      let rest = BigInt.asUintN(128, bigAt(column, i));
      for (let w = 0; w < 4; w++, rest >>= 32n) out[at + w] = Number(rest & 0xffffffffn);
    }
  }
  return out;
}
