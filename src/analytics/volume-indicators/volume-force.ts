import type { Params } from './parameters.js';

/**
 * Klinger's volume force V · |2 (dm / cm - 1)| · T · 100, inner form V · |2 dm / cm - 1| · T · 100: T is the sign of
 * Δ(H + L + C), a tie -1; dm = H - L; cm adds dm to itself while T stays, else to the dm before, from 0 at the second
 * price. Null before the third; in a bar without a price 0 and T, dm and cm stay. Error: three roundings.
 */
export function volumeForce(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  { kvoForm, kvoZeroRange }: Pick<Params, 'kvoForm' | 'kvoZeroRange'>,
  out: Float64Array,
): void {
  // 2 (dm / cm - 1) = (2 dm - 2 cm) / cm: ranges are whole ticks, so only the quotient rounds
  const weight = kvoForm === 'outer' ? 2 : 1;
  const zeroRange = kvoZeroRange === 'null' ? Number.NaN : 0;
  let prices = 0;
  let before = 0;
  let trend = 0;
  let range = 0;
  let cumulative = 0;
  for (let i = 0; i < volume.length; i++) {
    const level = high[i]! + low[i]! + close[i]!;
    if (!Number.isNaN(level)) {
      const dm = high[i]! - low[i]!;
      const t = level > before ? 1 : -1;
      if (prices > 1) cumulative = t === trend ? cumulative + dm : range + dm;
      if (prices > 0) trend = t;
      range = dm;
      before = level;
      prices++;
    }
    if (prices < 3) out[i] = Number.NaN;
    else if (cumulative > 0)
      out[i] = trend * (100 * volume[i]!) * (Math.abs(2 * range - weight * cumulative) / cumulative);
    else out[i] = zeroRange;
  }
}
