import { addExact, type ExactColumn, exactColumn } from '../core/exact.js';
import { gridStart } from '../core/sessions.js';
import type { Bars } from './panel.js';

/**
 * One instrument's bars as bars `every` µs wide, a multiple of their own width: first open, highest high, lowest low, last
 * close of the parts that traded, sums of the rest. A bar of which a part is missing is left out: what was traded then is
 * not known.
 */
export function widenBars(bars: Bars, every: number): Bars {
  const parts = every / bars.every;
  const starts: number[] = [];
  for (let from = 0; from < bars.time.length; ) {
    const start = gridStart(bars.time[from]!, every);
    let to = from + 1;
    while (to < bars.time.length && gridStart(bars.time[to]!, every) === start) to++;
    if (to - from === parts) starts.push(from);
    from = to;
  }
  const rows = starts.length;
  const [buy, sell, unknown] = bars.volumes;
  // venues carry the last close through bars without a trade: that is no price
  const traded = (i: number): boolean => buy.values[i]! + sell.values[i]! + unknown.values[i]! > 0;
  const price = (column: Float64Array, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from(starts, (from) => {
      let joined = Number.NaN;
      for (let i = from; i < from + parts; i++)
        if (traded(i)) joined = Number.isNaN(joined) ? column[i]! : join(joined, column[i]!);
      return joined;
    });
  const over = (column: Float64Array, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from(starts, (from) => column.subarray(from, from + parts).reduce(join));
  const sum = (column: ExactColumn): ExactColumn => {
    const out = exactColumn(rows);
    starts.forEach((from, row) => {
      for (let i = from; i < from + parts; i++) addExact(out, row, column, i);
    });
    return out;
  };
  const { open, high, low, close } = bars.prices;
  const add = (a: number, b: number): number => a + b;
  return {
    ...{ instruments: bars.instruments, offsets: Uint32Array.of(0, rows), every, absent: bars.absent },
    time: Float64Array.from(starts, (from) => gridStart(bars.time[from]!, every)),
    available: over(bars.available, (a, b) => Math.max(a, b)),
    prices: {
      open: price(open, (first) => first),
      high: price(high, (a, b) => Math.max(a, b)),
      low: price(low, (a, b) => Math.min(a, b)),
      close: price(close, (_, last) => last),
    },
    volumes: [sum(buy), sum(sell), sum(unknown)],
    ...{ trades: over(bars.trades, add), notional: over(bars.notional, add) },
  };
}
