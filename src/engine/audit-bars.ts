import { type Frame, rowTime, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../core/columns.js';
import { gridStart } from '../core/sessions.js';

/** Bars with a trade, over the rows of a trades frame; volumes in lots, exact below 2^53. */
export interface AuditBars {
  readonly rows: number;
  /** Bars of instrument i are `offsets[i] .. offsets[i+1]`. */
  readonly offsets: Uint32Array;
  readonly instrument: Uint32Array;
  /** Start, µs. */
  readonly time: Float64Array;
  /** Trades of bar b are `first[b] .. first[b+1]`. */
  readonly first: Uint32Array;
  /** Last price, tick offset. */
  readonly close: Float64Array;
  /** All volume, and what the exchange's flags say of it. */
  readonly volume: Float64Array;
  readonly buy: Float64Array;
  readonly sell: Float64Array;
}

/** Taker volumes of each bar by a rule; NaN where the rule says nothing of the bar. */
export interface BarSides {
  readonly buy: Float64Array;
  readonly sell: Float64Array;
}

/** Bars of width `every` (µs), half-open, on the UTC grid of all bars. */
export function auditBars(frame: Frame, every: number): AuditBars {
  const instrument: number[] = [];
  const time: number[] = [];
  const first: number[] = [];
  const offsets = new Uint32Array(frame.offsets.length);
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    let end = Number.NEGATIVE_INFINITY;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const ts = rowTime(frame, i);
      if (ts < end) continue;
      const start = gridStart(ts, every);
      end = start + every;
      instrument.push(s);
      time.push(start);
      first.push(i);
    }
    offsets[s + 1] = first.length;
  }
  const rows = first.length;
  first.push(frame.rows);
  const bounds = Uint32Array.from(first);
  const tick = frame.columns.tick as Int32Array;
  const size = frame.columns.size as Uint32Array;
  const [unknown, buy, sell] = bySide(
    frame,
    bounds,
    size.map((word) => word & 3),
  );
  return {
    ...{ rows, offsets, first: bounds, buy, sell },
    instrument: Uint32Array.from(instrument),
    time: Float64Array.from(time),
    close: Float64Array.from({ length: rows }, (_, b) => tick[bounds[b + 1]! - 1]!),
    volume: unknown.map((lots, b) => lots + buy[b]! + sell[b]!),
  };
}

/** What a rule says of the trades with a flag. */
export function barSides(frame: Frame, bars: AuditBars, side: Uint8Array): BarSides {
  const size = frame.columns.size as Uint32Array;
  const flagged = side.map((code, i) => ((size[i]! & 3) === SIDE_UNKNOWN ? SIDE_UNKNOWN : code));
  const [, buy, sell] = bySide(frame, bars.first, flagged);
  return { buy, sell };
}

/** Lots of each bar by side code: unknown, buy, sell. */
function bySide(
  frame: Frame,
  first: Uint32Array,
  side: Uint8Array | Uint32Array,
): [unknown: Float64Array, buy: Float64Array, sell: Float64Array] {
  const size = frame.columns.size as Uint32Array;
  const sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
  const bars = first.length - 1;
  const sums = [new Float64Array(bars), new Float64Array(bars), new Float64Array(bars)] as const;
  for (let b = 0; b < bars; b++)
    for (let i = first[b]!; i < first[b + 1]!; i++) {
      const lots = (sizeHi ? sizeHi[i]! * 1073741824 : 0) + (size[i]! >>> 2);
      sums[side[i]! as 0 | 1 | 2][b]! += lots;
    }
  return [sums[SIDE_UNKNOWN], sums[SIDE_BUY], sums[SIDE_SELL]];
}

/** A rule's bars beside the flags'. Volumes and deltas in lots. */
export interface BarScore {
  /** Bars compared: those the rule says something of. */
  readonly bars: number;
  readonly volume: number;
  /** Σ min(B, B̂) + min(S, Ŝ) over Σ volume: the share that lies on the right side, whoever traded it; NaN without volume. */
  readonly right: number;
  readonly delta: number;
  readonly inferredDelta: number;
  /** Largest |inferred - true| cumulative delta at the end of any bar compared. */
  readonly maxError: number;
}

/** Scores bars `[from, to)`; those that are NaN are left out. Accuracy f64. */
export function scoreBars(bars: AuditBars, { buy, sell }: BarSides, from: number, to: number): BarScore {
  const score = { bars: 0, volume: 0, delta: 0, inferredDelta: 0, maxError: 0 };
  let right = 0;
  for (let b = from; b < to; b++) {
    if (Number.isNaN(buy[b]!)) continue;
    score.bars++;
    score.volume += bars.buy[b]! + bars.sell[b]!;
    right += Math.min(bars.buy[b]!, buy[b]!) + Math.min(bars.sell[b]!, sell[b]!);
    score.delta += bars.buy[b]! - bars.sell[b]!;
    score.inferredDelta += buy[b]! - sell[b]!;
    score.maxError = Math.max(score.maxError, Math.abs(score.inferredDelta - score.delta));
  }
  return { ...score, right: score.volume > 0 ? right / score.volume : Number.NaN };
}
