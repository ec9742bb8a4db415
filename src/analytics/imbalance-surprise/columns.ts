import type { Frame } from '../../core/columns.js';
import { instrumentCodes, nullColumn } from '../../core/panel-rows.js';

export interface SurpriseParams {
  readonly bars: number;
  readonly minPeriods: number | undefined;
  readonly includeCurrent: boolean;
  readonly form: 'standard' | 'robust';
  readonly anchor: string;
  readonly ema: number;
  readonly seed: 'sma' | 'first';
}

/** Columns of the output, null until written; keys and availability are there. */
export function outputColumns(frame: Frame) {
  const column = (): Float64Array => nullColumn(frame.rows);
  return {
    instrument: instrumentCodes(frame),
    time: frame.columns.time as Float64Array,
    ...{ delta: column(), vi: column(), coverage: column(), vi_z: column(), vi_percentile: column() },
    ...{ cvd: column(), vi_ema: column(), volume_ema: column() },
    available_at: frame.columns.available_at as Float64Array,
  };
}
