import { InputError } from '../../core/errors.js';
import type { Params } from './parameters.js';

/**
 * Typical price of bars [from, to), up to a factor that is the same for all bars: sums of ticks are exact, and the
 * money flow index is a ratio. Null in a bar without a price. bar_vwap is notional / volume.
 */
export function typicalPrices(
  columns: Readonly<Record<string, Float64Array>>,
  rule: Params['typicalPrice'],
  from: number,
  to: number,
  out: Float64Array,
): void {
  const { time, open, high, low, close, volume, notional } = columns as Record<string, Float64Array>;
  switch (rule) {
    case 'hlc3':
      for (let i = from; i < to; i++) out[i - from] = high![i]! + low![i]! + close![i]!;
      return;
    case 'ohlc4':
      for (let i = from; i < to; i++) out[i - from] = open![i]! + high![i]! + low![i]! + close![i]!;
      return;
    case 'close':
      for (let i = from; i < to; i++) out[i - from] = close![i]!;
      return;
    case 'bar_vwap':
      // 0 / 0 is null; a notional without volume would be no price either
      for (let i = from; i < to; i++) {
        out[i - from] = volume![i]! > 0 ? notional![i]! / volume![i]! : Number.NaN;
        if (volume![i]! > 0 && Number.isNaN(notional![i]!))
          throw new InputError(
            'volume-indicators bar_vwap at',
            new Date(time![i]! / 1000).toISOString(),
            'needs the notional of every traded bar',
          );
      }
      return;
    default:
      rule satisfies never;
  }
}
