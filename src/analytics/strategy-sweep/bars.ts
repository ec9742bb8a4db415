import type { Frame } from '../../core/columns.js';
import { InputError } from '../../core/errors.js';
import { gridStart } from '../../core/sessions.js';
import { averageVolumes } from './average-volumes.js';
import {
  type BarColumns,
  barColumns,
  FUNDING_AT_OPEN,
  FUNDING_INSIDE,
  MOST_WORD,
  NEW_DAY,
  PERIOD_END,
} from './layout.js';
import type { Params } from './params.js';
import { signals } from './signals.js';
import { spreads } from './spreads.js';
import { surprises } from './surprises.js';

const DAY = 86_400_000_000;

/** value · num / den, integers: a size from order lots, a price from ticks, one division from exact. */
export interface Ratio {
  readonly num: number;
  readonly den: number;
}

/** An instrument of a tile with its bars. */
export interface Listed {
  readonly instrument: number;
  readonly bars: Bars;
  readonly lot: Ratio;
  readonly tick: Ratio;
}

/** Rows in time: when each begins and when it is known. */
export interface Series {
  readonly time: Float64Array;
  readonly available: Float64Array;
}

/** What one instrument's runs read, and what its rows are labelled with. */
export interface Bars extends Series {
  readonly count: number;
  readonly columns: BarColumns;
  /** First bar whose own fills no longer count for the fee tier of a fill in the bar. */
  readonly feeTo: Int32Array;
  readonly periods: Series;
}

/** Order lots in a lot of the frame: an order lot gains 10^-6 quote a tick, so it is 10^-6 / (tick · multiplier). */
export function orderLots(frame: Frame, s: number): number {
  const { tick, lot, multiplier } = frame.instruments[s]!;
  const scale = tick.scale + lot.scale + multiplier.scale;
  return (tick.coef * lot.coef * multiplier.coef * 1e6) / 10 ** scale;
}

/** The instrument with its bars, and what its order lots and ticks are worth. */
export function listedOf(frame: Frame, s: number, bars: Bars): Listed {
  const { tick, multiplier } = frame.instruments[s]!;
  const scale = tick.scale + multiplier.scale - 6;
  const lot = { num: 10 ** Math.max(0, scale), den: tick.coef * multiplier.coef * 10 ** Math.max(0, -scale) };
  return { instrument: s, bars, lot, tick: { num: tick.coef, den: 10 ** tick.scale } };
}

/**
 * One instrument's bars and signals as integers, quantised once for all trials and both backends. A record holds what
 * is known at its bar's `available_at`, except for what executes in the bar: OPEN, HIGH, LOW, MOST_FILL, FEE_FROM.
 * Errors: InputError for a bar said to be known before its end, and for prices of 2^31 ticks and more.
 */
export function barsOf(frame: Frame, s: number, params: Params): Bars {
  const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
  const own = (name: string): Float64Array => (frame.columns[name] as Float64Array).subarray(from, to);
  const { symbol } = frame.instruments[s]!;
  const time = own('time');
  const available = own('available_at');
  const count = to - from;
  const columns = barColumns(count);
  const prices = { open: own('open'), high: own('high'), low: own('low'), close: own('close') };
  const volumes = { buy: own('buy_volume'), sell: own('sell_volume'), all: own('volume') };
  let mark = 0;
  for (let t = 0; t < count; t++) {
    if (!(available[t]! >= time[t]! + params.every))
      throw new InputError(
        `${symbol} bar known at`,
        available[t],
        `must not be known before its end, ${time[t]! + params.every}`,
      );
    const high = prices.high[t]!;
    if (high > MOST_WORD)
      throw new InputError(
        `${symbol} price of ticks`,
        high,
        `must be at most ${MOST_WORD}: declare a coarser tick`,
      );
    // a price of 0 or below cannot be bought with money
    if (prices.low[t]! >= 1 && volumes.all[t]! > 0) {
      columns.open[t] = prices.open[t]!;
      columns.high[t] = high;
      columns.low[t] = prices.low[t]!;
      mark = prices.close[t]!;
    }
    columns.mark[t] = mark;
  }
  surprises(columns.z, volumes.buy, volumes.sell, params.surpriseBars);
  averageVolumes(columns, volumes.all, orderLots(frame, s), params);
  signals(columns, prices, volumes, params);
  spreads(columns.spread, frame.columns.spread === undefined ? undefined : own('spread'));
  const starts = calendar(columns.events, time, params);
  const periods = {
    time: time.filter((_, t) => starts.has(t)),
    available: available.filter((_, t) => t + 1 === count || starts.has(t + 1)),
  };
  const feeTo = schedule(columns, time, available, params);
  return { count, columns, feeTo, time, available, periods };
}

/** Days, ends of periods and funding times as events. Returns the bars that begin a period. */
function calendar(out: Int32Array, time: Float64Array, params: Params): Set<number> {
  const { every, fundingEvery, period } = params;
  const count = time.length;
  const starts = new Set<number>();
  let day = Number.NaN;
  let current = Number.NaN;
  for (let t = 0; t < count; t++) {
    const open = time[t]!;
    const end = open + every;
    let events = out[t]!;
    if (gridStart(open, DAY) !== day) events |= NEW_DAY;
    day = gridStart(open, DAY);
    if (gridStart(open, period) !== current) starts.add(t);
    current = gridStart(open, period);
    if (t + 1 === count || gridStart(end, period) !== current) events |= PERIOD_END;
    const before = Math.floor(open / fundingEvery);
    if (before * fundingEvery === open) events |= FUNDING_AT_OPEN;
    events |= (Math.ceil(end / fundingEvery) - 1 - before) << FUNDING_INSIDE;
    out[t] = events;
  }
  return starts;
}

/** Where a decision fills, and the window of a fill's fee tier. Returns that window's end by bar. */
function schedule(
  columns: BarColumns,
  time: Float64Array,
  available: Float64Array,
  params: Params,
): Int32Array {
  const count = time.length;
  const feeTo = new Int32Array(count);
  let fill = 0;
  let from = 0;
  let to = 0;
  for (let t = 0; t < count; t++) {
    // availability never falls from bar to bar, so neither does the first open it allows
    const earliest = available[t]! + params.latency;
    while (fill < count && (time[fill]! < earliest || columns.open[fill] === 0)) fill++;
    columns.fillBar[t] = fill;
    const end = params.feeWindow === 'daily_snapshot' ? gridStart(time[t]!, DAY) : time[t]!;
    while (time[from]! < end - 30 * DAY) from++;
    while (time[to]! < end) to++;
    columns.feeFrom[t] = from;
    feeTo[t] = to;
  }
  return feeTo;
}
