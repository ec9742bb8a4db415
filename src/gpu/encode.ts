import { PlanError } from '../core/errors.js';
import { type ExactColumn, encodeWords, isExact, SAFE } from '../core/exact.js';
import type { Upload } from '../core/plan.js';

/** Rows per step of the 128-bit encoding, so that its scratch stays small. */
const STEP = 65536;

/** Bytes an upload takes. Errors: PlanError for a column its encoding cannot take. */
export function uploadBytes(upload: Upload): number {
  const { data, encode } = upload;
  const rows = isExact(data) ? data.values.length : data.length;
  switch (encode) {
    case 'raw':
      if (isExact(data) || data instanceof Float64Array)
        throw new PlanError(
          `upload ${upload.buffer} of`,
          'an f64 column',
          'must be encoded as u64, f64 or i128, not raw',
        );
      return rows * 4;
    case 'u64':
      return rows * 8;
    case 'f64':
      if (!(data instanceof Float64Array))
        throw new PlanError(
          `upload ${upload.buffer} of`,
          'another column',
          'must be f64 to be encoded as f64',
        );
      return rows * 8;
    case 'i128':
      return rows * 16;
    default:
      return encode satisfies never;
  }
}

/**
 * Writes an upload's words into `out`, as long as `uploadBytes` says.
 * Errors: PlanError for a value that is no integer of the encoding's range.
 */
export function encodeUpload(upload: Upload, out: Uint32Array): void {
  const { data, encode } = upload;
  switch (encode) {
    case 'raw':
      out.set(data as Uint32Array | Int32Array);
      return;
    case 'u64':
      encodePairs(upload, out);
      return;
    case 'f64': {
      const { buffer, byteOffset, byteLength } = data as Float64Array;
      out.set(new Uint32Array(buffer, byteOffset, byteLength / 4));
      return;
    }
    case 'i128': {
      const column: ExactColumn = isExact(data) ? data : { values: data as Float64Array, wide: undefined };
      checkIntegers(upload, column.values);
      for (let from = 0; from < column.values.length; from += STEP) {
        const to = Math.min(column.values.length, from + STEP);
        out.set(encodeWords(column, from, to), from * 4);
      }
      return;
    }
    default:
      encode satisfies never;
  }
}

function encodePairs(upload: Upload, out: Uint32Array): void {
  const { data, origin = 0 } = upload;
  const values = isExact(data) ? data.values : data;
  const wide = isExact(data) ? data.wide : undefined;
  for (let i = 0, at = 0; i < values.length; i++, at += 2) {
    const value = values[i]! - origin;
    if (value >= 0 && value < SAFE && Math.floor(value) === value) {
      const hi = Math.floor(value / 4294967296);
      out[at] = value - hi * 4294967296;
      out[at + 1] = hi;
    } else writeWide(upload, i, wide?.get(i) ?? values[i]!, out);
  }
}

/** Values at which the f64 subtraction may round, and the ones out of range. */
function writeWide(upload: Upload, row: number, found: number | bigint, out: Uint32Array): void {
  const value =
    typeof found === 'bigint' || Number.isInteger(found) ? BigInt(found) - BigInt(upload.origin ?? 0) : -1n;
  if (value < 0n || value >> 64n !== 0n)
    throw new PlanError(
      `upload ${upload.buffer} row ${row} value`,
      found,
      `must be an integer from ${upload.origin ?? 0} on, below 2^64 above it`,
    );
  out[row * 2] = Number(value & 0xffffffffn);
  out[row * 2 + 1] = Number(value >> 32n);
}

function checkIntegers(upload: Upload, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isInteger(values[i]))
      throw new PlanError(`upload ${upload.buffer} row ${i} value`, values[i], 'must be an integer');
}
