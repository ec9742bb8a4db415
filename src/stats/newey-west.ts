import { bartlettSum } from './bartlett-sum.js';
import { checkWhole } from './check-whole.js';
import type { LeastSquares } from './least-squares.js';
import { neweyWestLags } from './newey-west-lags.js';
import { twoSidedP } from './two-sided-p.js';

/** HAC inference on the coefficients of a fit, intercept first. */
export interface NeweyWest {
  readonly lags: number;
  /** Covariance of coefficients i and j at i·k + j. */
  readonly covariance: Float64Array;
  readonly errors: Float64Array;
  /** Coefficient / error; null where the error is 0. */
  readonly t: Float64Array;
  /** Two-sided, from the normal distribution. */
  readonly p: Float64Array;
}

/**
 * Errors of least squares under heteroskedasticity and autocorrelation: Newey & West (1987), Econometrica 55,
 * (X'X)⁻¹·S·(X'X)⁻¹ with S = Σ_{|l| ≤ lags} (1 - |l|/(lags+1)) Σ_t e_t·e_{t-l}·x_t·x_{t-l}', and no small-sample factor.
 * Lags count rows of the series, also across rows that were left out. They must be at least h - 1 when y sums h rows
 * ahead; unless given they are `neweyWestLags` of the rows used at horizon 1.
 */
export function neweyWest(fit: LeastSquares, lags = neweyWestLags(fit.n)): NeweyWest {
  checkWhole('Newey-West lags', lags, 0, fit.residuals.length - 1);
  const k = fit.coefficients.length;
  // what each row contributed to the error of each coefficient; 0 for a row left out
  const pull = fit.weights.map((weights) =>
    weights.map((weight, t) => (weight === 0 ? 0 : weight * fit.residuals[t]!)),
  );
  const covariance = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      const value = bartlettSum(pull[i]!, pull[j]!, lags);
      covariance[i * k + j] = value;
      covariance[j * k + i] = value;
    }
  const errors = fit.coefficients.map((_, i) => Math.sqrt(covariance[i * k + i]!));
  const t = fit.coefficients.map((b, i) => (errors[i]! > 0 ? b / errors[i]! : Number.NaN));
  return { lags, covariance, errors, t, p: t.map(twoSidedP) };
}
