import * as arrow from 'apache-arrow';
import { expect, it } from 'vitest';
import { openTrades } from '../../src/engine/open.js';
import { scratch } from '../support/scratch.js';

const { write } = scratch();

/** A Zstandard frame of one raw block: valid, and made without a compressor. */
function zstdFrame(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  // single segment, content size in four bytes
  out[4] = 0xa0;
  view.setUint32(5, data.length, true);
  const block = (data.length << 3) | 1;
  out.set([block & 255, (block >> 8) & 255, (block >> 16) & 255], 9);
  out.set(data, 12);
  return out;
}

it('an Arrow file compressed by Zstandard is refused in one line that names it', async () => {
  arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, { encode: zstdFrame });
  const table = arrow.tableFromArrays({
    time: BigInt64Array.from({ length: 500 }, (_, i) => 1_704_153_600_000n + BigInt(i)),
    price: new Float64Array(500).fill(7),
    size: new Float64Array(500).fill(1),
  });
  const writer = new arrow.RecordBatchFileWriter({ compressionType: arrow.CompressionType.ZSTD });
  writer.writeAll(table.batches);
  writer.finish();
  const file = write('trades.arrow', writer.toUint8Array(true));
  const error: Error = await openTrades([file]).then(
    () => expect.unreachable('it was read'),
    (caught) => caught,
  );
  expect(error.name).toBe('InputError');
  expect(error.message).toMatch(/trades\.arrow/);
  expect(error.message).toMatch(/zstd|zstandard/i);
  expect(error.message).not.toContain('\n');
});
