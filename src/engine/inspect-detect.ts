import { InputError } from '../core/errors.js';
import type { ImportSource } from '../dataset/source-files.js';
import { formatOfContent, HEAD_BYTES, headText } from './detect-format.js';
import { nativeCandidates } from './native-signatures.js';

/** What a file is by its content: a native format, or a table of some layout. */
export interface Detected {
  /** A format of `steelyard formats`. */
  readonly format: string;
  /** Other native formats that it fits. */
  readonly alsoFits: readonly string[];
}

/** The format of all sources, by their first bytes. Sources of different formats are an InputError. */
export async function detectSources(sources: readonly ImportSource[]): Promise<Detected> {
  let found: (Detected & { readonly label: string }) | undefined;
  for (const source of sources) {
    const detected = await detectSource(source);
    if (found === undefined) found = { ...detected, label: source.label };
    else if (detected.format !== found.format)
      throw new InputError(
        'inputs',
        `${found.label} (${found.format}) and ${source.label} (${detected.format})`,
        'must be of one format: inspect them apart, or pass --format',
      );
  }
  return { format: found!.format, alsoFits: found!.alsoFits };
}

async function detectSource({ label, path, file }: ImportSource): Promise<Detected> {
  const head = await firstBytes(file.bytes());
  if (head.length === 0) throw new InputError('input', label, 'is empty (0 bytes)');
  const layout = formatOfContent(head, path, label, '--format');
  if (layout === 'arrow' || layout === 'parquet') return { format: layout, alsoFits: [] };
  const [format, ...alsoFits] = nativeCandidates(file.name, headText(head));
  if (format !== undefined) return { format, alsoFits };
  return { format: layout === 'binance-capture' ? 'binance-websocket' : layout, alsoFits: [] };
}

async function firstBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}
