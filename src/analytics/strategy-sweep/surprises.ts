import { nearest } from './nearest.js';
import { Z_UNIT } from './rules.js';

/** VI is taken in 2^-16, so that sums of squares over 1,440 bars are exact and cannot drift. */
const VI_UNIT = 65536;
const MOST = 2 ** 20;

/** z of VI = (B - S) / (B + S) against the `bars` values of VI before it, ddof 1, in 2^-10; none without so many. */
export function surprises(out: Int32Array, buy: Float64Array, sell: Float64Array, bars: number): void {
  const ring = new Float64Array(bars);
  let values = 0;
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < buy.length; t++) {
    const known = buy[t]! + sell[t]!;
    if (!(known > 0)) continue;
    const vi = nearest(((buy[t]! - sell[t]!) / known) * VI_UNIT);
    const slot = values % bars;
    if (values >= bars) {
      const spread = bars * squares - sum * sum;
      const z = (bars * vi - sum) / Math.sqrt((spread * bars) / (bars - 1));
      if (spread > 0) out[t] = Math.max(-MOST, Math.min(MOST, nearest(z * Z_UNIT)));
      sum -= ring[slot]!;
      squares -= ring[slot]! * ring[slot]!;
    }
    ring[slot] = vi;
    sum += vi;
    squares += vi * vi;
    values++;
  }
}
