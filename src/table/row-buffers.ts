/** Arrays by column, used again from batch to batch. */
export class RowBuffers {
  readonly #f64 = new Map<string, Float64Array>();
  readonly #u32 = new Map<string, Uint32Array>();
  readonly #u16 = new Map<string, Uint16Array>();

  f64 = (name: string, rows: number): Float64Array => taken(this.#f64, name, rows, Float64Array);
  u32 = (name: string, rows: number): Uint32Array => taken(this.#u32, name, rows, Uint32Array);
  u16 = (name: string, rows: number): Uint16Array => taken(this.#u16, name, rows, Uint16Array);
}

function taken<T extends { readonly length: number; subarray: (from: number, to: number) => T }>(
  held: Map<string, T>,
  name: string,
  rows: number,
  make: new (length: number) => T,
): T {
  let array = held.get(name);
  if (array === undefined || array.length < rows) {
    array = new make(rows);
    held.set(name, array);
  }
  return array.length === rows ? array : array.subarray(0, rows);
}
