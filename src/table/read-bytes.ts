import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { InputError } from '../core/errors.js';

/** Bytes of one read. */
export const READ_BYTES = 1 << 20;

/**
 * Bytes of a file, unpacked if it is gzip. A gzip stream that ends early or is damaged is an InputError. `taken` is
 * told how many bytes have been read from disk so far.
 */
export async function* bytesOf(
  path: string,
  input: string,
  taken?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const zipped = await isGzip(path);
  const file = readStream(path, (await stat(path)).size);
  const stream = zipped ? file.pipe(createGunzip({ chunkSize: READ_BYTES })) : file;
  // errors do not travel through pipe()
  if (zipped) file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) {
      taken?.(file.bytesRead);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === 'Z_BUF_ERROR') throw new InputError('gzip file', input, 'is truncated');
    if (code.startsWith('Z_')) throw new InputError('gzip file', input, 'is damaged');
    throw error;
  } finally {
    file.destroy();
  }
}

/** A stream of a file that takes no more memory than the file has bytes. */
export const readStream = (path: string, size: number): ReadStream =>
  createReadStream(path, { highWaterMark: Math.min(READ_BYTES, Math.max(size, 1)) });

/** Reads a gzip file through, for the error it may hold. */
export async function checkGzip(path: string, input: string): Promise<void> {
  for await (const chunk of bytesOf(path, input)) void chunk;
}

export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    return gzipped(head);
  } finally {
    await file.close();
  }
}

/** True if the first bytes of a file are gzip's. */
export const gzipped = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
