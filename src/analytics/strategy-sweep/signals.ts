import { ema } from '../../core/ema.js';
import { climaxAt } from './climax.js';
import { type BarColumns, MOST_WORD, WARNS_LONG, WARNS_SHORT } from './layout.js';
import type { Params } from './params.js';
import { MICROS, RATE_UNIT } from './rules.js';

interface Prices {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Impact of the whole average volume is cut here, so that products with it stay exact. */
const MOST_IMPACT = 2 ** 26 - 1;

/** What follows traded prices: trends, ATR, volatility, divergences and climaxes; bars without a price keep the last. */
export function signals(
  columns: BarColumns,
  prices: Prices,
  volumes: { readonly buy: Float64Array; readonly sell: Float64Array; readonly all: Float64Array },
  params: Params,
): void {
  const traded = Uint32Array.from(prices.close.keys()).filter(
    (t) => prices.low[t]! >= 1 && volumes.all[t]! > 0,
  );
  const n = traded.length;
  const of = (column: Float64Array): Float64Array => Float64Array.from(traded, (t) => column[t]!);
  const bars = {
    high: of(prices.high),
    low: of(prices.low),
    close: of(prices.close),
    volume: of(volumes.all),
  };
  const { close } = bars;
  const average = (bars: number): Float64Array => {
    const out = new Float64Array(n);
    ema(close, n, bars, 'sma', out);
    return out;
  };
  const averages = params.trend.map(({ fast, slow }) => [average(fast), average(slow)] as const);
  const atr = averageRange(bars, params.atrBars);
  const sigma = volatility(close, params.volatilityBars);
  const cvd = new Float64Array(n);
  let delta = 0;
  for (let i = 0; i < n; i++) {
    const change = volumes.buy[traded[i]!]! - volumes.sell[traded[i]!]!;
    // a bar whose sides are unknown is null itself and costs the windows that hold it, not all bars after it
    if (!Number.isNaN(change)) delta += change;
    cvd[i] = Number.isNaN(change) ? change : delta;
  }
  for (let i = 0; i < n; i++) {
    let trends = 0;
    averages.forEach(([fast, slow], pair) => {
      // before both exist they are NaN, and neither holds
      if (fast[i]! > slow[i]!) trends |= 1 << (2 * pair);
      if (fast[i]! < slow[i]!) trends |= 2 << (2 * pair);
    });
    let warns = divergence(close, cvd, i, params.divergenceBars);
    if (params.climax) warns |= climaxAt(bars, atr, sigma, i);
    const risk = sigma[i]! > 0 ? Math.min(MOST_WORD, Math.max(1, Math.round(sigma[i]! * MICROS))) : 0;
    const impact =
      sigma[i]! > 0 ? Math.min(MOST_IMPACT, Math.round(params.impact * sigma[i]! * RATE_UNIT)) : 0;
    const range = atr[i]! >= 0 ? Math.max(1, Math.round(atr[i]!)) : 0;
    const end = traded[i + 1] ?? prices.close.length;
    columns.events[traded[i]!]! |= warns;
    columns.trends.fill(trends, traded[i]!, end);
    columns.sigma.fill(risk, traded[i]!, end);
    columns.impact.fill(impact, traded[i]!, end);
    columns.range.fill(range, traded[i]!, end);
  }
}

/** Mean true range over the last `bars` bars, in ticks. */
function averageRange({ high, low, close }: Prices, bars: number): Float64Array {
  const out = new Float64Array(close.length).fill(Number.NaN);
  const range = new Float64Array(close.length);
  let sum = 0;
  for (let i = 0; i < close.length; i++) {
    const before = i === 0 ? low[0]! : close[i - 1]!;
    range[i] = Math.max(high[i]!, before) - Math.min(low[i]!, before);
    sum += range[i]! - (i >= bars ? range[i - bars]! : 0);
    if (i + 1 >= bars) out[i] = sum / bars;
  }
  return out;
}

/** Standard deviation (ddof 1) of the last `bars` log returns; about their mean, pass by pass, so that none drifts. */
function volatility(close: Float64Array, bars: number): Float64Array {
  const out = new Float64Array(close.length).fill(Number.NaN);
  const log = close.map((price) => Math.log(price));
  for (let i = bars; i < close.length; i++) {
    const mean = (log[i]! - log[i - bars]!) / bars;
    let squares = 0;
    for (let j = i - bars + 1; j <= i; j++) squares += (log[j]! - log[j - 1]! - mean) ** 2;
    out[i] = Math.sqrt(squares / (bars - 1));
  }
  return out;
}

/**
 * Bearish: the close is above those of the `bars` bars before and CVD is not above theirs; bullish mirrored. None where
 * a CVD among them is null, since `Math.max` and the comparisons then are NaN and false.
 */
function divergence(close: Float64Array, cvd: Float64Array, i: number, bars: number): number {
  if (i < bars) return 0;
  let [highest, lowest] = [close[i - 1]!, close[i - 1]!];
  let [most, least] = [cvd[i - 1]!, cvd[i - 1]!];
  for (let j = i - bars; j < i - 1; j++) {
    highest = Math.max(highest, close[j]!);
    lowest = Math.min(lowest, close[j]!);
    most = Math.max(most, cvd[j]!);
    least = Math.min(least, cvd[j]!);
  }
  if (close[i]! > highest && cvd[i]! <= most) return WARNS_LONG;
  return close[i]! < lowest && cvd[i]! >= least ? WARNS_SHORT : 0;
}
