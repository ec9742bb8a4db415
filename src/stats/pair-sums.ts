import { neweyWestLags } from './newey-west-lags.js';

/** Most lags of a long-run variance: more than the rule of Newey and West gives a hundred million pairs. */
export const MOST_LAGS = 63;

/** Lags of a long-run variance of n pairs: as given, else `neweyWestLags`; fewer than pairs. */
export const pairLags = (n: number, given: number | undefined): number =>
  Math.max(0, Math.min(given ?? neweyWestLags(n), n - 1, MOST_LAGS));

/** The same of 0 … `most` pairs. */
export const lagTable = (most: number, given: number | undefined): Uint32Array =>
  Uint32Array.from({ length: most + 1 }, (_, n) => pairLags(n, given));

/** What a correlation and its interval are computed from. */
export interface PairSums {
  /** Rows where neither series is null. */
  n: number;
  /** Σ(x - x̄)², Σ(y - ȳ)² and Σ(x - x̄)(y - ȳ), the means being those of the pairs. */
  xx: number;
  yy: number;
  xy: number;
  /** Σ of the squared sums of every lags + 1 consecutive influences, see `correlationOfSums`; 0 with zero variance. */
  windows: number;
}

/** Reused from pair to pair, so that sums allocate nothing. */
export interface PairScratch {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly influence: Float64Array;
}

export const pairScratch = (rows: number): PairScratch => ({
  x: new Float64Array(rows),
  y: new Float64Array(rows),
  influence: new Float64Array(rows),
});

/**
 * Sums over the rows where neither `x[xFrom + i]` nor `y[yFrom + i]`, i < rows, is null; `lags` gives the lags of the
 * long-run variance by number of pairs. Means are taken about the first pair, so that a constant series has deviations
 * of exactly 0. Pairs follow one another in the windows, whatever rows lie between (the equal-spacing estimator of Datta
 * and Du 2012): of a series that is known every five rows, lags count its own steps.
 */
export function pairSums(
  x: Float64Array,
  xFrom: number,
  y: Float64Array,
  yFrom: number,
  rows: number,
  lags: Uint32Array,
  scratch: PairScratch,
  out: PairSums,
): void {
  const n = keepPairs(x, xFrom, y, yFrom, rows, scratch);
  out.n = n;
  centre(scratch.x, n);
  centre(scratch.y, n);
  sumCentred(scratch.x, scratch.y, n, lags[n]!, scratch.influence, out);
}

/** The same of two series without nulls that `centre` has been applied to already, from row `from` each. */
export function sumCentred(
  x: Float64Array,
  y: Float64Array,
  n: number,
  lags: number,
  influence: Float64Array,
  out: PairSums,
): void {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i]!;
    const b = y[i]!;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  out.xx = xx;
  out.yy = yy;
  out.xy = xy;
  out.windows = xx > 0 && yy > 0 ? windowSum(x, y, n, lags, 0.5 * (xy / xx), 0.5 * (xy / yy), influence) : 0;
}

/** Takes the mean from the first n values. */
export function centre(values: Float64Array, n: number): void {
  const first = n > 0 ? values[0]! : 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]! - first;
  const mean = first + sum / n;
  for (let i = 0; i < n; i++) values[i] = values[i]! - mean;
}

/** Copies the pairs into the scratch and counts them. */
function keepPairs(
  x: Float64Array,
  xFrom: number,
  y: Float64Array,
  yFrom: number,
  rows: number,
  scratch: PairScratch,
): number {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    const a = x[xFrom + i]!;
    const b = y[yFrom + i]!;
    scratch.x[n] = a;
    scratch.y[n] = b;
    // where one is null the next pair takes its place
    if (!Number.isNaN(a) && !Number.isNaN(b)) n++;
  }
  return n;
}

/** Σ of squared windows of the influences x·y - (xSlope·x² + ySlope·y²), zeros following the last. */
function windowSum(
  x: Float64Array,
  y: Float64Array,
  n: number,
  lags: number,
  xSlope: number,
  ySlope: number,
  influence: Float64Array,
): number {
  let window = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i]!;
    const b = y[i]!;
    const psi = a * b - (xSlope * (a * a) + ySlope * (b * b));
    influence[i] = psi;
    window = window + psi - (i > lags ? influence[i - lags - 1]! : 0);
    total += window * window;
  }
  for (let i = n; i < n + lags; i++) {
    window -= i > lags ? influence[i - lags - 1]! : 0;
    total += window * window;
  }
  return total;
}
