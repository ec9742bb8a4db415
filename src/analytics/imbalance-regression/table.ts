import type { TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { instrumentsWithRows } from '../../core/panel-rows.js';
import { pairLags } from '../../stats/pair-sums.js';
import { NONE, type RegimeParams, regimesOf } from './regimes.js';

export interface RegressionParams extends RegimeParams {
  readonly horizons: readonly number[];
  readonly hacLags: number | undefined;
  readonly minRows: number;
}

/** One regression; b and c are null where the regressors do not determine them. */
export interface Fit {
  /** Bars of which all is known, and those of them inside the regime. */
  n: number;
  inside: number;
  b: number;
  c: number;
  /** Newey-West variances; meaningless where b is null. */
  bVariance: number;
  cVariance: number;
  /** Sum of squares explained, and in total. */
  explained: number;
  total: number;
}

/** Fits a slot (see `Series`) of an instrument in the regime of a place, of which the first is none. */
export type Fitter = (instrument: number, slot: number, regime: number, out: Fit) => void;

/** Newey-West lags in bars: as given or by the rule for n rows, at least horizon - 1 and fewer than rows. */
export const lagsOf = (n: number, horizon: number, given: number | undefined): number =>
  Math.max(0, Math.min(Math.max(horizon - 1, pairLags(n, given)), n - 1));

/** The table of all regressions of a tile, by instrument with bars, horizon and regime. */
export function tabulate(frame: Frame, params: RegressionParams, fitter: Fitter): TileResult {
  const { offsets } = frame;
  const { horizons, hacLags, minRows } = params;
  const codes = regimesOf(frame, params);
  const regimes = codes.length;
  const listed = instrumentsWithRows(frame);
  const rows = listed.length * horizons.length * regimes;
  const whole = (): Uint32Array => new Uint32Array(rows);
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const columns = {
    ...{ instrument: whole(), horizon: whole(), regime: whole() },
    ...{ n: whole(), n_inside: whole(), lags: whole() },
    ...{ b: column(), b_error: column(), c: column(), c_error: column() },
    ...{ r2_predictive: column(), r2_contemporaneous: column(), available_at: column() },
  };
  const available = frame.columns.available_at as Float64Array;
  const fit: Fit = { n: 0, inside: 0, b: 0, c: 0, bVariance: 0, cVariance: 0, explained: 0, total: 0 };
  const same = new Float64Array(regimes);
  let row = 0;
  for (const s of listed) {
    for (let regime = 0; regime < regimes; regime++) {
      fitter(s, 0, regime, fit);
      same[regime] = rSquared(fit);
    }
    horizons.forEach((horizon, h) => {
      for (let regime = 0; regime < regimes; regime++, row++) {
        fitter(s, h + 1, regime, fit);
        columns.instrument[row] = s;
        columns.horizon[row] = horizon;
        columns.regime[row] = codes[regime]!;
        columns.n[row] = fit.n;
        columns.n_inside[row] = fit.inside;
        columns.lags[row] = lagsOf(fit.n, horizon, hacLags);
        columns.b[row] = fit.b;
        if (regime !== NONE) columns.c[row] = fit.c;
        const fewest = regime === NONE ? fit.n : Math.min(fit.inside, fit.n - fit.inside);
        if (fewest >= minRows && !Number.isNaN(fit.b)) {
          columns.b_error[row] = Math.sqrt(fit.bVariance);
          if (regime !== NONE) columns.c_error[row] = Math.sqrt(fit.cVariance);
        }
        columns.r2_predictive[row] = rSquared(fit);
        columns.r2_contemporaneous[row] = same[regime]!;
        columns.available_at[row] = available[offsets[s + 1]! - 1]!;
      }
    });
  }
  return { outputs: { regressions: { rows, columns } } };
}

/** Share of the sum of squares that is explained, kept from passing its ends by rounding. Null for a constant y. */
const rSquared = ({ explained, total }: Fit): number =>
  total > 0 ? Math.min(1, Math.max(0, explained / total)) : Number.NaN;
