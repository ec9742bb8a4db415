import { sampleMoments } from './sample-moments.js';

/** What inference on a Sharpe ratio needs to know of the returns; everything per period, never annualised. */
export interface SharpeEstimate {
  readonly sharpe: number;
  readonly n: number;
  /** γ3. */
  readonly skewness: number;
  /** γ4, raw: 3 for the normal distribution. */
  readonly kurtosis: number;
}

/** Sharpe ratio of returns with their count, skewness and raw kurtosis; nulls left out, all null for a constant. */
export function sharpeEstimate(returns: Float64Array): SharpeEstimate {
  const { n, mean, variance, skewness, kurtosis } = sampleMoments(returns);
  return { sharpe: variance > 0 ? mean / Math.sqrt(variance) : Number.NaN, n, skewness, kurtosis };
}
