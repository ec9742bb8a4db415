import type { Frame, FrameStats, Instrument } from '../core/columns.js';
import type { Decimal } from '../core/decimal.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { bigAt, type ExactColumn, exactColumn, setBig } from '../core/exact.js';
import { moneyUnit } from '../table/money-decimals.js';
import { scaledF64 } from '../table/scaled-f64.js';
import { panelLots } from './panel-lots.js';
import type { ResultTable } from './result.js';

/** Twelve f64 columns of so many are 2 GB. */
const MOST_BARS = 21_000_000;

/** Sparse bars by instrument and time, as `panelOf` takes them. */
export interface Bars {
  readonly instruments: readonly Instrument[];
  readonly offsets: Uint32Array;
  /** Bar width, µs; times are multiples of it from one another. */
  readonly every: number;
  readonly time: Float64Array;
  readonly available: Float64Array;
  /** Ticks counted from 0. */
  readonly prices: Readonly<Record<'open' | 'high' | 'low' | 'close', Float64Array>>;
  readonly volumes: readonly [buy: ExactColumn, sell: ExactColumn, unknown: ExactColumn];
  readonly trades: Float64Array;
  /** Quote currency. */
  readonly notional: Float64Array;
  /** Σ k q and Σ k² q of trades, k from the instrument's base. */
  readonly moments?: readonly [first: ExactColumn, second: ExactColumn];
  /** What a bar that is not there means: nothing was traded, or nobody looked. */
  readonly absent: 'empty' | 'unknown';
}

/** Bars of `volume-imbalance` as a panel: a bar without a trade is empty. */
export function panelOfBars({ table, instruments, every }: ResultTable, barLot?: Decimal): Frame {
  const { columns, rows } = table;
  const codes = columns.instrument as Uint32Array;
  const offsets = new Uint32Array(instruments.length + 1);
  for (let i = 0; i < rows; i++) offsets[codes[i]! + 1]!++;
  for (let s = 0; s < instruments.length; s++) offsets[s + 1]! += offsets[s]!;
  const notional = new Float64Array(rows);
  const prices = {
    open: new Float64Array(rows),
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    close: new Float64Array(rows),
  };
  instruments.forEach((instrument, s) => {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    scaledF64(notional, columns.notional as ExactColumn, from, to, moneyUnit(instrument));
    for (const [name, out] of Object.entries(prices)) {
      const ticks = columns[name] as Int32Array;
      for (let i = from; i < to; i++) out[i] = instrument.base + ticks[i]!;
    }
  });
  return panelOf(
    {
      ...{ instruments, offsets, every, prices, notional, absent: 'empty' },
      time: columns.time as Float64Array,
      available: columns.available_at as Float64Array,
      volumes: [columns.buy_volume, columns.sell_volume, columns.unknown_volume] as [
        ExactColumn,
        ExactColumn,
        ExactColumn,
      ],
      trades: Float64Array.from(columns.trades as Uint32Array),
      moments: [columns.tick_lots as ExactColumn, columns.tick2_lots as ExactColumn],
    },
    barLot,
  );
}

/**
 * Bars as a panel: every instrument from its first bar to its last without a gap. A bar that is not there is known when
 * the next one is, since until then it might still come; `available_at` never falls, as whatever looks back needs all
 * bars before. Errors: InputError for bars off the grid and for more than a tile can hold.
 */
export function panelOf(bars: Bars, barLot?: Decimal): Frame {
  const { instruments, every, time } = bars;
  const offsets = panelOffsets(bars);
  const rows = offsets[instruments.length]!;
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const out = {
    ...{
      time: column(),
      available_at: column(),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
    },
    ...{ volume: column(), buy_volume: column(), sell_volume: column(), unknown_volume: column() },
    ...{ trades: column(), notional: column() },
  };
  const first = exactColumn(rows);
  const second = exactColumn(rows);
  let moments = bars.moments;
  const own = instruments.map((instrument, s): Instrument => {
    const [from, to] = [bars.offsets[s]!, bars.offsets[s + 1]!];
    const { buy, sell, unknown, lot } = panelLots(bars.volumes, from, to, instrument, barLot);
    // moments count in lots: of coarser ones there are none
    if (lot !== instrument.lot) moments = undefined;
    let at = offsets[s]!;
    let known = 0;
    for (let i = from; i < to; i++) {
      known = Math.max(known, bars.available[i]!);
      for (; at > offsets[s]! && out.time[at - 1]! + every < time[i]!; at++) {
        out.time[at] = out.time[at - 1]! + every;
        out.available_at[at] = known;
        if (bars.absent === 'empty')
          for (const name of [
            'volume',
            'buy_volume',
            'sell_volume',
            'unknown_volume',
            'trades',
            'notional',
          ] as const)
            out[name][at] = 0;
      }
      out.time[at] = time[i]!;
      out.available_at[at] = known;
      out.buy_volume[at] = buy[i - from]!;
      out.sell_volume[at] = sell[i - from]!;
      out.unknown_volume[at] = unknown[i - from]!;
      out.volume[at] = buy[i - from]! + sell[i - from]! + unknown[i - from]!;
      // venues carry the last close through bars without a trade: that is no price
      if (out.volume[at]! > 0)
        for (const name of ['open', 'high', 'low', 'close'] as const) out[name][at] = bars.prices[name][i]!;
      out.trades[at] = bars.trades[i]!;
      out.notional[at] = bars.notional[i]!;
      if (moments) {
        setBig(first, at, bigAt(moments[0], i));
        setBig(second, at, bigAt(moments[1], i));
      }
      at++;
    }
    return lot === instrument.lot ? instrument : { ...instrument, lot };
  });
  return {
    ...{ kind: 'panel', instruments: own, offsets, rows, step: every, time: { base: 0, unit: 1 } },
    columns: { ...out, ...(moments ? { tick_lots: first, tick2_lots: second } : {}) },
    stats: noStats(instruments.length),
  };
}

function panelOffsets({ instruments, offsets, every, time }: Bars): Uint32Array {
  const out = new Uint32Array(instruments.length + 1);
  let total = 0;
  instruments.forEach(({ symbol }, s) => {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    for (let i = from + 1; i < to; i++) {
      const step = time[i]! - time[i - 1]!;
      if (!(step > 0) || step % every !== 0)
        throw new InputError(
          `${symbol} bar at`,
          new Date(time[i]! / 1000).toISOString(),
          `must lie whole bars of ${durationText(every)} after the one before`,
        );
    }
    if (to > from) total += (time[to - 1]! - time[from]!) / every + 1;
    if (total > MOST_BARS)
      throw new InputError(
        `bars of ${durationText(every)}`,
        total,
        `must be at most ${MOST_BARS}: take wider bars, fewer instruments or a shorter time`,
      );
    out[s + 1] = total;
  });
  return out;
}

/** Of frames whose widths no statistics choose. */
export const noStats = (instruments: number): FrameStats => ({
  ...{ maxLots: 0, maxTotalLots: 0, maxTick: 0, maxSecondMoment: 0 },
  ...{ tickMin: new Int32Array(instruments), tickMax: new Int32Array(instruments) },
});
