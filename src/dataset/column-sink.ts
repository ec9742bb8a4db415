import type { Data, DataType, Vector } from 'apache-arrow';
import type { BlockColumn } from './block.js';
import { MONEY_SCALE } from './exact-text.js';
import type { StoredColumn, StoredType } from './stored-columns.js';

type Arrow = typeof import('apache-arrow');

/** Gathers one column of a record batch in the layout of the file. */
export class ColumnSink {
  readonly type: DataType;
  readonly #words: Uint32Array;
  readonly #f64: Float64Array;
  readonly #i8: Int8Array;
  readonly #u16: Uint16Array;
  readonly #i32: Int32Array;
  readonly #valid: Uint8Array;
  #texts: Buffer[] = [];
  #nulls = 0;

  constructor(
    readonly arrow: Arrow,
    readonly column: StoredColumn,
    readonly capacity: number,
    readonly dictionary: Vector | undefined,
  ) {
    const { type } = column;
    const words = type === 'timestamp' || type === 'i64' ? 2 : type === 'decimal' ? 4 : 0;
    this.#words = new Uint32Array(capacity * words);
    this.#f64 = new Float64Array(type === 'f64' ? capacity : 0);
    this.#i8 = new Int8Array(type === 'i8' ? capacity : 0);
    this.#u16 = new Uint16Array(type === 'u16' ? capacity : 0);
    const offsets = type === 'utf8' ? capacity + 1 : type === 'i32' || type === 'symbol' ? capacity : 0;
    this.#i32 = new Int32Array(offsets);
    this.#valid = new Uint8Array(Math.ceil(capacity / 64) * 8);
    this.type = arrowType(arrow, type, dictionary);
  }

  /** Rows `[from, to)` of a block's column to place `at`; a column the block lacks is null or 0 there. */
  put(values: BlockColumn | undefined, from: number, to: number, at: number): void {
    const { type } = this.column;
    if (type === 'i8' || type === 'u16') this.#putCodes(values as Uint16Array | undefined, from, to, at);
    else
      for (let i = from, j = at; i < to; i++, j++) {
        const value = values === undefined ? null : values[i]!;
        const missing = value === null || Number.isNaN(value);
        if (missing) this.#nulls++;
        else this.#valid[j >> 3]! |= 1 << (j & 7);
        this.#putValue(type, missing ? 0 : value, j);
      }
  }

  /** The same instrument for rows `[at, at + rows)`. */
  putSymbol(code: number, rows: number, at: number): void {
    this.#i32.fill(code, at, at + rows);
  }

  #putCodes(values: Uint16Array | undefined, from: number, to: number, at: number): void {
    const side = this.column.type === 'i8';
    for (let i = from, j = at; i < to; i++, j++) {
      const code = values === undefined ? 0 : values[i]!;
      // SIDE_BUY 1 → +1, SIDE_SELL 2 → -1
      if (side) this.#i8[j] = code === 2 ? -1 : code;
      else this.#u16[j] = code;
    }
  }

  #putValue(type: StoredType, value: number | bigint | string, j: number): void {
    switch (type) {
      case 'f64':
        this.#f64[j] = value as number;
        return;
      case 'i32':
        this.#i32[j] = Number(value);
        return;
      case 'utf8': {
        const bytes = Buffer.from(value === 0 ? '' : (value as string));
        this.#texts.push(bytes);
        this.#i32[j + 1] = this.#i32[j]! + bytes.length;
        return;
      }
      case 'decimal':
        this.#putBig(BigInt(value), j, 4);
        return;
      default:
        if (typeof value === 'bigint') this.#putBig(value, j, 2);
        else {
          const high = Math.floor((value as number) / 4294967296);
          this.#words[2 * j] = (value as number) - high * 4294967296;
          this.#words[2 * j + 1] = high;
        }
    }
  }

  #putBig(value: bigint, j: number, words: number): void {
    let rest = BigInt.asUintN(words * 32, value);
    for (let w = 0; w < words; w++, rest >>= 32n) this.#words[words * j + w] = Number(rest & 0xffffffffn);
  }

  /** The first `rows` rows as Arrow data over this sink's memory: write it before the next `put`. */
  data(rows: number): Data {
    const { arrow, type } = this;
    const nulls = this.column.nullable ? this.#nulls : 0;
    const common = {
      length: rows,
      nullCount: nulls,
      ...(nulls > 0 ? { nullBitmap: this.#valid.subarray(0, Math.ceil(rows / 64) * 8) } : {}),
    };
    const make = (data: unknown, more: object = {}): Data =>
      arrow.makeData({ ...common, type, data, ...more } as never) as unknown as Data;
    switch (this.column.type) {
      case 'symbol':
        return make(this.#i32.subarray(0, rows), { dictionary: this.dictionary });
      case 'i32':
        return make(this.#i32.subarray(0, rows));
      case 'utf8':
        return make(Buffer.concat(this.#texts), { valueOffsets: this.#i32.subarray(0, rows + 1) });
      case 'f64':
        return make(this.#f64.subarray(0, rows));
      case 'i8':
        return make(this.#i8.subarray(0, rows));
      case 'u16':
        return make(this.#u16.subarray(0, rows));
      case 'decimal':
        return make(this.#words.subarray(0, 4 * rows));
      default:
        return make(new BigInt64Array(this.#words.buffer, 0, rows));
    }
  }

  clear(): void {
    this.#valid.fill(0);
    this.#texts = [];
    this.#nulls = 0;
  }
}

function arrowType(arrow: Arrow, type: StoredType, dictionary: Vector | undefined): DataType {
  switch (type) {
    case 'symbol':
      return new arrow.Dictionary(dictionary!.type, new arrow.Int32(), 0);
    case 'timestamp':
      return new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, 'UTC');
    case 'i32':
      return new arrow.Int32();
    case 'i64':
      return new arrow.Int64();
    case 'i8':
      return new arrow.Int8();
    case 'u16':
      return new arrow.Uint16();
    case 'f64':
      return new arrow.Float64();
    case 'utf8':
      return new arrow.Utf8();
    case 'decimal':
      return new arrow.Decimal(MONEY_SCALE, 38, 128);
  }
}
