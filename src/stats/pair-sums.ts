import { neweyWestLags } from './newey-west-lags.js';

/** Most lags of a long-run variance: more than the rule of Newey and West gives twenty million pairs. */
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
  /** Σ of the squared sums of every lags + 1 consecutive influences, see `fisherError`; 0 with zero variance. */
  windows: number;
}

/** Reused from pair to pair, so that sums allocate nothing. */
export interface PairScratch {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** A window of zeros, then the influences. */
  readonly influence: Float64Array;
}

export const pairScratch = (rows: number): PairScratch => ({
  x: new Float64Array(rows),
  y: new Float64Array(rows),
  influence: new Float64Array(rows + MOST_LAGS + 1),
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
  const { x: xs, y: ys } = scratch;
  let n = 0;
  let xSum = 0;
  let ySum = 0;
  for (let i = 0; i < rows; i++) {
    const a = x[xFrom + i]!;
    const b = y[yFrom + i]!;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    xs[n] = a;
    ys[n] = b;
    n++;
    xSum += a - xs[0]!;
    ySum += b - ys[0]!;
  }
  out.n = n;
  centreAt(xs, n, xSum);
  centreAt(ys, n, ySum);
  sumCentred(xs, ys, n, lags[n]!, scratch.influence, out);
}

/** Takes the mean from all values. */
export function centre(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[0]!;
  centreAt(values, values.length, sum);
}

/** Takes the mean from the first n values, whose distances from the first add up to `sum`. */
function centreAt(values: Float64Array, n: number, sum: number): void {
  if (n === 0) return;
  const mean = values[0]! + sum / n;
  for (let i = 0; i < n; i++) values[i] = values[i]! - mean;
}

/** The sums of n pairs that are centred already; n itself is the caller's. */
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

/** Σ of squared windows of the influences x·y - (xSlope·x² + ySlope·y²), zeros before the first and after the last. */
function windowSum(
  x: Float64Array,
  y: Float64Array,
  n: number,
  lags: number,
  xSlope: number,
  ySlope: number,
  influence: Float64Array,
): number {
  const width = lags + 1;
  influence.fill(0, 0, width);
  let window = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i]!;
    const b = y[i]!;
    const coming = a * b - (xSlope * (a * a) + ySlope * (b * b));
    influence[i + width] = coming;
    window += coming - influence[i]!;
    total += window * window;
  }
  for (let i = n; i < n + lags; i++) {
    window -= influence[i]!;
    total += window * window;
  }
  return total;
}
