import type { Pool } from './pool.js';
import { COPY_DST, COPY_SRC, MAP_MODE_READ, MAP_MODE_WRITE, MAP_READ, MAP_WRITE } from './usage.js';

/** Small transfers share one mapped buffer of up to this size; larger ones get their own. */
const ARENA = 32 * 1024 * 1024;
const ALIGN = 256;

/** A range of a device buffer and its place in a mapped one. */
export interface Transfer {
  readonly buffer: GPUBuffer;
  readonly byteOffset: number;
  readonly bytes: number;
}

/** Mapped buffers for a list of transfers; `bytes` is their sum. */
export interface Staging {
  readonly bytes: number;
  /** Records the copies. */
  encode(encoder: GPUCommandEncoder): void;
  /** Maps, calls `use` with each transfer's words in turn, unmaps. The words are gone afterwards. */
  visit(use: (words: Uint32Array, index: number) => void): Promise<void>;
  release(): void;
}

/**
 * Packs transfers into mapped buffers from the pool. Uploads go this way because queue.writeBuffer
 * crashes the process on a SharedArrayBuffer view; copying such a view into a mapped range is safe.
 */
export function createStaging(
  pool: Pool,
  maxBytes: number,
  direction: 'up' | 'down',
  list: readonly Transfer[],
): Staging {
  const limit = Math.min(ARENA, maxBytes);
  const sizes: number[] = [];
  const places = list.map(({ bytes }) => {
    let arena = sizes.length - 1;
    if (arena < 0 || sizes[arena]! + bytes > limit) arena = sizes.push(0) - 1;
    const offset = sizes[arena]!;
    sizes[arena] = Math.ceil((offset + bytes) / ALIGN) * ALIGN;
    return { arena, offset };
  });
  const usage = direction === 'up' ? MAP_WRITE | COPY_SRC : MAP_READ | COPY_DST;
  // a lone transfer may be as large as a buffer can be: its alignment must not push it over
  const arenas = sizes.map((size) => pool.acquire(usage, Math.min(size, Math.floor(maxBytes / 4) * 4)));
  return {
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    encode(encoder) {
      list.forEach(({ buffer, byteOffset, bytes }, i) => {
        if (bytes === 0) return;
        const { arena, offset } = places[i]!;
        if (direction === 'up') encoder.copyBufferToBuffer(arenas[arena]!, offset, buffer, byteOffset, bytes);
        else encoder.copyBufferToBuffer(buffer, byteOffset, arenas[arena]!, offset, bytes);
      });
    },
    async visit(use) {
      const mode = direction === 'up' ? MAP_MODE_WRITE : MAP_MODE_READ;
      await Promise.all(arenas.map((arena, i) => arena.mapAsync(mode, 0, Math.min(sizes[i]!, arena.size))));
      const ranges = arenas.map((arena, i) => arena.getMappedRange(0, Math.min(sizes[i]!, arena.size)));
      try {
        list.forEach(({ bytes }, i) => {
          const { arena, offset } = places[i]!;
          use(new Uint32Array(ranges[arena]!, offset, bytes / 4), i);
        });
      } finally {
        for (const arena of arenas) arena.unmap();
      }
    },
    release() {
      for (const arena of arenas) pool.release(arena);
    },
  };
}
