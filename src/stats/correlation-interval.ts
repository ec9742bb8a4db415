import { andrewsLags } from './andrews-lags.js';
import { bartlettSum } from './bartlett-sum.js';
import { checkLevel } from './check-level.js';
import { checkWhole } from './check-whole.js';
import { completePairs } from './complete-pairs.js';
import { normalQuantile } from './normal-quantile.js';
import { pearsonInfluence } from './pearson-influence.js';
import { spearmanInfluence } from './spearman-influence.js';
import { twoSidedP } from './two-sided-p.js';

export interface CorrelationInterval {
  readonly rho: number;
  readonly lo: number;
  readonly hi: number;
  /** Two-sided p of ρ = 0; below 1 - level exactly where the interval leaves 0 out. */
  readonly p: number;
  readonly pairs: number;
  readonly lags: number;
}

export interface CorrelationOptions {
  readonly method?: 'pearson' | 'spearman';
  /** Confidence level; 0.95 unless given. */
  readonly level?: number;
  /** Bartlett lags; by the persistence of the influences (`andrewsLags`) unless given. */
  readonly lags?: number;
  /** Fewer pairs are null; 30 unless given, at least 4. */
  readonly minPairs?: number;
}

/** Closer to 1 than this ρ̂² is 1 but for rounding, and has no error. */
const PERFECT = 1e-12;

/**
 * A correlation with an interval that holds under autocorrelation and heteroskedasticity: the delta method. ρ̂ - ρ is to
 * first order the mean of the pairs' influences, whose Newey-West long-run variance Ω gives the error of Fisher's
 * z = artanh ρ̂ as √(Ω/(n-3))/(1-ρ̂²); the interval is tanh(z ± error·Φ⁻¹), the test z/error. For independent normal
 * pairs Ω = (1-ρ²)² and this is Fisher's interval; for independent autocorrelated series it is Bartlett's
 * 1 + 2Σρ_x(l)ρ_y(l) that an effective sample size stands on. Rows where either is null are left out and keep the
 * distances of the others. Null with too few pairs or zero variance; a perfect correlation has null bounds.
 */
export function correlationInterval(
  x: Float64Array,
  y: Float64Array,
  options: CorrelationOptions = {},
): CorrelationInterval {
  const { method = 'pearson', level = 0.95 } = options;
  checkLevel('correlation level', level);
  const minPairs = checkWhole('correlation minPairs', options.minPairs ?? 30, 4, 2 ** 31);
  const { n, row, x: xs, y: ys } = completePairs(x, y);
  const none = { lo: Number.NaN, hi: Number.NaN, p: Number.NaN, pairs: n, lags: options.lags ?? 0 };
  if (n < minPairs) return { rho: Number.NaN, ...none };
  const { rho, influence } = method === 'spearman' ? spearmanInfluence(xs, ys) : pearsonInfluence(xs, ys);
  if (!(1 - rho * rho > PERFECT)) return { rho, ...none };

  const series = new Float64Array(x.length);
  for (let i = 0; i < n; i++) series[row[i]!] = influence[i]!;
  const lags = checkWhole('correlation lags', options.lags ?? andrewsLags(series), 0, x.length - 1);
  const variance = bartlettSum(series, series, lags) / n;
  const z = Math.atanh(rho);
  const error = Math.sqrt(variance / (n - 3)) / (1 - rho * rho);
  if (!(error > 0)) return { rho, ...none };
  const reach = error * normalQuantile((1 + level) / 2);
  return { rho, lo: Math.tanh(z - reach), hi: Math.tanh(z + reach), p: twoSidedP(z / error), pairs: n, lags };
}
