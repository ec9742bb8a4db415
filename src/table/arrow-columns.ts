import type { Data, DataType, Field, RecordBatch, Vector } from 'apache-arrow';
import { InputError } from '../core/errors.js';
import type { SourceColumn } from './source-column.js';

// apache-arrow's Type enum, restated so that only types are imported here
const INT = 2;
const FLOAT = 3;
const UTF8 = 5;
const BOOL = 6;
const DECIMAL = 7;
const DATE = 8;
const TIMESTAMP = 10;
const LARGE_UTF8 = 20;
const UTF8_VIEW = 24;
const DICTIONARY = -1;
const UNIT_PER_SECOND = [1, 1e3, 1e6, 1e9];

/** Texts of a dictionary, kept while the dictionary object stays the same. */
export type DictionaryTexts = WeakMap<object, readonly (string | null)[]>;

/** A column of one record batch as a SourceColumn, without copying numbers. */
export function arrowColumn(
  input: string,
  batch: RecordBatch,
  field: Field,
  index: number,
  dictionaries: DictionaryTexts,
): SourceColumn {
  const data = batch.data.children[index] as Data<DataType>;
  const rows = batch.numRows;
  const type = String(field.type);
  const damaged = (): InputError =>
    new InputError(`${input} column ${field.name} of`, type, 'is damaged: fewer values than rows');
  if (data === undefined || data.length !== rows) throw damaged();
  const valid = validity(data, rows);
  if (valid === null) throw damaged();
  const base = { type, valid };
  const whole = <T extends { length: number }>(values: T, length: number): T => {
    if (values === undefined || values.length < length) throw damaged();
    return values;
  };
  const id = data.type.typeId as number;
  if (id === INT) {
    const bits = (data.type as { bitWidth?: number }).bitWidth;
    if (bits !== 64) return { ...base, kind: 'numbers', values: whole(data.values as Int32Array, rows) };
    const unsigned = (data.type as { isSigned?: boolean }).isSigned === false;
    return { ...base, kind: 'words', words: whole(words(data.values), rows * 2), unsigned };
  }
  if (id === FLOAT) {
    if ((data.type as { precision?: number }).precision === 0)
      throw new InputError(`${input} column ${field.name} of type`, type, 'must be of 64 bits');
    return { ...base, kind: 'numbers', values: whole(data.values as Float64Array, rows) };
  }
  if (id === TIMESTAMP) {
    const perSecond = UNIT_PER_SECOND[(data.type as { unit?: number }).unit ?? 0]!;
    return { ...base, kind: 'stamps', words: whole(words(data.values), rows * 2), perSecond };
  }
  if (id === DATE) {
    if ((data.type as { unit?: number }).unit === 1)
      return { ...base, kind: 'stamps', words: whole(words(data.values), rows * 2), perSecond: 1e3 };
    const days = whole(data.values as Int32Array, rows);
    return { ...base, type, kind: 'dates', days };
  }
  if (id === DECIMAL) {
    const { bitWidth, scale } = data.type as unknown as { bitWidth: number; scale: number };
    const stride = bitWidth / 32;
    if ((stride !== 2 && stride !== 4) || scale < 0)
      throw new InputError(
        `${input} column ${field.name} of type`,
        type,
        'must be a decimal of 64 or 128 bits',
      );
    return { ...base, kind: 'decimals', words: whole(words(data.values), rows * stride), stride, scale };
  }
  if (id === BOOL) {
    const bits = data.values as unknown as Uint8Array;
    whole(bits, Math.ceil((data.offset + rows) / 8));
    const codes = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) codes[i] = (bits[(data.offset + i) >> 3]! >> ((data.offset + i) & 7)) & 1;
    return { ...base, kind: 'codes', codes, texts: ['false', 'true'] };
  }
  if (id === DICTIONARY) {
    const dictionary = data.dictionary as unknown as Vector;
    const held = dictionary.type.typeId as number;
    if (held !== UTF8 && held !== LARGE_UTF8 && held !== UTF8_VIEW) return { ...base, kind: 'other' };
    let texts = dictionaries.get(dictionary);
    if (texts === undefined) {
      for (const part of dictionary.data) {
        const offsets = (part as Data<DataType>).valueOffsets as Int32Array | undefined;
        if (held !== UTF8_VIEW && (offsets === undefined || !(part.length < offsets.length))) throw damaged();
      }
      texts = Array.from({ length: dictionary.length }, (_, i) => textOf(dictionary.get(i)));
      dictionaries.set(dictionary, texts);
    }
    const codes = whole(data.values as Int32Array, rows);
    for (let i = 0; i < rows; i++)
      if (
        !(codes[i]! >= 0 && codes[i]! < texts.length) &&
        !(valid && ((valid[i >> 3]! >> (i & 7)) & 1) === 0)
      )
        throw new InputError(
          `${input} column ${field.name} dictionary code`,
          codes[i],
          `must be below ${texts.length}`,
        );
    return { ...base, kind: 'codes', codes, texts };
  }
  if (id === UTF8 || id === LARGE_UTF8 || id === UTF8_VIEW) {
    const vector = batch.getChildAt(index)!;
    return { ...base, kind: 'texts', texts: Array.from({ length: rows }, (_, i) => textOf(vector.get(i))) };
  }
  return { ...base, kind: 'other' };
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

const words = (values: ArrayBufferView): Int32Array =>
  new Int32Array(values.buffer, values.byteOffset, Math.floor(values.byteLength / 4));

/** The bitmap from row 0 on; undefined if nothing is null, null if it is too short. */
function validity(data: Data<DataType>, rows: number): Uint8Array | undefined | null {
  const bitmap = data.nullBitmap;
  if (data.nullCount === 0 || !bitmap || bitmap.length === 0) return undefined;
  const offset = data.offset;
  if (bitmap.length * 8 < offset + rows) return null;
  if (offset === 0) return bitmap;
  const out = new Uint8Array(Math.ceil(rows / 8));
  for (let i = 0; i < rows; i++)
    if ((bitmap[(offset + i) >> 3]! >> ((offset + i) & 7)) & 1) out[i >> 3]! |= 1 << (i & 7);
  return out;
}
