import type { Tile, TileResult } from '../../core/analytic.js';
import { bartlettSum } from '../../stats/bartlett-sum.js';
import { pairLags } from '../../stats/pair-sums.js';
import type { Params } from './rules.js';
import { SAME_BAR, seriesOf } from './series.js';
import { type Sums, tabulate } from './table.js';

/** Sums about the means in the order of the bars, then what the residuals pull the slope away by. */
export function reference(tile: Tile, params: Params): TileResult {
  const series = seriesOf(tile, params);
  const { x, y, flows } = series;
  const { bars, offsets } = flows;
  const pulls = new Float64Array(bars);
  return tabulate(tile, params, series, (instrument, slot, out) => {
    const from = slot * bars + offsets[instrument]!;
    const to = slot * bars + offsets[instrument + 1]!;
    const xs = x.subarray(from, to);
    const ys = y.subarray(from, to);
    sumProducts(xs, ys, out);
    // of the other slots only the share explained is reported
    const residuals = slot === SAME_BAR && out.xx > 0 ? pulls.subarray(0, xs.length) : undefined;
    out.longRun = residuals ? longRun(xs, ys, out, pairLags(out.n, params.hacLags), residuals) : 0;
  });
}

function sumProducts(x: Float64Array, y: Float64Array, out: Sums): void {
  // means about the first pair, so that a constant lies at 0 from its own
  let n = 0;
  let x0 = 0;
  let y0 = 0;
  let xSum = 0;
  let ySum = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) continue;
    if (n === 0) {
      x0 = x[i]!;
      y0 = y[i]!;
    }
    n++;
    xSum += x[i]! - x0;
    ySum += y[i]! - y0;
  }
  out.n = n;
  out.xMean = n > 0 ? x0 + xSum / n : 0;
  out.yMean = n > 0 ? y0 + ySum / n : 0;
  out.xx = 0;
  out.xy = 0;
  out.yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - out.xMean;
    const dy = y[i]! - out.yMean;
    if (Number.isNaN(dx) || Number.isNaN(dy)) continue;
    out.xx += dx * dx;
    out.xy += dx * dy;
    out.yy += dy * dy;
  }
}

/** Bartlett-weighted sum of x·e; lags count bars that are left out. */
function longRun(
  x: Float64Array,
  y: Float64Array,
  { xMean, yMean, xx, xy }: Sums,
  lags: number,
  pulls: Float64Array,
): number {
  const slope = xy / xx;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - xMean;
    const dy = y[i]! - yMean;
    pulls[i] = Number.isNaN(dx) || Number.isNaN(dy) ? 0 : dx * (dy - slope * dx);
  }
  return bartlettSum(pulls, pulls, lags);
}
