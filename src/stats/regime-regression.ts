import { checkSameLength } from './check-same-length.js';
import { forwardSum } from './forward-sum.js';
import { leastSquares } from './least-squares.js';
import { neweyWest } from './newey-west.js';
import { neweyWestLags } from './newey-west-lags.js';

/** A slope, its HAC error, t and two-sided normal p. */
export interface Slope {
  readonly b: number;
  readonly error: number;
  readonly t: number;
  readonly p: number;
}

/** Strength (b > 0) or reversal (b < 0) after an imbalance. */
export interface RegimeRegression {
  readonly n: number;
  readonly lags: number;
  readonly rSquared: number;
  /** Slope on the imbalance: its effect outside the regime. */
  readonly imbalance: Slope;
  /** Slope on imbalance × regime: what the regime adds. Null throughout without a regime. */
  readonly interaction: Slope;
}

const NO_SLOPE: Slope = { b: Number.NaN, error: Number.NaN, t: Number.NaN, p: Number.NaN };

/**
 * r_{t+1} + … + r_{t+horizon} = a + b·VI_t + c·VI_t·R_t + e with Newey-West errors of at least horizon - 1 lags
 * (`neweyWestLags`), after Chordia, Roll & Subrahmanyam (2002). `returns[t]` is the return over row t; the regime R_t
 * (1 in it, 0 outside, or a degree) must be known at t. Rows with a null are left out. A regime that never or always
 * holds gives no interaction and hence no regression: null.
 */
export function regimeRegression(
  returns: Float64Array,
  imbalance: Float64Array,
  regime: Float64Array | undefined,
  horizon: number,
): RegimeRegression | null {
  checkSameLength('imbalance', imbalance.length, returns.length);
  const regressors = [imbalance];
  if (regime) {
    checkSameLength('regime', regime.length, returns.length);
    regressors.push(imbalance.map((value, t) => value * regime[t]!));
  }
  const fit = leastSquares(forwardSum(returns, horizon), regressors);
  if (fit === null) return null;
  const { lags, errors, t, p } = neweyWest(fit, neweyWestLags(fit.n, horizon));
  const slope = (i: number): Slope => ({ b: fit.coefficients[i]!, error: errors[i]!, t: t[i]!, p: p[i]! });
  return {
    n: fit.n,
    lags,
    rSquared: fit.rSquared,
    imbalance: slope(1),
    interaction: regime ? slope(2) : NO_SLOPE,
  };
}
