import { InputError } from '../core/errors.js';

/** Deflate packs text 3 to 30 times; a thousand times is an archive made to fill disks. */
const MOST_RATIO = 250;
/** Small outputs may be of any ratio. */
const FREE_BYTES = 64 << 20;

/** Throws if more bytes come out than `packed` bytes honestly hold. */
export function checkRatio(unpacked: number, packed: number, label: string): void {
  if (unpacked > FREE_BYTES && unpacked > packed * MOST_RATIO)
    throw new InputError(
      'packed input',
      label,
      `unpacks to more than ${MOST_RATIO} times its ${packed} bytes: not read further`,
    );
}

/** Passes unpacked bytes on until they exceed what `packed` bytes honestly hold. */
export async function* boundedRatio(
  chunks: AsyncIterable<Uint8Array>,
  packed: number,
  label: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    checkRatio(bytes, packed, label);
    yield chunk;
  }
}
