import type { AnyAnalytic, Carry, Tile, TileResult } from '../core/analytic.js';

/** One tile on the CPU backend: the analytic's own reference, inline. */
export const runTileOnCpu = (analytic: AnyAnalytic, tile: Tile, params: never, carry: Carry): TileResult =>
  analytic.reference(tile, params, carry);
