import type { Column, Frame } from '../../core/columns.js';
import { instrumentsAt } from '../../core/time-groups.js';

/**
 * Rows above the lowest of their bar, by starts of the bars: 0 begins a bar, and one more than the cell before is the
 * next price.
 */
export function positions(frame: Frame, bars: Uint32Array): Uint32Array {
  const row = frame.columns.row as Float64Array;
  const out = new Uint32Array(frame.rows);
  for (let bar = 0; bar + 1 < bars.length; bar++) {
    const lowest = row[bars[bar]!]!;
    for (let i = bars[bar]!; i < bars[bar + 1]!; i++) out[i] = row[i]! - lowest;
  }
  return out;
}

/** What needs no rule: the rows as they come, but known only with their whole bar, since flags look at neighbours. */
export function cellColumns(frame: Frame, bars: Uint32Array): Record<string, Column> {
  const { last_available: _, price: __, volume: ___, ...columns } = frame.columns;
  const known = frame.columns.available_at as Float64Array;
  const instrument = new Uint32Array(frame.rows);
  const available = new Float64Array(frame.rows);
  const codes = instrumentsAt(frame, bars, bars.length - 1);
  for (let bar = 0; bar + 1 < bars.length; bar++) {
    const to = bars[bar + 1]!;
    let latest = 0;
    for (let i = bars[bar]!; i < to; i++) if (known[i]! > latest) latest = known[i]!;
    // loops: most bars have a handful of rows, where a call to fill costs more
    for (let i = bars[bar]!; i < to; i++) {
      instrument[i] = codes[bar]!;
      available[i] = latest;
    }
  }
  return { ...columns, instrument, available_at: available };
}
