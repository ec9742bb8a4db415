import type { Frame } from '../../core/columns.js';

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
  const column = (): Float64Array => new Float64Array(frame.rows).fill(Number.NaN);
  const instrument = new Uint32Array(frame.rows);
  for (let s = 0; s < frame.instruments.length; s++)
    instrument.fill(s, frame.offsets[s], frame.offsets[s + 1]);
  return {
    instrument,
    time: frame.columns.time as Float64Array,
    ...{ delta: column(), vi: column(), vi_z: column(), vi_percentile: column() },
    ...{ cvd: column(), vi_ema: column(), volume_ema: column() },
    available_at: frame.columns.available_at as Float64Array,
  };
}

/** Lots become sizes, each rounded once, in place. */
export function toSizes({ instruments, offsets }: Frame, lots: Float64Array): void {
  instruments.forEach(({ lot }, s) => {
    const unit = 10 ** lot.scale;
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) lots[i] = (lots[i]! * lot.coef) / unit;
  });
}
