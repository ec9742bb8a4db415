import type { Tile } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { shareFrame } from '../cpu/share-frame.js';
import { tileOf } from './tiles.js';

type Frames = Readonly<Record<string, Frame>>;

/**
 * Tiles of a backend: the same object for the same frames and rows, so that what an analytic remembers of a frame, as the
 * signals of a sweep, serves the next block of trials too.
 */
export class TileCache {
  readonly #shared = new WeakMap<Frame, Frame>();
  readonly #tiles = new WeakMap<Frame, Map<string, { readonly frames: Frames; readonly tile: Tile }>>();

  /** The frames in memory that threads share. */
  shared(frames: Frames): Frames {
    return Object.fromEntries(
      Object.entries(frames).map(([name, frame]) => {
        const shared = this.#shared.get(frame) ?? shareFrame(frame);
        this.#shared.set(frame, shared);
        return [name, shared];
      }),
    );
  }

  /** `tileOf`. */
  tile(frames: Frames, driver: string, from: number, to: number): Tile {
    const key = `${driver} ${from} ${to}`;
    const tiles = this.#tiles.get(frames[driver]!) ?? new Map();
    this.#tiles.set(frames[driver]!, tiles);
    const known = tiles.get(key);
    if (known && sameFrames(known.frames, frames)) return known.tile;
    const tile = tileOf(frames, driver, from, to);
    tiles.set(key, { frames, tile });
    return tile;
  }
}

const sameFrames = (a: Frames, b: Frames): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => a[name] === b[name]);
