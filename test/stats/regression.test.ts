import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { bartlettSum } from '../../src/stats/bartlett-sum.js';
import { forwardSum } from '../../src/stats/forward-sum.js';
import { leastSquares } from '../../src/stats/least-squares.js';
import { neweyWest } from '../../src/stats/newey-west.js';
import { neweyWestLags } from '../../src/stats/newey-west-lags.js';
import { regimeRegression } from '../../src/stats/regime-regression.js';
import { autoregression, combine, f64, noise } from '../support/series.js';

const NULL = Number.NaN;
const close = (values: ArrayLike<number>, digits = 12) =>
  Array.from(values, (value) => expect.closeTo(value, digits));

/** y = 0.3 + 0.8·x1 - 0.5·x2 + u with autocorrelated x2 and u, 60 rows. */
const ROWS = 60;
const x1 = noise(1, ROWS);
const x2 = autoregression(2, ROWS, 0.7);
const u = autoregression(3, ROWS, 0.5);
const y = combine([0.8, x1], [-0.5, x2], [1, u]).map((value) => value + 0.3);

describe('leastSquares', () => {
  it('hand case: y = 1, 2, 2, 4 on x = 0, 1, 2, 3', () => {
    // x̄ = 3/2, ȳ = 9/4, Sxx = 5, Sxy = (-3/2)(-5/4) + (-1/2)(-1/4) + (1/2)(-1/4) + (3/2)(7/4) = 9/2
    // b = 9/10, a = 9/4 - 27/20 = 9/10; e = 1/10, 1/5, -7/10, 2/5; SSE = 7/10, SST = 19/4
    const fit = leastSquares(f64(1, 2, 2, 4), [f64(0, 1, 2, 3)])!;
    expect(fit.n).toBe(4);
    expect([...fit.coefficients]).toEqual(close([0.9, 0.9], 14));
    expect([...fit.residuals]).toEqual(close([0.1, 0.2, -0.7, 0.4], 14));
    expect(fit.rSquared).toBeCloseTo(1 - 0.7 / 4.75, 14);
    // slope weights (x - x̄)/Sxx; intercept weights 1/4 - (3/2)(x - x̄)/5
    expect([...fit.weights[1]!]).toEqual(close([-0.3, -0.1, 0.1, 0.3], 14));
    expect([...fit.weights[0]!]).toEqual(close([0.7, 0.4, 0.1, -0.2], 14));
  });

  it('agrees with statsmodels 0.15 on two regressors', () => {
    const fit = leastSquares(y, [x1, x2])!;
    expect([...fit.coefficients]).toEqual(
      close([0.1606849303463203, 0.809271800831935, -0.4584556848533019], 13),
    );
    expect(fit.rSquared).toBeCloseTo(0.5272953538612167, 13);
  });

  it('residuals are orthogonal to the regressors and weights give the coefficients', () => {
    const fit = leastSquares(y, [x1, x2])!;
    const dot = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, t) => sum + value * b[t]!, 0);
    for (const x of [x1, x2, new Float64Array(ROWS).fill(1)])
      expect(dot(fit.residuals, x)).toBeCloseTo(0, 12);
    fit.weights.forEach((weights, j) => {
      expect(dot(weights, y)).toBeCloseTo(fit.coefficients[j]!, 12);
    });
  });

  it('moves as it must: y scaled, x scaled, x shifted', () => {
    const fit = leastSquares(y, [x1, x2])!;
    const scaled = leastSquares(
      y.map((value) => 2 * value),
      [x1.map((x) => 8 * x), x2],
    )!;
    expect(scaled.coefficients[1]).toBe(fit.coefficients[1]! / 4);
    expect(scaled.rSquared).toBe(fit.rSquared);
    const shifted = leastSquares(y, [x1.map((x) => x + 5), x2])!;
    expect(shifted.coefficients[1]).toBeCloseTo(fit.coefficients[1]!, 12);
    expect(shifted.coefficients[0]).toBeCloseTo(fit.coefficients[0]! - 5 * fit.coefficients[1]!, 11);
  });

  it('keeps its digits where a regressor lies about 1e9', () => {
    const fit = leastSquares(f64(1, 2, 2, 4), [f64(1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3)])!;
    expect(fit.coefficients[1]).toBeCloseTo(0.9, 14);
  });

  it('leaves out rows with a null anywhere', () => {
    const fit = leastSquares(f64(1, 9, 2, 2, NULL, 4), [f64(0, NULL, 1, 2, 7, 3)])!;
    expect(fit.n).toBe(4);
    expect([...fit.coefficients]).toEqual(close([0.9, 0.9], 14));
    expect([...fit.residuals]).toEqual([
      ...close([0.1], 14),
      NULL,
      ...close([0.2, -0.7], 14),
      NULL,
      ...close([0.4], 14),
    ]);
    expect(fit.weights[1]![1]).toBe(0);
  });

  it('is null where coefficients are not determined', () => {
    const constant = new Float64Array(ROWS).fill(0.1);
    expect(leastSquares(y, [constant])).toBeNull();
    expect(leastSquares(y, [x1, combine([0.1, x1]).map((x) => x + 3)])).toBeNull();
    expect(leastSquares(y, [x1, x2, combine([1, x1], [-1 / 3, x2])])).toBeNull();
    expect(leastSquares(f64(1, 2), [f64(0, 1)])).toBeNull();
    expect(leastSquares(f64(), [f64()])).toBeNull();
    expect(leastSquares(f64(NULL, NULL, NULL), [f64(1, 2, 3)])).toBeNull();
  });

  it('a constant y has slope 0 and no R²; an exact line R² 1', () => {
    const flat = leastSquares(f64(2, 2, 2, 2), [f64(0, 1, 2, 4)])!;
    expect([...flat.coefficients]).toEqual([2, 0]);
    expect(flat.rSquared).toBeNaN();
    expect(leastSquares(f64(1, 3, 5, 9), [f64(0, 1, 2, 4)])!.rSquared).toBe(1);
  });

  it('a regression is not a mean of ratios', () => {
    // Δp = 1, 1, 8 on signed volume 1, 2, 8: x̄ = 11/3; x - x̄ = -8/3, -5/3, 13/3; Σ(x-x̄)y = -8/3 - 5/3 + 104/3 = 91/3; Σ(x-x̄)² = 258/9 = 86/3; b = 91/86
    const fit = leastSquares(f64(1, 1, 8), [f64(1, 2, 8)])!;
    expect(fit.coefficients[1]).toBeCloseTo(91 / 86, 14);
    expect(fit.coefficients[1]).not.toBeCloseTo((1 + 1 / 2 + 1) / 3, 1);
  });

  it('refuses series of different lengths in one line', () => {
    expect(() => leastSquares(f64(1, 2, 3), [f64(1, 2)])).toThrow(InputError);
    expect(() => leastSquares(f64(1, 2, 3), [f64(1, 2)])).toThrow('regressor 2 rows must be as many');
  });
});

describe('bartlettSum', () => {
  it('hand case 1, 2, 3 with one lag: 14 + 2·½·(2 + 6) = 22', () => {
    expect(bartlettSum(f64(1, 2, 3), f64(1, 2, 3), 1)).toBe(22);
    expect(bartlettSum(f64(1, 2, 3), f64(1, 2, 3), 0)).toBe(14);
  });

  it('is the weighted sum of cross products, term by term', () => {
    const a = autoregression(8, 200, 0.5);
    const b = noise(9, 200);
    for (const lags of [0, 1, 5, 47, 199]) {
      let sum = 0;
      for (let t = 0; t < 200; t++)
        for (let s = 0; s < 200; s++)
          if (Math.abs(t - s) <= lags) sum += (1 - Math.abs(t - s) / (lags + 1)) * a[t]! * b[s]!;
      expect(bartlettSum(a, b, lags)).toBeCloseTo(sum, 10);
    }
  });
});

describe('neweyWest', () => {
  it('hand case in fractions, one lag', () => {
    // the fit above: slope weights -3/10, -1/10, 1/10, 3/10 times residuals 1/10, 1/5, -7/10, 2/5
    // give -3, -2, -7, 12 hundredths: Σh² = 9 + 4 + 49 + 144 = 206; Σh_t·h_{t-1} = 6 + 14 - 84 = -64
    // variance = (206 + 2·½·(-64))/10⁴ = 142/10⁴; without lags 206/10⁴ (White)
    const fit = leastSquares(f64(1, 2, 2, 4), [f64(0, 1, 2, 3)])!;
    expect(neweyWest(fit, 1).errors[1]).toBeCloseTo(Math.sqrt(0.0142), 14);
    expect(neweyWest(fit, 0).errors[1]).toBeCloseTo(Math.sqrt(0.0206), 14);
    expect(neweyWest(fit, 1).t[1]).toBeCloseTo(0.9 / Math.sqrt(0.0142), 12);
  });

  // OLS(...).fit().get_robustcov_results('HAC', maxlags, use_correction=False, use_t=False) of statsmodels 0.15
  it.each([
    [
      0,
      [0.13018266705839276, 0.14153167155284332, 0.11271637484004732],
      [0.2170898071640993, 1.0781336187382536e-8, 4.7553081700538415e-5],
      0.0037176280031381175,
    ],
    [
      3,
      [0.16859478305634157, 0.14871459202355558, 0.1078690261136282],
      [0.3405476920509445, 5.275137874724406e-8, 2.1366150634896397e-5],
      -0.00010566927434821875,
    ],
    [
      12,
      [0.19779986651409862, 0.14029468071435683, 0.12192377536466224],
      [0.41658442211202673, 8.004133433839889e-9, 0.0001697892313426727],
      -0.002237667439660531,
    ],
    [
      47,
      [0.18200111572131158, 0.08102862635896427, 0.08285395140882186],
      [0.3773017480566885, 1.7292152875762382e-23, 3.1426310841237454e-8],
      0.004596252079528456,
    ],
  ])('agrees with statsmodels at %d lags', (lags, errors, p, covariance) => {
    const fit = leastSquares(y, [x1, x2])!;
    const hac = neweyWest(fit, lags);
    expect([...hac.errors]).toEqual(close(errors, 12));
    p.forEach((value, j) => {
      expect(hac.p[j]! / value).toBeCloseTo(1, 9);
    });
    expect(hac.covariance[2]).toBeCloseTo(covariance, 13);
    expect(hac.covariance[6]).toBe(hac.covariance[2]);
  });

  it('lags count rows of the series, also across a hole', () => {
    // the hand case with a hole in the middle: the pair across it, -2·-7, is two rows apart and has no weight at one lag
    const fit = leastSquares(f64(1, 2, NULL, 2, 4), [f64(0, 1, NULL, 2, 3)])!;
    expect(neweyWest(fit, 1).errors[1]).toBeCloseTo(Math.sqrt((206 + 6 - 84) / 1e4), 14);
  });

  it('an exact fit has no t', () => {
    const hac = neweyWest(leastSquares(f64(1, 3, 5, 7), [f64(0, 1, 2, 3)])!, 1);
    expect(hac.t[1]).toBeNaN();
    expect(hac.p[1]).toBeNaN();
  });

  it('keeps its size where overlapping sums would be taken for many observations', () => {
    const share = (lags: number): number => {
      let rejected = 0;
      for (let run = 0; run < 300; run++) {
        const returns = noise(1000 + run, 400);
        const signal = autoregression(5000 + run, 400, 0.9);
        const fit = leastSquares(forwardSum(returns, 12), [signal])!;
        if (neweyWest(fit, lags).p[1]! < 0.05) rejected++;
      }
      return rejected / 300;
    };
    // 5 % nominal: without lags about half of all true nulls fall; the kernel's downward bias leaves 10 % with them
    expect(share(0)).toBeGreaterThan(0.35);
    expect(share(neweyWestLags(388, 12))).toBeLessThan(0.2);
  });

  it('refuses lags the series does not have', () => {
    const fit = leastSquares(f64(1, 2, 2, 4), [f64(0, 1, 2, 3)])!;
    expect(() => neweyWest(fit, 4)).toThrow('Newey-West lags 4 must be at most 3');
    expect(() => neweyWest(fit, 0.5)).toThrow('must be a whole number');
  });
});

describe('neweyWestLags', () => {
  it('is at least horizon - 1 and the rule of 1994, and fewer than the rows', () => {
    expect([1, 3, 12, 48].map((h) => neweyWestLags(100, h))).toEqual([4, 4, 11, 47]);
    // 4·(105,120/100)^{2/9} = 4·4.693 = 18.8
    expect(neweyWestLags(105_120)).toBe(18);
    expect(neweyWestLags(10, 48)).toBe(9);
    expect(neweyWestLags(1)).toBe(0);
  });
});

describe('forwardSum', () => {
  it('sums what follows; null beyond the end and over a null', () => {
    expect([...forwardSum(f64(1, 2, 3, 4), 2)]).toEqual([5, 7, NULL, NULL]);
    expect([...forwardSum(f64(1, 2, NULL, 4), 1)]).toEqual([2, NULL, 4, NULL]);
    expect([...forwardSum(f64(1, 2), 5)]).toEqual([NULL, NULL]);
  });
});

describe('regimeRegression', () => {
  const n = 3000;
  const imbalance = noise(21, n);
  const regime = noise(22, n).map((x) => (x > 0 ? 1 : 0));

  it('M13: what moves with the imbalance need not follow it', () => {
    const returns = combine([1, imbalance], [0.5, noise(23, n)]);
    const now = leastSquares(returns, [imbalance])!;
    expect(now.rSquared).toBeGreaterThan(0.75);
    for (const horizon of [1, 3, 12, 48]) {
      const next = regimeRegression(returns, imbalance, undefined, horizon)!;
      expect(next.rSquared).toBeLessThan(0.005);
      expect(next.imbalance.p).toBeGreaterThan(0.01);
      expect(next.n).toBe(n - horizon);
      expect(next.lags).toBeGreaterThanOrEqual(horizon - 1);
    }
  });

  it('recovers planted momentum that the regime turns into reversal', () => {
    const noiseTerm = noise(24, n);
    const returns = imbalance.map((_, t) =>
      t === 0 ? 0 : 0.2 * imbalance[t - 1]! - 0.5 * imbalance[t - 1]! * regime[t - 1]! + noiseTerm[t]!,
    );
    const found = regimeRegression(returns, imbalance, regime, 1)!;
    expect(Math.abs(found.imbalance.b - 0.2)).toBeLessThan(3 * found.imbalance.error);
    expect(Math.abs(found.interaction.b + 0.5)).toBeLessThan(3 * found.interaction.error);
    expect(found.imbalance.b).toBeGreaterThan(0);
    expect(found.imbalance.p).toBeLessThan(1e-6);
    expect(found.interaction.p).toBeLessThan(1e-6);
  });

  it('mirror: with returns turned, slopes turn and nothing else', () => {
    const returns = combine([0.1, imbalance], [1, noise(25, n)]);
    const found = regimeRegression(returns, imbalance, regime, 3)!;
    const turned = regimeRegression(
      returns.map((r) => -r),
      imbalance,
      regime,
      3,
    )!;
    expect(turned.imbalance.b).toBe(-found.imbalance.b);
    expect(turned.interaction.t).toBe(-found.interaction.t);
    expect(turned.rSquared).toBe(found.rSquared);
  });

  it('is null for a regime that always or never holds, and without enough rows', () => {
    const returns = noise(26, n);
    expect(regimeRegression(returns, imbalance, new Float64Array(n).fill(1), 1)).toBeNull();
    expect(regimeRegression(returns, imbalance, new Float64Array(n), 1)).toBeNull();
    expect(regimeRegression(returns.slice(0, 5), imbalance.slice(0, 5), undefined, 4)).toBeNull();
    expect(regimeRegression(returns, imbalance, undefined, 1)!.interaction.b).toBeNaN();
  });
});
