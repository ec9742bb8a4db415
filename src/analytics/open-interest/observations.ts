import type { Frame } from '../../core/columns.js';

/** No observation. */
export const NONE = 0xffffffff;

/** What counts as open interest: contracts, or their value in USD. */
export type Measure = 'contracts' | 'usd';

/** The observations' open interest. */
export const readings = ({ columns }: Frame, measure: Measure): Float64Array =>
  columns[measure === 'usd' ? 'oi_usd' : 'oi'] as Float64Array;

/**
 * From when on an observation or a later one is known: the least availability from each one to its instrument's last.
 * Never falling, so that the latest observation known at a time is the last whose value is at most that time.
 */
export function knownFrom({ columns, offsets, rows }: Frame): Float64Array {
  const available = columns.available as Float64Array;
  const out = new Float64Array(rows);
  for (let s = 0; s + 1 < offsets.length; s++) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = offsets[s + 1]! - 1; i >= offsets[s]!; i--) {
      least = Math.min(least, available[i]!);
      out[i] = least;
    }
  }
  return out;
}

/** Columns of bars for a backend to fill, null throughout. */
export function barColumns(rows: number) {
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  return {
    instrument: new Uint32Array(rows),
    ...{ time: column(), available_at: column(), oi: column(), oi_time: column(), oi_before: column() },
    ...{ close: column(), close_before: column(), volume: column() },
    interval_bars: new Uint32Array(rows),
    ...{ interval_buy: column(), interval_sell: column(), interval_unknown: column() },
  };
}

export type BarColumns = ReturnType<typeof barColumns>;
