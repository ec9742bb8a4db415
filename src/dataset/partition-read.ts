import { type FileHandle, open } from 'node:fs/promises';
import type { AsyncRecordBatchFileReader, Data, DataType, RecordBatch } from 'apache-arrow';
import { InputError } from '../core/errors.js';
import { cellOf, rawName } from '../core/kind-cells.js';
import type { KindName } from '../core/kinds.js';
import { readDecimal } from '../table/scaled-words.js';
import type { Block, BlockColumn } from './block.js';
import type { PartitionInstrument } from './instrument-facts.js';
import { BATCH_ROWS } from './partition-write.js';

/** What a first pass over a partition tells of an instrument. */
export interface Scanned {
  readonly rows: number;
  /** Largest price and size, in units of the file. */
  readonly maxPrice: number;
  readonly maxSize: number;
}

/** Reads one partition file, a record batch at a time. */
export class PartitionReader {
  /** First row of each instrument, and the number of rows; after `scan`. */
  #offsets: number[] = [];
  #at = -1;
  #batch: RecordBatch | undefined;

  private constructor(
    readonly file: FileHandle,
    readonly reader: AsyncRecordBatchFileReader,
    readonly kind: KindName,
    readonly instruments: readonly PartitionInstrument[],
    readonly label: string,
  ) {}

  static async open(path: string, label: string): Promise<PartitionReader> {
    const { RecordBatchReader } = await import('apache-arrow');
    const file = await open(path).catch((error: { code?: string }) => {
      throw new InputError('dataset file', label, `cannot be read (${error.code ?? 'unknown'})`);
    });
    try {
      const reader = (await RecordBatchReader.from(file as never)) as unknown as AsyncRecordBatchFileReader;
      await reader.open();
      const { metadata } = reader.schema;
      const instruments = JSON.parse(metadata.get('steelyard.instruments') ?? '') as PartitionInstrument[];
      return new PartitionReader(
        file,
        reader,
        metadata.get('steelyard.kind') as KindName,
        instruments,
        label,
      );
    } catch {
      await file.close();
      throw new InputError('dataset file', label, 'is damaged: import its sources again');
    }
  }

  get batches(): number {
    return this.reader.numRecordBatches;
  }

  /** Raw names of the columns beside instrument and ts. */
  get columns(): string[] {
    return this.reader.schema.fields
      .filter(({ name }) => name !== 'instrument' && name !== 'ts')
      .map(({ name }) => rawOf(this.kind, name));
  }

  /** Rows and largest values by instrument; `blocks` works from then on. */
  async scan(): Promise<Scanned[]> {
    const out = this.instruments.map(() => ({ rows: 0, maxPrice: 0, maxSize: 0 }));
    for (let index = 0; index < this.batches; index++) {
      const { codes, block } = await this.batch(index);
      for (let from = 0; from < codes.length; ) {
        const code = codes[from]!;
        let to = from + 1;
        while (to < codes.length && codes[to] === code) to++;
        const of = out[code]!;
        of.rows += to - from;
        for (const [name, column] of block.columns) {
          const type = cellOf(this.kind, name)?.type;
          if (type !== 'price' && type !== 'size') continue;
          const key = type === 'price' ? 'maxPrice' : 'maxSize';
          for (let i = from; i < to; i++) {
            const value = Number(column[i] ?? 0);
            if (value > of[key]) of[key] = value;
          }
        }
        from = to;
      }
    }
    this.#offsets = [0];
    for (const { rows } of out) this.#offsets.push(this.#offsets.at(-1)! + rows);
    return out;
  }

  /** Blocks of one instrument, a record batch or part of one each, in order. */
  blocks(code: number): (() => Promise<Block>)[] {
    const to = this.#offsets[code + 1]!;
    const out: (() => Promise<Block>)[] = [];
    // every batch but the last holds this many rows, see PartitionWriter
    for (let row = this.#offsets[code]!; row < to; ) {
      const index = Math.floor(row / BATCH_ROWS);
      const end = Math.min(to, (index + 1) * BATCH_ROWS);
      const [a, b] = [row - index * BATCH_ROWS, end - index * BATCH_ROWS];
      out.push(async () => (await this.batch(index, a, b)).block);
      row = end;
    }
    return out;
  }

  /** Rows `[from, to)` of a record batch, all of it by default, with the instrument of each. */
  async batch(index: number, from = 0, to = -1): Promise<{ codes: Int32Array; block: Block }> {
    if (this.#at !== index) {
      this.#batch = (await this.reader.readRecordBatch(index)) ?? undefined;
      this.#at = index;
    }
    const batch = this.#batch;
    const end = to < 0 ? (batch?.numRows ?? 0) : to;
    if (batch === undefined || batch.numRows < end)
      throw new InputError('dataset file', this.label, 'is damaged: it holds fewer rows than it says');
    const columns = new Map<string, BlockColumn>();
    let codes = new Int32Array(0);
    let ts: Float64Array = new Float64Array(0);
    let seq: Float64Array | undefined;
    batch.schema.fields.forEach((field, c) => {
      const data = batch.data.children[c] as Data<DataType>;
      if (field.name === 'instrument') {
        codes = (data.values as Int32Array).slice(from, end) as Int32Array<ArrayBuffer>;
        return;
      }
      const values = columnValues(data, field.type, from, end);
      if (field.name === 'ts') ts = values as Float64Array;
      else if (field.name === 'seq') seq = values as Float64Array;
      else columns.set(rawOf(this.kind, field.name), values);
    });
    return { codes, block: { rows: end - from, ts, seq, source: undefined, record: undefined, columns } };
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

const rawOf = (kind: KindName, stored: string): string =>
  stored === 'recv_ts' || stored === 'seq' ? stored : (rawName(kind, stored) ?? stored);

// apache-arrow's Type enum, restated so that only types are imported here
const INT = 2;
const FLOAT = 3;
const UTF8 = 5;
const DECIMAL = 7;
const TIMESTAMP = 10;

function columnValues(data: Data<DataType>, type: DataType, from: number, to: number): BlockColumn {
  const rows = to - from;
  const bitmap = data.nullCount > 0 ? data.nullBitmap : undefined;
  const isNull = (i: number): boolean => bitmap !== undefined && ((bitmap[i >> 3]! >> (i & 7)) & 1) === 0;
  const id = type.typeId as number;
  const bits = (type as { bitWidth?: number }).bitWidth;
  if (id === UTF8) return textsOf(data, from, to, isNull);
  if (id === DECIMAL) {
    const words = wordsOf(data);
    return Array.from({ length: rows }, (_, i) =>
      isNull(from + i) ? null : String(readDecimal(words, from + i)),
    );
  }
  if (id === INT && bits === 8)
    return Uint16Array.from({ length: rows }, (_, i) => {
      const side = (data.values as Int8Array)[from + i]!;
      return side === -1 ? 2 : side;
    });
  if (id === INT && bits === 16) return (data.values as Uint16Array).slice(from, to);
  const out = new Float64Array(rows);
  if (id === FLOAT) out.set((data.values as Float64Array).subarray(from, to));
  else if (id === TIMESTAMP || bits === 64) {
    const words = wordsOf(data);
    let exact = true;
    for (let i = 0, at = 2 * from; i < rows; i++, at += 2) {
      out[i] = (words[at + 1]! | 0) * 4294967296 + words[at]!;
      exact &&= Number.isSafeInteger(out[i]!);
    }
    if (!exact) {
      const values = data.values as BigInt64Array;
      return Array.from({ length: rows }, (_, i) => (isNull(from + i) ? null : values[from + i]!));
    }
  } else out.set((data.values as Int32Array).subarray(from, to));
  if (bitmap) for (let i = 0; i < rows; i++) if (isNull(from + i)) out[i] = Number.NaN;
  return out;
}

const wordsOf = (data: Data<DataType>): Uint32Array => {
  const values = data.values as BigInt64Array;
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
};

function textsOf(
  data: Data<DataType>,
  from: number,
  to: number,
  isNull: (i: number) => boolean,
): (string | null)[] {
  const offsets = data.valueOffsets as Int32Array;
  const bytes = data.values as unknown as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: to - from }, (_, i) =>
    isNull(from + i) ? null : buffer.toString('utf8', offsets[from + i], offsets[from + i + 1]),
  );
}
