import { InputError } from '../core/errors.js';
import type { LineBatch } from '../core/importer.js';

const LONGEST = 16 << 20;

/** Lines of UTF-8 bytes in batches, as `SourceFile.lines` promises them. Bytes that are no UTF-8 become U+FFFD. */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
): AsyncGenerator<LineBatch> {
  const decoder = new TextDecoder();
  let rest = '';
  let first = 0;
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST)
      throw new InputError(`${label} line`, first + lines.length, 'must be at most 16 MiB long');
    if (lines.length === 0) continue;
    for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
    yield { first, lines };
    first += lines.length;
  }
  rest += decoder.decode();
  if (rest.endsWith('\r')) rest = rest.slice(0, -1);
  if (rest !== '') yield { first, lines: [rest] };
}
