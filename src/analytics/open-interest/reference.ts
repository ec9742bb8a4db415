import type { Tile, TileResult } from '../../core/analytic.js';
import { barColumns, knownFrom, type Measure, NONE, readings } from './observations.js';

interface Params {
  readonly every: number;
  readonly maxAge: number;
  readonly measure: Measure;
}

/** The as-of join, bar by bar, and the volumes since the observation before was first of use. */
export function reference(tile: Tile, { every, maxAge, measure }: Params): TileResult {
  const bars = tile.inputs.panel!;
  const { columns: c, rows } = bars;
  const seen = tile.inputs.oi!;
  const known = knownFrom(seen);
  const oi = readings(seen, measure);
  const observed = seen.columns.time as Float64Array;
  const [time, close] = [c.time as Float64Array, c.close as Float64Array];
  const buys = c.buy_volume as Float64Array;
  const sells = c.sell_volume as Float64Array;
  const unknowns = c.unknown_volume as Float64Array;
  const out = barColumns(rows);
  out.time.set(time);
  out.available_at.set(c.available_at as Float64Array);
  out.close.set(close);
  out.volume.set(c.volume as Float64Array);

  for (let s = 0; s + 1 < bars.offsets.length; s++) {
    const first = bars.offsets[s]!;
    const end = seen.offsets[s + 1]!;
    let next = seen.offsets[s]!;
    /** Observation of the bar before, and the bar from which on it was of use. */
    let held = NONE;
    let since = 0;
    let buy = 0;
    let sell = 0;
    let unknown = 0;
    for (let t = first; t < bars.offsets[s + 1]!; t++) {
      out.instrument[t] = s;
      const close = time[t]! + every;
      while (next < end && known[next]! <= close) next++;
      const latest = next - 1;
      const use = latest >= seen.offsets[s]! && close - known[latest]! <= maxAge ? latest : NONE;
      buy += buys[t]!;
      sell += sells[t]!;
      unknown += unknowns[t]!;
      if (use !== NONE) {
        out.oi[t] = oi[use]!;
        out.oi_time[t] = observed[use]!;
      }
      if (use === held) continue;
      // what was known before the first bar began may have been so for long: its interval is not all in the bars
      const covered = held !== NONE && !(since === first && known[held]! <= time[first]!);
      if (use !== NONE && covered) {
        out.oi_before[t] = oi[held]!;
        out.close_before[t] = out.close[since]!;
        out.interval_bars[t] = t - since;
        out.interval_buy[t] = buy;
        out.interval_sell[t] = sell;
        out.interval_unknown[t] = unknown;
      }
      held = use;
      since = t;
      buy = 0;
      sell = 0;
      unknown = 0;
    }
  }
  return { outputs: { bars: { rows, columns: out } } };
}
