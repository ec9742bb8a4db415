import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { sessionGrid } from '../../core/grid.js';
import { type RowParams, type RowScale, rowScales } from '../../core/price-rows.js';
import { rowOf } from '../../core/row-rounding.js';
import { sessionAt } from '../../core/sessions.js';
import { RowBuilder } from './row-builder.js';

export interface ProfileParams extends RowParams {
  readonly session: string;
}

/** Volume by price row and session: each session's rows are summed in scratch, then emitted in price order. */
export function reference(tile: Tile, params: ProfileParams): TileResult {
  const frame = tile.inputs.trades!;
  const scales = rowScales(frame, params);
  const sessions = sessionGrid(frame, params.session, 'volume-profile session');
  const time = frame.columns.time as Uint32Array;
  const builder = new RowBuilder(frame);
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    let from = frame.offsets[s]!;
    let session = from < end ? sessionAt(sessions.units, time[from]!) : 0;
    while (from < end) {
      while (time[from]! >= sessions.units[session + 1]!) session++;
      const limit = sessions.units[session + 1]!;
      let to = from + 1;
      while (to < end && time[to]! < limit) to++;
      addSession(builder, frame, s, from, to, scales[s]!, params.rounding);
      builder.emit(s, sessions.starts[session]!);
      from = to;
    }
  }
  return { outputs: { rows: builder.table() } };
}

/** Sums trades [from, to) of instrument s by row. */
function addSession(
  builder: RowBuilder,
  frame: Frame,
  s: number,
  from: number,
  to: number,
  scale: RowScale,
  rounding: RowParams['rounding'],
): void {
  const tick = frame.columns.tick as Int32Array;
  const base = frame.instruments[s]!.base;
  let lowest = tick[from]!;
  let highest = lowest;
  for (let i = from + 1; i < to; i++) {
    const k = tick[i]!;
    if (k < lowest) lowest = k;
    else if (k > highest) highest = k;
  }
  const first = rowOf(base + lowest, scale, rounding);
  const width = rowOf(base + highest, scale, rounding) - first + 1;
  // an outlier price would make a dense range mostly empty: then only the rows that traded get a slot
  if (width <= 16 * (to - from) + 64) builder.dense(first, width);
  else {
    const rows = new Float64Array(to - from);
    for (let i = from; i < to; i++) rows[i - from] = rowOf(base + tick[i]!, scale, rounding);
    builder.sparse(rows);
  }
  let previous = Number.NaN;
  let slot = 0;
  for (let i = from; i < to; i++) {
    const k = tick[i]!;
    if (k !== previous) {
      slot = builder.slotOf(rowOf(base + k, scale, rounding));
      previous = k;
    }
    builder.add(slot, i);
  }
}
