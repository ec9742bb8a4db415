import type { DeriveContext } from '../../core/analytic.js';
import type { ExactColumn } from '../../core/exact.js';

type Context = DeriveContext<unknown>;

/** Σ e, null without an event. */
export function flow({ table: { rows, columns } }: Context): Float64Array {
  const { values } = columns.ofi_sum as ExactColumn;
  const events = columns.events as Uint32Array;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = events[i] === 0 ? Number.NaN : values[i]!;
  return out;
}

/** Half the change of bid + ask, in price; null without an event. */
export function midChange({ table: { rows, columns }, instruments }: Context): Float64Array {
  const codes = columns.instrument as Uint32Array;
  const { values } = columns.mid_moved as ExactColumn;
  const events = columns.events as Uint32Array;
  const units = instruments.map(({ tick }) => 2 * 10 ** tick.scale);
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    out[i] =
      events[i] === 0 ? Number.NaN : (values[i]! * instruments[codes[i]!]!.tick.coef) / units[codes[i]!]!;
  return out;
}

/** max(t0 + Δ, latest availability of a state so far). */
export function availableAt({ table: { rows, columns }, every }: Context): Float64Array {
  const time = columns.time as Float64Array;
  const known = columns.known as Float64Array;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = Math.max(time[i]! + every, known[i]!);
  return out;
}
