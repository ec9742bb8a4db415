import type { Frame } from '../core/columns.js';
import { type Exposed, type Placebo, signFlipPlacebo, timeShiftPlacebo } from '../stats/index.js';
import type { ResultTable } from './result.js';

export interface SweepPlacebos {
  readonly signFlip: Placebo;
  readonly timeShift: Placebo;
}

/** Shifts stay this share of the longest instrument's bars away from none, either way. */
const LEAST_SHIFT = 0.02;

/**
 * What the best trial would have done without its timing: its portfolio returns, net of costs, with random signs, and its
 * positions held at other times, before costs: those would be the same at any time, so the second asks whether the timing
 * is worth something and only the first whether that pays. `tables` list its fills, and its equity over the panel's bars.
 */
export function placebosOf(
  returns: Float64Array,
  tables: Readonly<Record<string, ResultTable>>,
  panel: Frame,
  capital: number,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): SweepPlacebos {
  const series = exposures(tables, panel, capital);
  const longest = series.reduce((most, each) => Math.max(most, each.returns.length), 0);
  const minShift = Math.max(1, Math.round(LEAST_SHIFT * longest));
  return {
    signFlip: signFlipPlacebo(returns, { samples, seed }),
    timeShift: timeShiftPlacebo(series, { shifts: samples, minShift }),
  };
}

/**
 * By instrument and bar: the value by capital of the position held from the open on, before a stop or target inside the
 * bar, and the return of the bar from open to close, 0 where nothing traded. What prices do between bars is left out, and
 * so are costs. A position is worth what it was at the last close where nothing traded.
 */
function exposures(
  { equity, trades }: Readonly<Record<string, ResultTable>>,
  panel: Frame,
  capital: number,
): Exposed[] {
  const prices = panel.columns as Readonly<Record<'open' | 'close' | 'low' | 'volume', Float64Array>>;
  const rows = equity!.table.columns as Readonly<Record<string, Float64Array>>;
  const fills = trades!.table.columns as Readonly<Record<string, Float64Array>>;
  let fill = 0;
  return panel.instruments.map(({ tick, multiplier }, s) => {
    const [from, end] = [panel.offsets[s]!, panel.offsets[s + 1]!];
    const exposure = new Float64Array(end - from);
    const returns = new Float64Array(end - from);
    const unit = (tick.coef * multiplier.coef) / 10 ** (tick.scale + multiplier.scale);
    let held = 0;
    let last = 0;
    for (let i = from; i < end; i++) {
      // what the walk takes for traded
      const traded = prices.low[i]! >= 1 && prices.volume[i]! > 0;
      const open = traded ? prices.open[i]! : last;
      // an open that ruins takes the position over, without a fill; equity is in whole millionths
      if (held !== 0 && Math.round(1e6 * (rows.equity![i - 1]! + held * unit * (open - last))) <= 0) held = 0;
      // what waits for the open fills there, and so does a stop that it gaps through, but nothing else does
      for (; fills.instrument![fill] === s && fills.time![fill] === rows.time![i]; fill++)
        if (Math.round((fills.price![fill]! * 10 ** tick.scale) / tick.coef) === open)
          held = fills.position![fill]!;
      exposure[i - from] = (held * open * unit) / capital;
      if (traded) {
        last = prices.close[i]!;
        returns[i - from] = last / open - 1;
      }
      held = rows.position![i]!;
    }
    return { exposure, returns };
  });
}
