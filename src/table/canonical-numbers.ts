import type { InputError } from '../core/errors.js';
import type { RawNumbers } from '../core/raw.js';
import { isNull, type SourceColumn } from './source-column.js';

/** What a text column showed so far; one without a single value of its kind is the wrong column. */
export interface Seen {
  any: boolean;
  /** First text that is none. */
  odd?: string;
}

/** Prices or sizes of a batch, exact in whatever form the source has them. */
export function numbersOf(
  column: SourceColumn,
  rows: number,
  wrong: (must: string) => InputError,
  seen: Seen,
): { numbers: RawNumbers; nulls?: Uint8Array } {
  const nulls = column.valid && new Uint8Array(rows);
  if (nulls) for (let i = 0; i < rows; i++) nulls[i] = isNull(column, i) ? 1 : 0;
  const marks = nulls ? { nulls } : {};
  switch (column.kind) {
    case 'numbers': {
      if (column.values instanceof Float32Array)
        throw wrong('f64, decimal, integer or text: 32-bit floats do not hold decimals');
      for (let i = 0; i < rows && !seen.any; i++) seen.any = !Number.isNaN(column.values[i]!);
      if (column.values instanceof Float64Array && !nulls)
        return { numbers: { kind: 'f64', values: column.values.subarray(0, rows) } };
      const values = new Float64Array(rows);
      for (let i = 0; i < rows; i++) values[i] = nulls?.[i] ? Number.NaN : column.values[i]!;
      return { numbers: { kind: 'f64', values } };
    }
    case 'words':
      return {
        ...marks,
        numbers: { kind: 'decimal', unscaled: bigints(column.words, 2, column.unsigned, rows), scale: 0 },
      };
    case 'decimals':
      return {
        ...marks,
        numbers: {
          kind: 'decimal',
          unscaled: bigints(column.words, column.stride, false, rows),
          scale: column.scale,
        },
      };
    case 'texts':
      look(column.texts, seen, /^\s*[+-]?\.?\d/, /^\s*(|nan|null|none|[+-]?inf(inity)?)\s*$/i);
      return { numbers: { kind: 'text', values: column.texts } };
    default:
      throw wrong('a number, decimal or text');
  }
}

/** Notes the first text of the kind wanted, or else the first one that is neither of it nor empty. */
export function look(texts: readonly (string | null)[], seen: Seen, wanted: RegExp, empty: RegExp): void {
  for (let i = 0; i < texts.length && !seen.any; i++) {
    const text = texts[i]!;
    if (text === null) continue;
    if (wanted.test(text)) seen.any = true;
    else if (seen.odd === undefined && !empty.test(text)) seen.odd = text;
  }
}

/** Two-word values keep their buffer; four-word values become BigInts (rare: decimals beyond 18 digits). */
function bigints(
  words: Int32Array,
  stride: 2 | 4,
  unsigned: boolean,
  rows: number,
): BigInt64Array | bigint[] {
  if (stride === 2 && !unsigned && words.byteOffset % 8 === 0)
    return new BigInt64Array(words.buffer, words.byteOffset, rows);
  const out: bigint[] = [];
  for (let i = 0; i < rows; i++) {
    let value = 0n;
    for (let w = stride - 1; w >= 0; w--) value = (value << 32n) | BigInt(words[i * stride + w]! >>> 0);
    out.push(unsigned ? value : BigInt.asIntN(stride * 32, value));
  }
  return out;
}
