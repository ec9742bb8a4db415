import type { RecordBatch, Schema } from 'apache-arrow';

/** Writes an Arrow IPC file batch by batch. */
export interface ArrowStream {
  readonly write: (batch: RecordBatch) => void;
  readonly finish: () => void;
}

/** apache-arrow's file writer with its bytes handed on at once: its own queue would hold the whole file. */
export function arrowStream(
  arrow: typeof import('apache-arrow'),
  put: (bytes: Uint8Array) => void,
  schema: Schema,
): ArrowStream {
  class Streaming extends arrow.RecordBatchFileWriter {
    protected override _write(chunk: ArrayBufferView | ArrayBuffer): this {
      const bytes =
        chunk instanceof ArrayBuffer
          ? new Uint8Array(chunk)
          : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      // between files the base class writes nothing
      if (this._started && bytes.length > 0) {
        put(bytes);
        this._position += bytes.length;
      }
      return this;
    }
  }
  const writer = new Streaming();
  writer.reset(undefined, schema);
  return { write: (batch) => writer.write(batch), finish: () => void writer.finish() };
}
