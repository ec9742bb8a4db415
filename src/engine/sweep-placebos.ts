import type { Frame } from '../core/columns.js';
import { type Placebo, signFlipPlacebo } from '../stats/index.js';
import type { ResultTable } from './result.js';

export interface SweepPlacebos {
  readonly signFlip: Placebo;
  readonly timeShift: Placebo;
}

/** Shifts by instrument stay this share of its bars away from none, either way. */
const LEAST_SHIFT = 0.02;

/**
 * What the best trial would have done without its timing: its portfolio returns with random signs, and its positions held
 * at other times. `tables` list its fills, and its positions over the panel's bars.
 */
export function placebosOf(
  returns: Float64Array,
  tables: Readonly<Record<string, ResultTable>>,
  panel: Frame,
  capital: number,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): SweepPlacebos {
  return {
    signFlip: signFlipPlacebo(returns, { samples, seed }),
    timeShift: timeShift(heldOverBars(tables, panel), panel, capital, samples),
  };
}

/**
 * Positions after the fills at each bar's open, before a stop or target inside it: what a bar's move from open to close
 * belongs to. A gap through a stop fills at the open too, so the price of a fill tells, whatever its reason.
 */
function heldOverBars({ equity, trades }: Readonly<Record<string, ResultTable>>, panel: Frame): Float64Array {
  const open = panel.columns.open as Float64Array;
  const { position, time } = equity!.table.columns as Record<string, Float64Array>;
  const fills = trades!.table.columns as Record<string, Float64Array>;
  const held = new Float64Array(panel.rows);
  let fill = 0;
  panel.instruments.forEach(({ tick }, s) => {
    let before = 0;
    for (let i = panel.offsets[s]!; i < panel.offsets[s + 1]!; i++) {
      held[i] = before;
      for (; fills.instrument![fill] === s && fills.time![fill] === time![i]; fill++)
        if (Math.round((fills.price![fill]! * 10 ** tick.scale) / tick.coef) === open[i])
          held[i] = fills.position![fill]!;
      before = position![i]!;
    }
  });
  return held;
}

/**
 * Time-shift placebo over a universe: the value held from a bar's open on times the return of the bar, open to close,
 * summed over instruments and bars, against the same with the values of every instrument moved around the circle of its
 * own bars by one share of them. Keeps how long and how large positions are, and what prices do, and breaks what links
 * them; what prices do between bars is left out. p = (1 + #{shift ≥ strategy}) / (1 + shifts). The statistic is by
 * capital and bar. Null without a position.
 */
function timeShift(held: Float64Array, panel: Frame, capital: number, shifts: number): Placebo {
  const open = panel.columns.open as Float64Array;
  const close = panel.columns.close as Float64Array;
  const exposure = new Float64Array(panel.rows);
  const move = new Float64Array(panel.rows);
  panel.instruments.forEach(({ tick, multiplier }, s) => {
    const unit = (tick.coef * multiplier.coef) / 10 ** (tick.scale + multiplier.scale);
    for (let i = panel.offsets[s]!; i < panel.offsets[s + 1]!; i++) {
      // without a price nothing moves
      if (close[i]! > 0 && open[i]! > 0) move[i] = close[i]! / open[i]! - 1;
      const price = open[i]! > 0 ? open[i]! * unit : 0;
      exposure[i] = (held[i]! * price) / capital;
    }
  });
  const total = (share: number): number => {
    let sum = 0;
    for (let s = 0; s < panel.instruments.length; s++) {
      const [from, end] = [panel.offsets[s]!, panel.offsets[s + 1]!];
      let at = from + Math.floor(share * (end - from));
      for (let i = from; i < end; i++) {
        sum += exposure[i]! * move[at]!;
        if (++at === end) at = from;
      }
    }
    return sum;
  };
  const own = total(0);
  if (exposure.every((value) => value === 0)) return { statistic: Number.NaN, p: Number.NaN, placebos: 0 };
  let reached = 0;
  for (let n = 0; n < shifts; n++)
    if (total(LEAST_SHIFT + ((1 - 2 * LEAST_SHIFT) * (n + 0.5)) / shifts) >= own) reached++;
  return { statistic: own / panel.rows, p: (1 + reached) / (1 + shifts), placebos: shifts };
}
