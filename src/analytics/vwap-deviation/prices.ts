import type { Frame } from '../../core/columns.js';
import { InputError } from '../../core/errors.js';
import type { ExactColumn } from '../../core/exact.js';

export interface VwapParams {
  readonly every: number;
  readonly reset: 'anchor' | 'never' | 'rolling';
  readonly anchor: string;
  readonly bars: number;
  readonly window: string | undefined;
  readonly includeCurrent: boolean;
  readonly minPeriods: number | undefined;
  readonly typicalPrice: 'hlc3' | 'ohlc4' | 'close' | 'bar_vwap';
}

/** Prices of bars as integers. */
export interface BarPrices {
  /** Parts of a tick that prices count in. */
  readonly units: number;
  /** By row, from 0; null where nothing was traded. */
  readonly price: Float64Array;
  /** Σ q (k - base) and Σ q (k - base)² of the bar's trades, where they are known: `units` is 1 then. */
  readonly trades: readonly [first: ExactColumn, second: ExactColumn] | undefined;
}

/** Of a VWAP that bars bring along only its quotient is known: in thousandths of a tick. */
const QUOTIENT_UNITS = 1000;

/**
 * The typical price of every bar. hlc3 counts in thirds of a tick, ohlc4 in quarters: sums of ticks are exact. bar_vwap of
 * trades keeps their moments, and its price is the close, one that was traded. Errors: InputError for bar_vwap of inverse
 * contracts without trades: their notional says nothing about prices.
 */
export function barPrices(frame: Frame, rule: VwapParams['typicalPrice']): BarPrices {
  const { open, high, low, close } = frame.columns as Record<string, Float64Array>;
  const price = new Float64Array(frame.rows);
  switch (rule) {
    case 'hlc3':
      for (let i = 0; i < frame.rows; i++) price[i] = high![i]! + low![i]! + close![i]!;
      return { units: 3, price, trades: undefined };
    case 'ohlc4':
      for (let i = 0; i < frame.rows; i++) price[i] = open![i]! + high![i]! + low![i]! + close![i]!;
      return { units: 4, price, trades: undefined };
    case 'close':
      return { units: 1, price: close!, trades: undefined };
    case 'bar_vwap': {
      const { tick_lots: first, tick2_lots: second } = frame.columns as Record<string, ExactColumn>;
      if (first && second) return { units: 1, price: close!, trades: [first, second] };
      quotients(frame, price);
      return { units: QUOTIENT_UNITS, price, trades: undefined };
    }
    default:
      return rule satisfies never;
  }
}

/** notional / volume, rounded to parts of a tick. */
function quotients({ instruments, offsets, columns }: Frame, out: Float64Array): void {
  const { time, volume, notional } = columns as Record<string, Float64Array>;
  instruments.forEach(({ symbol, contract, tick, lot, multiplier }, s) => {
    if (contract === 'inverse')
      throw new InputError('vwap-deviation bar_vwap of', symbol, 'must have trades: the contract is inverse');
    // ticks = notional / (volume · lot · multiplier · tick)
    const unit = 10 ** (tick.scale + lot.scale + multiplier.scale) * QUOTIENT_UNITS;
    const size = tick.coef * lot.coef * multiplier.coef;
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
      out[i] = volume![i]! > 0 ? Math.round((notional![i]! * unit) / (volume![i]! * size)) : Number.NaN;
      if (volume![i]! > 0 && Number.isNaN(out[i]!)) throw noNotional(symbol, (time as Float64Array)[i]!);
    }
  });
}

/** What was traded there would be missing from the average without a word. */
const noNotional = (symbol: string, time: number): InputError =>
  new InputError(
    'vwap-deviation bar_vwap of',
    `${symbol} at ${new Date(time / 1000).toISOString()}`,
    'needs the notional of every traded bar',
  );
