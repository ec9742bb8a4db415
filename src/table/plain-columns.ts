import { int64Words, type PresentedColumn, type PresentedData } from './presented.js';

const TIME = 'µs UTC';

/** Labels by code. */
export const symbols = (
  name: string,
  doc: string,
  codes: Uint32Array,
  values: readonly string[],
): PresentedColumn => ({
  ...{ name, data: { type: 'symbol', codes, values }, nulls: 0, metadata: { unit: 'symbol', doc } },
});

/** µs since the epoch. */
export const times = (name: string, doc: string, values: Float64Array): PresentedColumn => ({
  ...{
    name,
    data: { type: 'timestamp', words: int64Words(values) },
    nulls: 0,
    metadata: { unit: TIME, doc },
  },
});

/** Integers below 2^53; NaN is null. */
export const integers = (name: string, unit: string, doc: string, values: Float64Array): PresentedColumn => {
  const nulls = nullsOf(values);
  return { name, data: { type: 'i64', words: int64Words(values) }, ...nulls, metadata: { unit, doc } };
};

/** f64; NaN is null. */
export const numbers = (name: string, unit: string, doc: string, values: Float64Array): PresentedColumn => {
  const nulls = nullsOf(values);
  const data: PresentedData = { type: 'f64', values };
  return { name, data, ...nulls, metadata: { unit, doc } };
};

/** Validity of a column; its nulls become zeros beneath, in place, so that equal tables are equal bytes. */
function nullsOf(values: Float64Array): Pick<PresentedColumn, 'nulls' | 'valid'> {
  let valid: Uint8Array | undefined;
  let nulls = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row]!)) continue;
    valid ??= new Uint8Array(Math.ceil(values.length / 64) * 8).fill(255);
    valid[row >> 3]! &= ~(1 << (row & 7));
    values[row] = 0;
    nulls++;
  }
  return valid ? { valid, nulls } : { nulls };
}
