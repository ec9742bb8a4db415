import type { Frame } from '../../core/columns.js';

/** Bars of a panel that were observed, without gaps; rows of instrument i are `offsets[i] .. offsets[i + 1]`. */
export interface ObservedBars {
  readonly offsets: Uint32Array;
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume', 'notional'] as const;

/**
 * The bars whose volume is known, in order: indicators look back in them, as if the others did not exist. The panel's
 * own columns while nothing is missing.
 */
export function observedBars(frame: Frame): ObservedBars {
  const all = frame.columns as Record<string, Float64Array>;
  const volume = all.volume!;
  const offsets = new Uint32Array(frame.offsets.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    let known = offsets[s]!;
    for (let i = frame.offsets[s]!; i < end; i++) if (!Number.isNaN(volume[i])) known++;
    offsets[s + 1] = known;
  }
  const rows = offsets[offsets.length - 1]!;
  if (rows === frame.rows) return { offsets, rows, columns: all };
  const columns: Record<string, Float64Array> = {};
  for (const name of COLUMNS) {
    const source = all[name]!;
    const out = new Float64Array(rows);
    for (let i = 0, at = 0; i < frame.rows; i++) if (!Number.isNaN(volume[i])) out[at++] = source[i]!;
    columns[name] = out;
  }
  return { offsets, rows, columns };
}

/**
 * Moves values of an instrument's observed bars, which stand at the start of its rows [from, to), to the rows of those
 * bars; the others become null. From the end, so that nothing is overwritten before it has moved.
 */
export function spread(
  values: Float64Array,
  volume: Float64Array,
  observed: number,
  from: number,
  to: number,
): void {
  if (observed === to - from) return;
  let at = from + observed;
  for (let i = to - 1; i >= from; i--) values[i] = !Number.isNaN(volume[i]) ? values[--at]! : Number.NaN;
}
