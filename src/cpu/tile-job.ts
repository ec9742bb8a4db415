import type { Carry, Tile } from '../core/analytic.js';
import type { AnalyticLocation } from './load-analytic.js';

/** What a worker needs to run a tile; columns on SharedArrayBuffers are not copied on the way. */
export interface TileJob {
  /** Names the tile: a worker that has it takes its own, and with it what the analytic remembers of its frames. */
  readonly id: number;
  readonly location: AnalyticLocation;
  readonly tile: Tile;
  readonly params: unknown;
  readonly carry: Carry;
}

/** Asks a worker to let go of the tiles it holds. */
export const FORGET = 'forget';
