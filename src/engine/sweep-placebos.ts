import type { Frame } from '../core/columns.js';
import { type Placebo, signFlipPlacebo, timeShiftPlacebo } from '../stats/index.js';
import type { ResultTable } from './result.js';

export interface SweepPlacebos {
  readonly signFlip: Placebo;
  readonly timeShift: Placebo;
}

/**
 * What the best trial would have done without its timing: its returns with random signs, and its net exposure held at
 * other times against the mean return of the universe. `equity` lists its equity and positions over the panel's bars.
 */
export function placebosOf(
  returns: Float64Array,
  equity: ResultTable,
  panel: Frame,
  capital: number,
  options: { readonly samples: number; readonly seed: number },
): SweepPlacebos {
  const { exposure, market } = marketTiming(equity, panel, capital);
  return {
    signFlip: signFlipPlacebo(returns, options),
    timeShift: timeShiftPlacebo(exposure, market, { shifts: options.samples }),
  };
}

/** By time, Σ position · close by capital at the end of a bar, and the mean return of all instruments in the next. */
function marketTiming({ table }: ResultTable, panel: Frame, capital: number) {
  const time = panel.columns.time as Float64Array;
  const close = panel.columns.close as Float64Array;
  const position = table.columns.position as Float64Array;
  const place = new Map<number, number>();
  for (const t of [...new Set(time)].sort((a, b) => a - b)) place.set(t, place.size);
  const exposure = new Float64Array(place.size);
  const sum = new Float64Array(place.size);
  const count = new Float64Array(place.size);
  panel.instruments.forEach(({ tick, multiplier }, s) => {
    const unit = (tick.coef * multiplier.coef) / 10 ** (tick.scale + multiplier.scale);
    let last = Number.NaN;
    for (let i = panel.offsets[s]!; i < panel.offsets[s + 1]!; i++) {
      const at = place.get(time[i]!)!;
      if (close[i]! > 0) {
        if (last > 0 && at > 0) {
          sum[at - 1]! += close[i]! / last - 1;
          count[at - 1]!++;
        }
        last = close[i]!;
      }
      if (last > 0) exposure[at]! += (position[i]! * last * unit) / capital;
    }
  });
  return { exposure, market: sum.map((total, at) => total / count[at]!) };
}
