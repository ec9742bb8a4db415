/** Steps of VI in 1: fine enough to change no decision, coarse enough that sums over the longest window are exact. */
const STEPS = 2 ** 38;

/**
 * VI in steps of 2^-38, halves away from zero, counted from -1: an integer from 0 to 2^39. Null stays null. Moments, ranks
 * and medians are taken of these integers, and so do not depend on what has left the window.
 */
export const toSteps = (vi: number): number =>
  STEPS + (vi < 0 ? -Math.round(-vi * STEPS) : Math.round(vi * STEPS));

/** (x - median) / (1.4826 · MAD) from twice the median and four times the MAD; null (NaN) if the MAD is 0. */
export const robustScore = (x: number, twiceMedian: number, fourDeviations: number): number =>
  fourDeviations === 0 ? Number.NaN : (2 * (2 * x - twiceMedian)) / (1.4826 * fourDeviations);
