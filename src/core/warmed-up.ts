/**
 * Whether a rolling baseline says anything yet: its window is full, or holds `least` observations where that is given, and
 * in any case one.
 */
export const warmedUp = (full: boolean, observed: number, least: number | undefined): boolean =>
  least === undefined ? full && observed > 0 : observed >= least;
