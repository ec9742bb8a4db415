import type { Tile } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { tileOf } from './tiles.js';

/** A tile and the number that names it to workers. */
export interface CachedTile {
  readonly id: number;
  readonly tile: Tile;
  readonly inputs: Readonly<Record<string, Frame>>;
}

let tiles = 0;
const known = new WeakMap<Frame, Map<string, CachedTile>>();

/**
 * `tileOf`, the same object for the same frames and rows: what an analytic remembers of a frame, as the signals of a
 * sweep, serves the next block of trials too.
 */
export function cachedTile(
  inputs: Readonly<Record<string, Frame>>,
  driver: string,
  from: number,
  to: number,
): CachedTile {
  const frame = inputs[driver]!;
  const ofFrame = known.get(frame) ?? new Map<string, CachedTile>();
  known.set(frame, ofFrame);
  const key = `${driver} ${from} ${to}`;
  const found = ofFrame.get(key);
  const names = Object.keys(inputs);
  if (
    found &&
    names.length === Object.keys(found.inputs).length &&
    names.every((n) => found.inputs[n] === inputs[n])
  )
    return found;
  const made = { id: tiles++, tile: tileOf(inputs, driver, from, to), inputs };
  ofFrame.set(key, made);
  return made;
}
