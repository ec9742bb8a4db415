import type { Tile, TileResult } from '../../core/analytic.js';
import { bartlettSum } from '../../stats/bartlett-sum.js';
import { centre } from '../../stats/pair-sums.js';
import { INSIDE, NONE, OUTSIDE, stateOf } from './regimes.js';
import { seriesOf } from './series.js';
import { type Fit, lagsOf, type RegressionParams, tabulate } from './table.js';

/** Below this share of the product of their squares, the determinant of two regressors is rounding. */
const DEPENDENT = 1e-9;

/** Bars of which all is known, reused from regression to regression. */
interface Scratch {
  /** Their places among the instrument's bars. */
  readonly place: Uint32Array;
  /** Return, imbalance, imbalance · regime. */
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly z: Float64Array;
  /** By place: what each bar pulls b and c away by; 0 where something is not known. */
  readonly bPull: Float64Array;
  readonly cPull: Float64Array;
}

/**
 * Least squares by the normal equations of regressors about their means, in the order of the bars. (The general
 * `leastSquares` of stats, by QR, is what tests compare this with: its order of operations asks for columns of scratch,
 * which a kernel of one thread a regression does not have.)
 */
export function reference(tile: Tile, params: RegressionParams): TileResult {
  const frame = tile.inputs.panel!;
  const { offsets } = frame;
  const { imbalance, returns, states } = seriesOf(frame, params);
  const most = frame.instruments.reduce((rows, _, s) => Math.max(rows, offsets[s + 1]! - offsets[s]!), 0);
  const column = (): Float64Array => new Float64Array(most);
  const scratch: Scratch = {
    ...{ place: new Uint32Array(most), y: column(), x: column(), z: column() },
    ...{ bPull: column(), cPull: column() },
  };
  return tabulate(frame, params, (instrument, slot, regime, fit) => {
    const from = offsets[instrument]!;
    const rows = offsets[instrument + 1]! - from;
    const { place, y, x, z } = scratch;
    fit.n = 0;
    fit.inside = 0;
    for (let i = 0; i < rows; i++) {
      const outcome = returns[slot * frame.rows + from + i]!;
      const value = imbalance[from + i]!;
      const state = stateOf(states[from + i]!, regime);
      if (Number.isNaN(outcome) || Number.isNaN(value) || (state !== INSIDE && state !== OUTSIDE)) continue;
      place[fit.n] = i;
      y[fit.n] = outcome;
      x[fit.n] = value;
      z[fit.n] = state === INSIDE ? value : 0;
      fit.n++;
      if (state === INSIDE) fit.inside++;
    }
    // of returns of the bar itself only the share explained is reported
    const lags = slot === 0 ? undefined : lagsOf(fit.n, params.horizons[slot - 1]!, params.hacLags);
    regress(scratch, rows, regime, lags, fit);
  });
}

/** y = a + b·x + c·z + e of `fit.n` bars; variances with those lags, unless none are given. */
function regress(
  { place, y, x, z, bPull, cPull }: Scratch,
  rows: number,
  regime: number,
  lags: number | undefined,
  fit: Fit,
): void {
  const { n } = fit;
  for (const values of [y, x, z]) centre(values.subarray(0, n));
  let yy = 0;
  let xx = 0;
  let zz = 0;
  let xy = 0;
  let zy = 0;
  let xz = 0;
  for (let i = 0; i < n; i++) {
    const [dy, dx, dz] = [y[i]!, x[i]!, z[i]!];
    yy += dy * dy;
    xx += dx * dx;
    zz += dz * dz;
    xy += dx * dy;
    zy += dz * dy;
    xz += dx * dz;
  }
  // the inverse of the normal matrix; without a regime z is 0 throughout
  let ofX = 1 / xx;
  let ofZ = 0;
  let cross = 0;
  let determined = n > 2 && xx > 0;
  if (regime !== NONE) {
    const determinant = xx * zz - xz * xz;
    ofX = zz / determinant;
    ofZ = xx / determinant;
    cross = xz / determinant;
    determined = n > 3 && determinant > DEPENDENT * (xx * zz);
  }
  fit.b = determined ? ofX * xy - cross * zy : Number.NaN;
  fit.c = determined ? ofZ * zy - cross * xy : Number.NaN;
  fit.explained = fit.b * xy + fit.c * zy;
  fit.total = yy;
  if (lags === undefined || !determined) return;

  const bs = bPull.subarray(0, rows).fill(0);
  const cs = cPull.subarray(0, rows).fill(0);
  for (let i = 0; i < n; i++) {
    const residual = y[i]! - fit.b * x[i]! - fit.c * z[i]!;
    bs[place[i]!] = (ofX * x[i]! - cross * z[i]!) * residual;
    cs[place[i]!] = (ofZ * z[i]! - cross * x[i]!) * residual;
  }
  fit.bVariance = bartlettSum(bs, bs, lags);
  fit.cVariance = bartlettSum(cs, cs, lags);
}
