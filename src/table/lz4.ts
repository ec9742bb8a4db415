import { InputError } from '../core/errors.js';

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const BLOCK_BYTES = [0, 0, 0, 0, 65536, 262144, 1048576, 4194304];

const broken = (why: string): InputError => new InputError('LZ4 frame', why, 'is damaged or truncated');

/**
 * Decodes LZ4 frames (one or several, checksums skipped). Every read and copy is bounds-checked: truncated or
 * hostile input ends in an InputError, and no block grows past the size its header allows.
 */
export function decodeLz4(source: Uint8Array): Uint8Array {
  let out = new Uint8Array(Math.max(1024, source.length * 3));
  let length = 0;
  let at = 0;
  const need = (bytes: number): void => {
    if (at + bytes > source.length) throw broken('of too few bytes');
  };
  const u32 = (): number => {
    need(4);
    const value = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
    at += 4;
    return value >>> 0;
  };
  while (at < source.length) {
    const magic = u32();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const skip = u32();
      need(skip);
      at += skip;
      continue;
    }
    if (magic !== MAGIC) throw broken('without its magic number');
    need(3);
    const flags = source[at]!;
    const blockMax = BLOCK_BYTES[(source[at + 1]! >> 4) & 7]!;
    if (flags >> 6 !== 1 || blockMax === 0) throw broken('of unknown version');
    if (flags & 1) throw new InputError('LZ4 frame', 'with a preset dictionary', 'is not supported');
    const linked = (flags & 0x20) === 0;
    // flags, block descriptor, content size, header checksum
    at += 2 + (flags & 8 ? 8 : 0) + 1;
    const frameStart = length;
    for (;;) {
      const word = u32();
      if (word === 0) break;
      const bytes = word & 0x7fffffff;
      need(bytes);
      if (length + blockMax > out.length) {
        const wider = new Uint8Array(Math.max(out.length * 2, length + blockMax));
        wider.set(out.subarray(0, length));
        out = wider;
      }
      if (word >>> 31) {
        if (bytes > blockMax) throw broken('with an oversized block');
        out.set(source.subarray(at, at + bytes), length);
        length += bytes;
      } else
        length = decodeBlock(
          source,
          at,
          at + bytes,
          out,
          length,
          linked ? frameStart : length,
          length + blockMax,
        );
      at += bytes + (flags & 0x10 ? 4 : 0);
    }
    at += flags & 4 ? 4 : 0;
  }
  return out.subarray(0, length);
}

/** One block into `out` at `to`; matches reach back to `history`, output ends before `limit`. */
function decodeBlock(
  source: Uint8Array,
  from: number,
  end: number,
  out: Uint8Array,
  to: number,
  history: number,
  limit: number,
): number {
  let i = from;
  let o = to;
  while (i < end) {
    const token = source[i++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (i >= end) throw broken('with a cut literal length');
        more = source[i++]!;
        literals += more;
      }
    }
    if (i + literals > end || o + literals > limit) throw broken('with literals past its end');
    if (literals < 24) for (const stop = i + literals; i < stop; ) out[o++] = source[i++]!;
    else {
      out.set(source.subarray(i, i + literals), o);
      i += literals;
      o += literals;
    }
    // the last sequence has literals only
    if (i === end) return o;
    if (i + 2 > end) throw broken('with a cut match offset');
    const offset = source[i]! | (source[i + 1]! << 8);
    i += 2;
    if (offset === 0 || o - offset < history) throw broken('with a match before its start');
    let match = (token & 15) + 4;
    if (match === 19) {
      let more = 255;
      while (more === 255) {
        if (i >= end) throw broken('with a cut match length');
        more = source[i++]!;
        match += more;
      }
    }
    if (o + match > limit) throw broken('with a match past its end');
    if (offset >= match && match >= 24) {
      out.copyWithin(o, o - offset, o - offset + match);
      o += match;
    } else for (const stop = o + match; o < stop; o++) out[o] = out[o - offset]!;
  }
  throw broken('without a last sequence');
}
