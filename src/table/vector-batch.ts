import type { DuckDBDataChunk } from '@duckdb/node-api';
import type bindingsModule from '@duckdb/node-bindings';
import { type Duck, duckError } from './duckdb.js';
import type { Physical, Selected } from './duckdb-columns.js';
import type { SourceColumn } from './source-column.js';
import { StringCodes, stringAt } from './string-codes.js';

type Bindings = typeof bindingsModule;

/** Rows of a batch; DuckDB's chunks hold 2,048, too few to pay for a pass over every column. */
export const BATCH_ROWS = 65536;

const WIDTH: Readonly<Record<Physical, number>> = {
  ...{ f64: 8, i64: 8, u64: 8, us: 8, ns: 8, dec64: 8, dec128: 16, text: 16, word: 16, codes: 4, i32: 4 },
  u32: 4,
};

export interface VectorBatch {
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
}

/**
 * Streams `select <columns> …` in batches of up to 65,536 rows, in order. The arrays of a batch are filled anew for
 * the next one: what is to stay has to be copied before that is asked for.
 */
export async function* vectorBatches(
  { connection }: Duck,
  sql: string,
  selected: readonly Selected[],
  dictionaries: readonly (readonly string[] | undefined)[],
  input: string,
  format: string,
): AsyncGenerator<VectorBatch> {
  const { default: bindings } = await import('@duckdb/node-bindings');
  const buffers = selected.map((column, i) => new ColumnBuffer(bindings, column, dictionaries[i]));
  let pending: Promise<DuckDBDataChunk | null> | undefined;
  let rows = 0;
  const batch = (): VectorBatch => ({ rows, columns: buffers.map((buffer) => buffer.column(rows)) });
  try {
    const result = await connection.stream(sql);
    pending = result.fetchChunk();
    for (;;) {
      const chunk = await pending;
      if (chunk === null || chunk.rowCount === 0) break;
      // the next chunk is made while this one is read
      pending = result.fetchChunk();
      const { rowCount } = chunk;
      if (rows + rowCount > BATCH_ROWS) {
        yield batch();
        rows = 0;
      }
      if (rows === 0) for (const buffer of buffers) buffer.begin();
      for (let c = 0; c < buffers.length; c++)
        buffers[c]!.take(bindings.data_chunk_get_vector(chunk.chunk, c), rowCount, rows);
      rows += rowCount;
    }
    if (rows > 0) yield batch();
  } catch (error) {
    throw duckError(error, input, format);
  } finally {
    // the connection must not close under a chunk in the making
    await pending?.catch(() => undefined);
  }
}

/** One column of a batch in the making. */
class ColumnBuffer {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #valid = new Uint8Array(BATCH_ROWS / 8);
  #nulls = false;
  #texts: (string | null)[] = [];
  readonly #codes = new StringCodes();

  constructor(
    readonly bindings: Bindings,
    readonly selected: Selected,
    readonly dictionary: readonly string[] | undefined,
  ) {
    const { as } = selected;
    const width = as === 'word' ? 4 : as === 'text' ? 0 : WIDTH[as];
    this.#bytes = new Uint8Array(width * BATCH_ROWS);
    this.#words = new Int32Array(this.#bytes.buffer);
  }

  begin(): void {
    this.#nulls = false;
    this.#texts = [];
    this.#codes.begin();
  }

  take(vector: ReturnType<Bindings['data_chunk_get_vector']>, rows: number, at: number): void {
    const { bindings } = this;
    const { as } = this.selected;
    const width = WIDTH[as];
    const data = bindings.vector_get_data(vector, rows * width);
    const valid = bindings.vector_get_validity(vector, Math.ceil(rows / 64) * 8) ?? undefined;
    if (valid !== undefined || this.#nulls) this.#take(valid, rows, at);
    if (as !== 'word' && as !== 'text') {
      this.#bytes.set(data, at * width);
      return;
    }
    const words = new Int32Array(data.buffer, data.byteOffset, rows * 4);
    const bytes = Buffer.from(data.buffer, data.byteOffset, rows * 16);
    if (as === 'word') {
      // a place without a text has to hold a code that exists
      if (valid !== undefined) this.#words.fill(0, at, at + rows);
      this.#codes.take(bindings, words, bytes, rows, valid, this.#words, at);
      return;
    }
    for (let i = 0; i < rows; i++)
      this.#texts.push(
        valid !== undefined && ((valid[i >> 3]! >> (i & 7)) & 1) === 0
          ? null
          : stringAt(bindings, words, bytes, i),
      );
  }

  /** Joins a chunk's validity bits, absent where nothing is null, to those of the batch. */
  #take(valid: Uint8Array | undefined, rows: number, at: number): void {
    const all = this.#valid;
    if (!this.#nulls) all.fill(0xff);
    this.#nulls = true;
    for (let i = 0; i < rows; i++) {
      const place = at + i;
      const bit = 1 << (place & 7);
      if (valid === undefined || ((valid[i >> 3]! >> (i & 7)) & 1) === 1) all[place >> 3]! |= bit;
      else all[place >> 3]! &= ~bit;
    }
  }

  column(rows: number): SourceColumn {
    const { as, type, scale } = this.selected;
    const base = { type, valid: this.#nulls ? this.#valid : undefined };
    const { buffer } = this.#bytes;
    const words = this.#words;
    switch (as) {
      case 'f64':
        return { ...base, kind: 'numbers', values: new Float64Array(buffer, 0, rows) };
      case 'i32':
        return { ...base, kind: 'numbers', values: new Int32Array(buffer, 0, rows) };
      case 'u32':
        return { ...base, kind: 'numbers', values: new Uint32Array(buffer, 0, rows) };
      case 'i64':
      case 'u64':
        return { ...base, kind: 'words', words, unsigned: as === 'u64' };
      case 'us':
      case 'ns':
        return { ...base, kind: 'stamps', words, perSecond: as === 'us' ? 1e6 : 1e9 };
      case 'dec64':
      case 'dec128':
        return { ...base, kind: 'decimals', words, stride: as === 'dec64' ? 2 : 4, scale };
      case 'word':
      case 'codes':
        return {
          ...base,
          kind: 'codes',
          codes: words.subarray(0, rows),
          texts: this.dictionary ?? this.#codes.texts,
        };
      case 'text':
        return { type, kind: 'texts', texts: this.#texts };
    }
  }
}
