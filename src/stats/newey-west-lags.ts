/**
 * Lags for a Newey-West error of a regression on n rows whose left side spans `horizon` rows:
 * max(horizon - 1, ⌊4(n/100)^{2/9}⌋), at most n - 1. The first are the lags that overlapping sums are correlated at by
 * construction; the second is the rule of Newey & West (1994), Review of Economic Studies 61, for what else there is.
 */
export function neweyWestLags(n: number, horizon = 1): number {
  const lags = Math.max(horizon - 1, Math.floor(4 * (n / 100) ** (2 / 9)));
  return Math.max(0, Math.min(lags, n - 1));
}
