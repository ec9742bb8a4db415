import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { DataType, Field, Schema } from 'apache-arrow';
import { type ArrowStream, arrowStream } from '../table/arrow-stream.js';
import { writeError } from '../table/atomic.js';
import type { Block } from './block.js';
import { ColumnSink } from './column-sink.js';
import type { StoredColumn } from './stored-columns.js';

/** Rows of a record batch. */
export const BATCH_ROWS = 65_536;

/** What a file says of itself, in its schema metadata. */
export type FileMetadata = Readonly<Record<string, string>>;

/**
 * Writes a table in record batches to an uncompressed Arrow IPC file: rows come block by block, each of one
 * instrument, in the file's order. The same rows give the same bytes.
 */
export class PartitionWriter {
  rows = 0;
  #filled = 0;
  readonly #sinks: ColumnSink[];
  readonly #schema: Schema;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  readonly #writer: ArrowStream;

  private constructor(
    readonly arrow: typeof import('apache-arrow'),
    readonly path: string,
    readonly columns: readonly StoredColumn[],
    symbols: readonly string[],
    metadata: FileMetadata,
    mostRows: number,
  ) {
    const capacity = Math.min(BATCH_ROWS, Math.max(1, mostRows));
    const dictionary = arrow.vectorFromArray(symbols, new arrow.Utf8());
    this.#sinks = columns.map(
      (column) => new ColumnSink(arrow, column, capacity, column.type === 'symbol' ? dictionary : undefined),
    );
    const fields = this.#sinks.map(
      ({ column, type }): Field =>
        new arrow.Field(column.stored, type as DataType, column.nullable, new Map([['doc', column.doc]])),
    );
    this.#schema = new arrow.Schema(fields, new Map(Object.entries(metadata)));
    this.#file = openSync(path, 'w');
    const put = (bytes: Uint8Array): void => {
      this.#hash.update(bytes);
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    };
    try {
      // writes the schema
      this.#writer = arrowStream(arrow, put, this.#schema);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** `mostRows` bounds the rows to come. */
  static async open(
    path: string,
    columns: readonly StoredColumn[],
    symbols: readonly string[],
    metadata: FileMetadata,
    mostRows: number,
  ): Promise<PartitionWriter> {
    const arrow = await import('apache-arrow');
    try {
      return new PartitionWriter(arrow, path, columns, symbols, metadata, mostRows);
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** Appends a block of instrument `code`. */
  append(code: number, block: Block): void {
    for (let from = 0; from < block.rows; ) {
      const to = Math.min(block.rows, from + BATCH_ROWS - this.#filled);
      for (const sink of this.#sinks) {
        const { name } = sink.column;
        if (name === 'instrument') sink.putSymbol(code, to - from, this.#filled);
        else {
          const values = name === 'ts' ? block.ts : name === 'seq' ? block.seq : block.columns.get(name);
          sink.put(values, from, to, this.#filled);
        }
      }
      this.#filled += to - from;
      from = to;
      if (this.#filled === BATCH_ROWS) this.#flush();
    }
  }

  /** Ends the file; returns its SHA-256. */
  finish(): string {
    try {
      this.#flush();
      this.#writer.finish();
    } catch (error) {
      throw writeError(this.path, error);
    } finally {
      closeSync(this.#file);
    }
    return this.#hash.digest('hex');
  }

  /** Closes a file that will not be finished. */
  abort(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const rows = this.#filled;
    if (rows === 0) return;
    const { arrow } = this;
    const children = this.#sinks.map((sink) => sink.data(rows));
    const type = new arrow.Struct(this.#schema.fields);
    const data = arrow.makeData({ type, length: rows, nullCount: 0, children });
    try {
      this.#writer.write(new arrow.RecordBatch(this.#schema, data));
    } catch (error) {
      throw writeError(this.path, error);
    }
    for (const sink of this.#sinks) sink.clear();
    this.rows += rows;
    this.#filled = 0;
  }
}
