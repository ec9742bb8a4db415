import { nearest } from './nearest.js';
import { NO_SPREAD, SPREAD_UNIT } from './rules.js';

/** Spreads of bps in 10^-4 bps; those of no book are not known, as nulls are not. */
export function spreads(out: Int32Array, bps: Float64Array | undefined): void {
  for (let t = 0; t < out.length; t++) {
    const spread = bps === undefined ? Number.NaN : bps[t]!;
    out[t] = Number.isNaN(spread) ? NO_SPREAD : Math.min(NO_SPREAD, nearest(spread * SPREAD_UNIT));
  }
}
