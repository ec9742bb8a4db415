import type { FileHandle } from 'node:fs/promises';

// header types of a message
const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;
const UNION = 14;

const MAGIC_BYTES = 6;
/** Footer length and magic at the end of a file. */
const TAIL_BYTES = 4 + MAGIC_BYTES;
/** A file has its magic and padding in front of the first message. */
const HEAD_BYTES = 8;
const BLOCK_BYTES = 24;
const MOST_FIELDS = 100_000;
/** Rows that a byte of a body can stand for: bits, in LZ4's best ratio. */
const ROWS_A_BYTE = 8 * 255;
const FREE_ROWS = 65_536;

/**
 * Walks the messages of an Arrow file or stream and throws at the first whose lengths or counts do not fit the bytes
 * there are. apache-arrow believes them: a count in a damaged message makes it fill the memory, a footer or length that
 * points backwards makes it read the same bytes for ever. Bodies are not read.
 */
export async function checkArrow(file: FileHandle, size: number, isFile: boolean): Promise<void> {
  if (isFile) await checkFile(file, size);
  else for (let at = 0; at < size; ) at = (await message(file, at, size)).next;
}

async function checkFile(file: FileHandle, size: number): Promise<void> {
  const length = (await bytes(file, size - TAIL_BYTES, 4)).getInt32(0, true);
  const end = size - TAIL_BYTES - length;
  if (length <= 0 || end < HEAD_BYTES) throw new Error(`the footer cannot be ${length} bytes long`);
  const view = await bytes(file, end, length);
  const footer = table(view, target(view, 0));
  if (footer(1) !== 0) schema(view, target(view, footer(1)));
  pairs(view, footer(4));
  for (const [field, type] of [
    [2, DICTIONARY],
    [3, BATCH],
  ] as const) {
    const blocks = vector(view, footer(field), BLOCK_BYTES);
    for (let i = 0; i < blocks.length; i++) {
      const at = Number(view.getBigInt64(blocks.start + i * BLOCK_BYTES, true));
      if (!(at >= HEAD_BYTES && at < end)) throw new Error(`the footer names a message at byte ${at}`);
      // another message there would be passed over, and asked for again
      if ((await message(file, at, end)).type !== type) throw new Error(`no batch lies at byte ${at}`);
    }
  }
}

/** Checks the message at `at`; its type, and where the next one begins, `size` at the end of a stream. */
async function message(file: FileHandle, at: number, size: number): Promise<{ type: number; next: number }> {
  const room = size - at;
  if (room < 4) throw new Error('it ends inside a message');
  const head = await bytes(file, at, Math.min(8, room));
  let length = head.getInt32(0, true);
  let start = at + 4;
  if (length === -1) {
    if (room < 8) throw new Error('it ends inside a message');
    length = head.getInt32(4, true);
    start += 4;
  }
  if (length === 0) {
    // apache-arrow reads on behind the end where there was no batch before it
    if (start < size) throw new Error('bytes follow its end');
    return { type: 0, next: size };
  }
  if (length < 0 || start + length > size) throw new Error(`a message cannot be ${length} bytes long`);
  const view = await bytes(file, start, length);
  const of = table(view, target(view, 0));
  const type = of(1) === 0 ? 0 : view.getUint8(of(1));
  const body = of(3) === 0 ? 0 : Number(view.getBigInt64(of(3), true));
  const next = start + length;
  if (body < 0 || next + body > size) throw new Error(`a message body cannot be ${body} bytes long`);
  pairs(view, of(4));
  const header = target(view, of(2));
  if (type === SCHEMA) {
    schema(view, header);
    return { type, next };
  }
  if (type === BATCH) batch(view, header, body);
  else if (type === DICTIONARY) batch(view, target(view, table(view, header)(1)), body);
  else throw new Error(`a message of type ${type}`);
  return { type, next: next + body };
}

function batch(view: DataView, at: number, body: number): void {
  const of = table(view, at);
  const most = FREE_ROWS + body * ROWS_A_BYTE;
  const rows = of(0) === 0 ? 0 : Number(view.getBigInt64(of(0), true));
  const nodes = vector(view, of(1), 16);
  vector(view, of(2), 16);
  vector(view, of(4), 8);
  const counts = [rows];
  for (let i = 0; i < nodes.length; i++) counts.push(Number(view.getBigInt64(nodes.start + 16 * i, true)));
  for (const count of counts)
    if (!(count >= 0 && count <= most)) throw new Error(`${count} rows in ${body} bytes`);
}

function schema(view: DataView, at: number): void {
  const of = table(view, at);
  const left = { fields: MOST_FIELDS };
  tables(view, of(1), (field) => checkField(view, field, left));
  pairs(view, of(2));
  vector(view, of(3), 8);
}

function checkField(view: DataView, at: number, left: { fields: number }): void {
  // fields may be shared, and so be more than the bytes have room for
  if (left.fields-- === 0) throw new Error(`more than ${MOST_FIELDS} fields`);
  const of = table(view, at);
  vector(view, of(0), 1);
  if (of(2) !== 0 && view.getUint8(of(2)) === UNION && of(3) !== 0)
    vector(view, table(view, target(view, of(3)))(1), 4);
  tables(view, of(5), (child) => checkField(view, child, left));
  pairs(view, of(6));
}

const pairs = (view: DataView, at: number): void =>
  tables(view, at, (pair) => {
    const of = table(view, pair);
    vector(view, of(0), 1);
    vector(view, of(1), 1);
  });

// FlatBuffers: a table begins with the way back to its list of fields, an offset leads forward. Reads outside of the
// view throw a RangeError of their own.

/** Places of a table's fields, 0 where one is absent. */
function table(view: DataView, at: number): (field: number) => number {
  const fields = at - view.getInt32(at, true);
  const bytesOf = view.getUint16(fields, true);
  return (field) => {
    const slot = 4 + 2 * field;
    const offset = slot < bytesOf ? view.getUint16(fields + slot, true) : 0;
    return offset === 0 ? 0 : at + offset;
  };
}

function target(view: DataView, at: number): number {
  const offset = view.getUint32(at, true);
  if (offset < 4 || at + offset + 4 > view.byteLength) throw new Error('an offset leads nowhere');
  return at + offset;
}

/** First element and length of the vector that the field at `at` names; none where there is no such field. */
function vector(view: DataView, at: number, stride: number): { start: number; length: number } {
  if (at === 0) return { start: 0, length: 0 };
  const place = target(view, at);
  const length = view.getUint32(place, true);
  if (place + 4 + length * stride > view.byteLength) throw new Error(`${length} elements in a message`);
  return { start: place + 4, length };
}

function tables(view: DataView, at: number, each: (at: number) => void): void {
  const { start, length } = vector(view, at, 4);
  for (let i = 0; i < length; i++) each(target(view, start + 4 * i));
}

async function bytes(file: FileHandle, at: number, length: number): Promise<DataView> {
  const buffer = new Uint8Array(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  if (at < 0 || bytesRead < length) throw new Error('it ends early');
  return new DataView(buffer.buffer);
}
