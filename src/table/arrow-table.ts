import type { Data, DataType, RecordBatch, Table, Vector } from 'apache-arrow';
import type { PresentedColumn, PresentedTable } from './presented.js';

/** Rows a record batch: Arrow offsets inside one are computed in 32 bits, and a multiple of 8 cuts bitmaps. */
const BATCH_ROWS = 1 << 20;

/**
 * A presented table as an apache-arrow Table over the same memory: dictionary symbols, timestamps in µs UTC,
 * Decimal128, f64, u32, i64; field and schema metadata filled in. Dictionary ids are fixed, so equal tables
 * become equal bytes.
 */
export async function arrowTable(table: PresentedTable): Promise<Table> {
  const arrow = await import('apache-arrow');
  let nextId = 0;
  const columnData = (column: PresentedColumn): Data => {
    const common = {
      length: table.rows,
      nullCount: column.nulls,
      ...(column.valid ? { nullBitmap: column.valid } : {}),
    };
    const { data } = column;
    switch (data.type) {
      case 'symbol': {
        const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), nextId++);
        const indices = new Int32Array(data.codes.buffer, data.codes.byteOffset, data.codes.length);
        const dictionary = dictionaryOf(arrow, data.values);
        return arrow.makeData({ ...common, type, data: indices, dictionary });
      }
      case 'text':
        return arrow.makeData({ ...common, ...utf8Data(arrow, data.values) });
      case 'timestamp': {
        const type = new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, 'UTC');
        return arrow.makeData({ ...common, type, data: int64View(data.words) });
      }
      case 'i64':
        return arrow.makeData({ ...common, type: new arrow.Int64(), data: int64View(data.words) });
      case 'f64':
        return arrow.makeData({ ...common, type: new arrow.Float64(), data: data.values });
      case 'u32':
        return arrow.makeData({ ...common, type: new arrow.Uint32(), data: data.values });
      case 'decimal':
        return arrow.makeData({ ...common, type: new arrow.Decimal(data.scale, 38, 128), data: data.words });
    }
  };
  const children = table.columns.map(columnData);
  const fields = table.columns.map(
    (column, c) =>
      new arrow.Field(
        column.name,
        children[c]!.type as DataType,
        column.nullable ?? column.valid !== undefined,
        new Map(Object.entries(column.metadata)),
      ),
  );
  const schema = new arrow.Schema(fields, new Map(Object.entries(table.metadata)));
  const batches: RecordBatch[] = [];
  for (let from = 0; from < table.rows; from += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, table.rows - from);
    const parts = length === table.rows ? children : children.map((child) => child.slice(from, length));
    batches.push(
      new arrow.RecordBatch(
        schema,
        arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children: parts }),
      ),
    );
  }
  return new arrow.Table(schema, batches);
}

/** One vector for one list of symbols: a file whose batches share it holds it once. */
const dictionaries = new WeakMap<readonly string[], Vector>();

function dictionaryOf(arrow: typeof import('apache-arrow'), values: readonly string[]): Vector {
  let vector = dictionaries.get(values);
  if (vector === undefined) {
    vector = new arrow.Vector([arrow.makeData({ length: values.length, ...utf8Data(arrow, values) })]);
    dictionaries.set(values, vector);
  }
  return vector;
}

/** Fewer than 2^31 bytes of texts, encoded once. */
function utf8Data(arrow: typeof import('apache-arrow'), values: readonly (string | null)[]) {
  const data = new TextEncoder().encode(values.join(''));
  const valueOffsets = new Int32Array(values.length + 1);
  for (let i = 0, at = 0; i < values.length; i++) {
    at += Buffer.byteLength(values[i] ?? '');
    valueOffsets[i + 1] = at;
  }
  return { type: new arrow.Utf8(), valueOffsets, data };
}

const int64View = (words: Uint32Array): BigInt64Array =>
  new BigInt64Array(words.buffer, words.byteOffset, words.length / 2);
