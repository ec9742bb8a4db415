import type { Block, BlockColumn, BlockInfo } from './block.js';

type Encoding = 'f64' | 'u32' | 'u16' | 'text' | 'big';

/** Columns of a block in order; blocks of one run share a few shapes. */
export type Shape = readonly (readonly [name: string, encoding: Encoding])[];

/** A block in a spill file: what is known of it, where it lies, its shape, and the bytes of its texts in order. */
export interface StoredBlock extends BlockInfo {
  readonly offset: number;
  readonly bytes: number;
  readonly shape: Shape;
  readonly texts: readonly number[];
}

const WIDTH: Readonly<Record<Encoding, number>> = { f64: 8, u32: 4, u16: 2, text: 0, big: 0 };

const TS = '#ts';
const SEQ = '#seq';
const SOURCE = '#source';
const RECORD = '#record';

/** Bytes of a block, each column at a multiple of 8. */
export function blockBytes(block: Block): {
  parts: Uint8Array[];
  shape: Shape;
  texts: number[];
  bytes: number;
} {
  const parts: Uint8Array[] = [];
  const shape: [string, Encoding][] = [];
  const texts: number[] = [];
  let bytes = 0;
  const add = (name: string, column: BlockColumn | Uint32Array | undefined): void => {
    if (column === undefined) return;
    const [encoding, data] = encoded(column);
    parts.push(data);
    const padding = -data.length & 7;
    if (padding > 0) parts.push(new Uint8Array(padding));
    shape.push([name, encoding]);
    if (WIDTH[encoding] === 0) texts.push(data.length);
    bytes += data.length + padding;
  };
  add(TS, block.ts);
  add(SEQ, block.seq);
  add(SOURCE, block.source);
  add(RECORD, block.record);
  for (const [name, column] of block.columns) add(name, column);
  return { parts, shape, texts, bytes };
}

function encoded(column: BlockColumn | Uint32Array): [Encoding, Uint8Array] {
  const raw = (view: ArrayBufferView): Uint8Array =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (column instanceof Float64Array) return ['f64', raw(column)];
  if (column instanceof Uint32Array) return ['u32', raw(column)];
  if (column instanceof Uint16Array) return ['u16', raw(column)];
  const big = column.some((value) => typeof value === 'bigint');
  const lengths = new Int32Array(column.length);
  const texts: Buffer[] = [];
  column.forEach((value, i) => {
    if (value === null) lengths[i] = -1;
    else {
      const text = Buffer.from(String(value));
      lengths[i] = text.length;
      texts.push(text);
    }
  });
  return [big ? 'big' : 'text', Buffer.concat([raw(lengths), ...texts])];
}

/** The block again, its numbers as views on `data`, which must start at a multiple of 8. */
export function blockFrom(data: Buffer, stored: StoredBlock): Block {
  const { rows } = stored;
  const columns = new Map<string, BlockColumn>();
  let ts: Float64Array = new Float64Array(0);
  let seq: Float64Array | undefined;
  let source: Uint32Array | undefined;
  let record: Float64Array | undefined;
  let at = data.byteOffset;
  let text = 0;
  for (const [name, encoding] of stored.shape) {
    const { buffer } = data;
    const bytes = WIDTH[encoding] === 0 ? stored.texts[text++]! : WIDTH[encoding] * rows;
    if (encoding === 'u32') source = new Uint32Array(buffer, at, rows);
    else if (encoding === 'u16') columns.set(name, new Uint16Array(buffer, at, rows));
    else if (encoding === 'f64') {
      const values = new Float64Array(buffer, at, rows);
      if (name === TS) ts = values;
      else if (name === SEQ) seq = values;
      else if (name === RECORD) record = values;
      else columns.set(name, values);
    } else {
      const texts = textsFrom(Buffer.from(buffer, at, bytes), rows);
      columns.set(
        name,
        encoding === 'text' ? texts : texts.map((text) => (text === null ? null : BigInt(text))),
      );
    }
    at += bytes + (-bytes & 7);
  }
  return { rows, ts, seq, source, record, columns };
}

function textsFrom(data: Buffer, rows: number): (string | null)[] {
  const texts: (string | null)[] = [];
  let at = 4 * rows;
  for (let i = 0; i < rows; i++) {
    const length = data.readInt32LE(4 * i);
    texts.push(length < 0 ? null : data.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return texts;
}
