import type { Frame } from '../../core/columns.js';
import { ema } from '../../core/ema.js';
import { SortedWindow } from '../../core/sorted-window.js';

/** Codes of what a bar may be in; NONE is the regression without a regime. */
export const NONE = 0;
const HIGH_VOLATILITY = 1;
const TREND = 2;
const NEWS = 3;
const THIN_DEPTH = 4;

/** State of a bar in a regime: two bits of its word, from 2 · the regime's place up. */
export const OUTSIDE = 0;
export const INSIDE = 1;
const UNKNOWN = 2;

export interface RegimeParams {
  readonly volatilityBars: number;
  readonly trendFast: number;
  readonly trendSlow: number;
  readonly regimeBars: number;
  readonly regimeQuantile: number;
  /** µs, ascending. */
  readonly news: readonly number[];
  /** µs. */
  readonly newsWindow: number;
}

/** Codes of the regimes a run reports, by place: news where there are any, thin depth where the bars have a book. */
export const regimesOf = ({ columns }: Frame, { news }: RegimeParams): readonly number[] => [
  ...[NONE, HIGH_VOLATILITY, TREND],
  ...(news.length > 0 ? [NEWS] : []),
  ...(columns.depth ? [THIN_DEPTH] : []),
];

export const stateOf = (word: number, place: number): number => (word >>> (2 * place)) & 3;

/**
 * States of every bar. Whether a bar is in high volatility or in a trend is told from the bars before it alone; a news
 * time counts once the bar that holds it is over, and depth is that of the last book known with the bar, when the forecast
 * is made. `returns` are those over each bar itself.
 */
export function regimeStates(frame: Frame, returns: Float64Array, params: RegimeParams): Uint32Array {
  const states = new Uint32Array(frame.rows);
  const measure = new Float64Array(frame.rows);
  for (const [place, code] of regimesOf(frame, params).entries()) {
    if (code === HIGH_VOLATILITY) volatilityBefore(frame, returns, params.volatilityBars, measure);
    if (code === TREND) trendBefore(frame, params.trendFast, params.trendSlow, measure);
    if (code === THIN_DEPTH) thinness(frame, measure);
    if (code === NEWS) markNews(frame, params, place, states);
    else if (code !== NONE) markAbove(frame, measure, params, place, states);
  }
  return states;
}

/** The thinner the higher. */
function thinness({ columns }: Frame, out: Float64Array): void {
  const depth = columns.depth as Float64Array;
  for (let i = 0; i < out.length; i++) out[i] = 0 - depth[i]!;
}

/** Mean square of the known returns among the `bars` before each bar, which orders bars as realised volatility does. */
function volatilityBefore({ offsets }: Frame, returns: Float64Array, bars: number, out: Float64Array): void {
  for (let s = 0; s + 1 < offsets.length; s++) {
    const from = offsets[s]!;
    for (let i = from; i < offsets[s + 1]!; i++) {
      let count = 0;
      let sum = 0;
      // the first bar has no return; every window is summed afresh, so that nothing drifts
      if (i - from > bars)
        for (let j = i - bars; j < i; j++) {
          const r = returns[j]!;
          if (Number.isNaN(r)) continue;
          count++;
          sum += r * r;
        }
      out[i] = sum / count;
    }
  }
}

/** |EMA_fast - EMA_slow| / EMA_slow of closes at the last bar with a trade before each bar. */
function trendBefore({ offsets, columns }: Frame, fast: number, slow: number, out: Float64Array): void {
  const close = columns.close as Float64Array;
  const quick = new Float64Array(close.length);
  const calm = new Float64Array(close.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    const prices = close.subarray(from, to);
    ema(prices, to - from, fast, 'sma', quick.subarray(from, to));
    ema(prices, to - from, slow, 'sma', calm.subarray(from, to));
    let last = Number.NaN;
    for (let i = from; i < to; i++) {
      out[i] = last;
      const strength = Math.abs(quick[i]! - calm[i]!) / calm[i]!;
      if (!Number.isNaN(strength)) last = strength;
    }
  }
}

/**
 * A bar is inside where more than the quantile of its last `regimeBars` predecessors lie below its measure, ties half;
 * unknown where the measure is, or has been for fewer bars.
 */
function markAbove(
  { offsets }: Frame,
  measure: Float64Array,
  { regimeBars, regimeQuantile }: RegimeParams,
  place: number,
  states: Uint32Array,
): void {
  const before = new SortedWindow(regimeBars);
  for (let s = 0; s + 1 < offsets.length; s++) {
    before.clear();
    const from = offsets[s]!;
    let begun = Number.POSITIVE_INFINITY;
    for (let i = from; i < offsets[s + 1]!; i++) {
      const value = measure[i]!;
      const known = !Number.isNaN(value);
      let state = UNKNOWN;
      if (known && i - begun >= regimeBars && before.size > 0)
        state = before.rank(value) > 2 * before.size * regimeQuantile ? INSIDE : OUTSIDE;
      states[i]! |= state << (2 * place);
      const leaving = i - regimeBars;
      if (leaving >= from && !Number.isNaN(measure[leaving]!)) before.remove(measure[leaving]!);
      if (!known) continue;
      before.insert(value);
      begun = Math.min(begun, i);
    }
  }
}

/** A bar is inside where the last news before its end is at most the window old. */
function markNews(
  { offsets, columns, step }: Frame,
  { news, newsWindow }: RegimeParams,
  place: number,
  states: Uint32Array,
): void {
  const time = columns.time as Float64Array;
  for (let s = 0; s + 1 < offsets.length; s++) {
    let passed = 0;
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
      const end = time[i]! + step!;
      while (passed < news.length && news[passed]! < end) passed++;
      if (passed > 0 && end - news[passed - 1]! <= newsWindow) states[i]! |= INSIDE << (2 * place);
    }
  }
}
