import type { Instrument } from '../../core/columns.js';
import type { Params } from './parameters.js';

/**
 * What turns a column's ticks and lots into decimals, by column. Columns that are not named are ratios, or lots that
 * stay integers.
 */
export function unitsOf({ tick, lot }: Instrument, { emvScale }: Params): Readonly<Record<string, number>> {
  const price = tick.coef / 10 ** tick.scale;
  const size = lot.coef / 10 ** lot.scale;
  // one rounding where the integers are exact
  const money = (tick.coef * lot.coef) / 10 ** (tick.scale + lot.scale);
  // the two of Δ((H + L) / 2) and the scale
  const movement = (price * price * emvScale) / (2 * size);
  return {
    ...{ adl: size, adosc: size, pvt: size, kvo: size, kvo_signal: size },
    ...{ vwma: price, force2: money, force13: money, emv: movement, emv_sma: movement },
  };
}
