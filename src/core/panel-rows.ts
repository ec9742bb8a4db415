import type { Frame } from './columns.js';

/** Instrument of every row of a frame. */
export function instrumentCodes({ offsets, rows }: Pick<Frame, 'offsets' | 'rows'>): Uint32Array {
  const out = new Uint32Array(rows);
  for (let s = 0; s + 1 < offsets.length; s++) out.fill(s, offsets[s], offsets[s + 1]);
  return out;
}

type Rows = Pick<Frame, 'offsets'>;

/** Instruments that have rows, in order. */
export const instrumentsWithRows = ({ offsets }: Rows): number[] =>
  [...offsets.subarray(1).keys()].filter((s) => offsets[s + 1]! > offsets[s]!);

/** Rows of the instrument that has most. */
export function longestSeries({ offsets }: Rows): number {
  let most = 0;
  for (let s = 0; s + 1 < offsets.length; s++) most = Math.max(most, offsets[s + 1]! - offsets[s]!);
  return most;
}

export const nullColumn = (rows: number): Float64Array => new Float64Array(rows).fill(Number.NaN);

/** A column of lots as sizes in place, each rounded once. */
export function lotsToSizes(
  { instruments, offsets }: Pick<Frame, 'instruments' | 'offsets'>,
  lots: Float64Array,
): void {
  instruments.forEach(({ lot }, s) => {
    const unit = 10 ** lot.scale;
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) lots[i] = (lots[i]! * lot.coef) / unit;
  });
}
