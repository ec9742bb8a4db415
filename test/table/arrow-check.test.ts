import { RecordBatchFileWriter, RecordBatchStreamWriter, tableFromJSON } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { arrowSource } from '../../src/table/arrow-read.js';
import { scratch } from '../support/scratch.js';

const files = scratch();
const table = tableFromJSON([
  { ts: 1, price: 2.5, name: 'a' },
  { ts: 2, price: 3.5, name: 'b' },
]);

async function written(
  Writer: typeof RecordBatchFileWriter | typeof RecordBatchStreamWriter,
): Promise<Buffer> {
  const writer = new Writer();
  writer.write(table);
  writer.finish();
  return Buffer.from(await writer.toUint8Array());
}

async function rowsOf(bytes: Buffer): Promise<number> {
  const path = files.write('x.arrow', bytes);
  const source = await arrowSource(path, 'x.arrow');
  let rows = 0;
  for await (const batch of source.read({ price: { column: 'price', want: 'price' } })) rows += batch.rows;
  return rows;
}

/** Byte 0 of each message, found by its continuation mark. */
function messages(bytes: Buffer): number[] {
  const out: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8)
    if (bytes.readInt32LE(at) === -1 && bytes.readInt32LE(at + 4) > 0) out.push(at);
  return out;
}

describe('damaged Arrow files', () => {
  it('sound ones are read', async () => {
    for (const Writer of [RecordBatchFileWriter, RecordBatchStreamWriter])
      expect(await rowsOf(await written(Writer))).toBe(2);
  });

  it('a message length that leads backwards does not read for ever', async () => {
    const bytes = await written(RecordBatchStreamWriter);
    for (const at of messages(bytes)) {
      const bad = Buffer.from(bytes);
      bad.writeInt32LE(-8, at + 4);
      await expect(rowsOf(bad)).rejects.toThrow('a message cannot be -8 bytes long');
    }
  });

  it('bytes behind the end of a stream are not taken for messages', async () => {
    const bytes = await written(RecordBatchStreamWriter);
    await expect(rowsOf(Buffer.concat([bytes, Buffer.alloc(8, 0xf0)]))).rejects.toThrow(
      'bytes follow its end',
    );
  });

  it('a footer that names another message does not read for ever', async () => {
    const bytes = await written(RecordBatchFileWriter);
    // one dictionary, one batch of rows: each is named in the other's place
    const [dictionary, rows, ...more] = messages(bytes);
    expect(more).toEqual([]);
    const footer = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
    let tried = 0;
    for (let at = footer; at + 8 <= bytes.length; at += 4)
      for (const [here, other] of [
        [dictionary!, rows!],
        [rows!, dictionary!],
      ] as const)
        if (bytes.readBigInt64LE(at) === BigInt(here)) {
          const bad = Buffer.from(bytes);
          bad.writeBigInt64LE(BigInt(other), at);
          await expect(rowsOf(bad)).rejects.toThrow(`no batch lies at byte ${other}`);
          tried++;
        }
    expect(tried).toBe(2);
  });

  it('counts beyond the bytes there are are refused, wherever they stand', async () => {
    const bytes = await written(RecordBatchFileWriter);
    const refused: string[] = [];
    for (let at = 8; at + 4 <= bytes.length - 10; at += 4) {
      const bad = Buffer.from(bytes);
      bad.writeUInt32LE(0x7fffffff, at);
      // values may be any number; what does not fit is refused in a line
      await rowsOf(bad).catch((error: Error) => refused.push(`${error.name}: ${error.message}`));
    }
    expect(refused.filter((message) => !message.startsWith('InputError: '))).toEqual([]);
    expect(
      refused.filter((message) => message.includes('2147483647 elements in a message')).length,
    ).toBeGreaterThan(5);
  });
});
