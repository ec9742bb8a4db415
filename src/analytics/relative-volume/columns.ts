import type { Frame } from '../../core/columns.js';
import { divideBig, SAFE } from '../../core/exact.js';
import { instrumentCodes, lotsToSizes, nullColumn } from '../../core/panel-rows.js';

export interface VolumeParams {
  readonly bars: number;
  readonly minPeriods: number | undefined;
  readonly includeCurrent: boolean;
  readonly session: string;
  readonly sessions: number;
  readonly minSessions: number | undefined;
  readonly baseline: 'prior_sessions' | 'include_current' | 'day_of_month';
}

/** Columns of the output, null until written; keys, volume and availability are there. */
export function outputColumns(frame: Frame, params: VolumeParams) {
  const column = (): Float64Array => nullColumn(frame.rows);
  const volume = (frame.columns.volume as Float64Array).slice();
  lotsToSizes(frame, volume);
  return {
    instrument: instrumentCodes(frame),
    time: frame.columns.time as Float64Array,
    volume,
    ...{ rvol: column(), z: column(), percentile: column() },
    ...{ cumulative_volume: column(), rvol_cumulative: column(), rvol_regular: column() },
    flagged: new Uint32Array(frame.rows).fill(params.baseline === 'day_of_month' ? 1 : 0),
    available_at: frame.columns.available_at as Float64Array,
  };
}

/** x over the mean of `count` integers of this sum, rounded once; null if the mean is 0 or there is none. */
export function overMean(x: number, sum: number, count: number): number {
  // NaN, the null, fails the first test and passes through the product
  if (!(sum > 0)) return Number.NaN;
  const product = x * count;
  return product > SAFE ? divideBig(BigInt(x) * BigInt(count), BigInt(sum)) : product / sum;
}
