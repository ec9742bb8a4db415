/** Share of the mid that depth reaches from it: 10 bps, one part in so many. */
const PARTS = 1000;

/**
 * Lots of one side within 10 bps of the mid, boundary included: of the levels from place `from` on, best first, of which lots
 * of 0 mean that there is no such level. `twice` is twice the mid, above 0, and `centre` the same counted as `ticks` are;
 * `sign` -1 for bids, 1 for asks. NaN where all `levels` lie within the band, since more may lie there unseen.
 */
export function nearDepth(
  ticks: Int32Array | Float64Array,
  lots: Uint32Array | Float64Array,
  from: number,
  levels: number,
  twice: number,
  centre: number,
  sign: 1 | -1,
): number {
  let sum = 0;
  for (let at = from; at < from + levels; at++) {
    if (lots[at] === 0 || sign * (2 * ticks[at]! - centre) * PARTS > twice) return sum;
    sum += lots[at]!;
  }
  return Number.NaN;
}
