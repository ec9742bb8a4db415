import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { writeError } from '../table/atomic.js';
import type { Block, BlockInfo } from './block.js';
import { blockBytes, blockFrom, type StoredBlock } from './block-bytes.js';
import { RunIndexWriter } from './run-index.js';

/** Bytes gathered before a write: from the first to the last, as a run needs them. */
const FIRST_BYTES = 1 << 16;
const WRITE_BYTES = 4 << 20;
/** Bytes read ahead of small blocks. */
const AHEAD_BYTES = 1 << 20;

/** Writes blocks to `path`, and then their index: see `RunIndexWriter`. */
export async function writeRun(
  path: string,
  blocks: Iterable<{ info: BlockInfo; block: Block }>,
): Promise<void> {
  const index = new RunIndexWriter();
  const file = openSync(path, 'w');
  try {
    let gathered = Buffer.allocUnsafeSlow(FIRST_BYTES);
    let filled = 0;
    let offset = 0;
    const flush = (): void => {
      writeAll(file, gathered.subarray(0, filled));
      filled = 0;
    };
    for (const { info, block } of blocks) {
      const { parts, shape, texts, bytes } = blockBytes(block);
      index.add(info, { offset, bytes, shape, texts });
      offset += bytes;
      for (const part of parts) {
        if (filled + part.length > WRITE_BYTES) flush();
        if (part.length > WRITE_BYTES) writeAll(file, part);
        else {
          if (filled + part.length > gathered.length) gathered = grown(gathered, filled + part.length);
          gathered.set(part, filled);
          filled += part.length;
        }
      }
    }
    flush();
    await index.write(path);
  } catch (error) {
    throw writeError(path, error);
  } finally {
    closeSync(file);
  }
}

/** Small imports are many: each pays for what it fills. */
function grown(from: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  let length = from.length;
  while (length < bytes) length *= 2;
  const to = Buffer.allocUnsafeSlow(length);
  from.copy(to);
  return to;
}

function writeAll(file: number, data: Uint8Array): void {
  for (let at = 0; at < data.length; ) at += writeSync(file, data, at);
}

/** Reads blocks of run files, which stay open until `close`; blocks that lie one behind another come in one read. */
export class RunReader {
  readonly #files = new Map<string, { file: number; size: number; from: number; data: Buffer }>();

  read(path: string, stored: StoredBlock): Block {
    let window = this.#files.get(path);
    if (window === undefined) {
      const file = openSync(path, 'r');
      window = { file, size: fstatSync(file).size, from: 0, data: Buffer.alloc(0) };
      this.#files.set(path, window);
    }
    const { offset, bytes } = stored;
    if (offset < window.from || offset + bytes > window.from + window.data.length) {
      // own memory: a pooled buffer would not start at a multiple of 8
      const data = Buffer.from(new ArrayBuffer(Math.max(bytes, Math.min(AHEAD_BYTES, window.size - offset))));
      let read = 0;
      for (let got = -1; got !== 0 && read < data.length; read += got)
        got = readSync(window.file, data, read, data.length - read, offset + read);
      if (read < bytes) throw new Error(`spill file ${path} ends early`);
      window.from = offset;
      window.data = data.subarray(0, read);
    }
    return blockFrom(window.data.subarray(offset - window.from, offset - window.from + bytes), stored);
  }

  close(): void {
    for (const { file } of this.#files.values()) closeSync(file);
    this.#files.clear();
  }
}
