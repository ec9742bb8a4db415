import type { Carry, Tile, TileResult } from '../core/analytic.js';
import type { WorkerAnswer } from '../core/worker-answer.js';
import type { AnalyticLocation } from './load-analytic.js';

/** What a thread needs to run a tile; columns on SharedArrayBuffers are not copied on the way. */
export interface TileJob {
  /** Names the tile: a thread that has it takes its own, and with it what the analytic remembers of its frames. */
  readonly id: number;
  readonly location: AnalyticLocation;
  readonly tile: Tile;
  readonly params: unknown;
  readonly carry: Carry;
}

/** What a thread says: that its modules are there, that the analytic's are not, or the answer to a job. */
export type FromThread = { readonly ready: true } | { readonly unloaded: string } | WorkerAnswer<TileResult>;
