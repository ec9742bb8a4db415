import { open } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../core/errors.js';
import { CAPTURE_LINE } from '../ingest/binance-message.js';
import { gzipped } from '../table/read-bytes.js';

export type InputFormat = 'arrow' | 'parquet' | 'csv' | 'json' | 'binance-capture';

export const FORMATS: readonly InputFormat[] = ['arrow', 'parquet', 'csv', 'json', 'binance-capture'];

export const HEAD_BYTES = 65536;

/** Format of a file by its first bytes, looking into gzip; by its extension where text leaves it open. */
export async function detectFormat(path: string, input: string): Promise<InputFormat> {
  const head = await headOf(path, input);
  if (head.length === 0) throw new InputError('input', input, 'is empty (0 bytes)');
  const zipped = gzipped(head);
  const format = formatOfContent(zipped ? unzipped(head, input) : head, path, input);
  if (zipped && (format === 'arrow' || format === 'parquet'))
    throw new InputError('input', input, `is ${format} inside gzip: unpack it first`);
  return format;
}

/** Format by the first bytes of a file, unpacked; `flag` names it otherwise. What nothing reads is an InputError. */
export function formatOfContent(bytes: Buffer, path: string, input: string, flag = '--from'): InputFormat {
  const magic = bytes.subarray(0, 6).toString('latin1');
  if (magic === 'ARROW1' || magic.startsWith('\xff\xff\xff\xff')) return 'arrow';
  if (magic.startsWith('PAR1')) return 'parquet';
  if (magic.startsWith('FEA1'))
    throw new InputError('input', input, 'is Feather version 1: only version 2 is read');
  if (magic.startsWith('PK')) throw new InputError('input', input, 'is a zip archive: unpack it first');
  if (bytes.subarray(0, 4).equals(Buffer.of(0x28, 0xb5, 0x2f, 0xfd)))
    throw new InputError('input', input, 'is compressed with Zstandard: unpack it or use gzip');
  const text = headText(bytes).trimStart();
  if (CAPTURE_LINE.test(text)) return 'binance-capture';
  if (/^[[{]/.test(text)) return 'json';
  if (/\.(arrows?|feather|ipc)$/i.test(path))
    throw new InputError('Arrow file', input, 'is damaged: no Arrow magic number');
  if (/\.parquet$/i.test(path))
    throw new InputError('Parquet file', input, 'is damaged: no Parquet magic number');
  if (bytes.includes(0)) throw new InputError('input', input, `is of no known format: pass ${flag}`);
  return 'csv';
}

/** The first bytes of a file as text, without a byte-order mark. */
export const headText = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');

async function headOf(path: string, input: string): Promise<Buffer> {
  const file = await open(path).catch((error: { code?: string }) => {
    throw new InputError('input', input, `cannot be read (${error.code ?? 'unknown'})`);
  });
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The start of a gzip stream, as far as its first bytes go. */
function unzipped(head: Buffer, input: string): Buffer {
  try {
    // Z_SYNC_FLUSH: the head of a longer stream is no error
    const out = gunzipSync(head, { finishFlush: 2, maxOutputLength: 1 << 26 });
    if (out.length > 0) return out;
  } catch {
    throw new InputError('gzip file', input, 'is damaged');
  }
  throw new InputError('gzip file', input, 'is empty or truncated');
}
