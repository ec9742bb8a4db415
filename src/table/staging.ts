import type { WideValue } from './number-encoder.js';

/** Rows a chunk holds: 2^16, so that a row number splits into chunk and place. */
export const CHUNK = 65536;

interface Chunk {
  readonly id: Uint32Array;
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  /** side | price scale · 4 | size scale · 128. */
  readonly meta: Uint16Array;
  /** Input row. */
  readonly row: Float64Array;
  seq: Float64Array | undefined;
  received: Float64Array | undefined;
  key: Float64Array | undefined;
}

/** Good rows as encoded, in input order, in chunks that grow without copying. */
export class Staging {
  readonly chunks: Chunk[] = [];
  rows = 0;
  /** Range of the times staged. */
  minTime = Number.POSITIVE_INFINITY;
  maxTime = Number.NEGATIVE_INFINITY;
  hasSeq = false;
  hasReceived = false;
  hasKey = false;
  readonly widePrice = new Map<number, WideValue>();
  readonly wideSize = new Map<number, WideValue>();
  /** First staged row of each input. */
  readonly inputs: { readonly name: string; readonly from: number }[] = [];

  /** The chunk for the next row. */
  chunk(): Chunk {
    if (this.rows === this.chunks.length * CHUNK)
      this.chunks.push({
        id: new Uint32Array(CHUNK),
        time: new Float64Array(CHUNK),
        price: new Float64Array(CHUNK),
        size: new Float64Array(CHUNK),
        meta: new Uint16Array(CHUNK),
        row: new Float64Array(CHUNK),
        seq: undefined,
        received: undefined,
        key: undefined,
      });
    return this.chunks[this.chunks.length - 1]!;
  }

  /** The optional column of a chunk, made when first needed; rows before are NaN. */
  optional(chunk: Chunk, name: 'seq' | 'received' | 'key'): Float64Array {
    chunk[name] ??= new Float64Array(CHUNK).fill(Number.NaN);
    return chunk[name];
  }

  get(name: 'id' | 'time' | 'price' | 'size' | 'meta' | 'row', row: number): number {
    return this.chunks[row >>> 16]![name][row & 65535]!;
  }

  /** Replaces a price or size by the same value in another scale; `unscaled` is its integer beyond 2^53. */
  set(what: 'price' | 'size', row: number, n: number, scale: number, unscaled?: bigint): void {
    const chunk = this.chunks[row >>> 16]!;
    const at = row & 65535;
    const wide = what === 'price' ? this.widePrice : this.wideSize;
    chunk[what][at] = n;
    if (unscaled !== undefined) wide.set(row, { unscaled, scale });
    else if (wide.size > 0) wide.delete(row);
    chunk.meta[at] =
      what === 'price' ? (chunk.meta[at]! & ~124) | (scale << 2) : (chunk.meta[at]! & 127) | (scale << 7);
  }

  getOptional(name: 'seq' | 'received' | 'key', row: number): number {
    return this.chunks[row >>> 16]![name]?.[row & 65535] ?? Number.NaN;
  }

  /** Where a staged row came from. */
  origin(row: number): { input: string; row: number } {
    let lo = 0;
    let hi = this.inputs.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (this.inputs[mid]!.from <= row) lo = mid;
      else hi = mid - 1;
    }
    return { input: this.inputs[lo]!.name, row: this.get('row', row) };
  }
}
