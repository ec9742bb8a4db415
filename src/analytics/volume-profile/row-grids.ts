import type { Frame } from '../../core/columns.js';
import { firstAtOrAfter } from '../../core/first-at-or-after.js';
import type { SessionGrid } from '../../core/grid.js';
import type { RowParams, RowScale } from '../../core/price-rows.js';
import { rowOf } from '../../core/row-rounding.js';
import { sessionAt } from '../../core/sessions.js';

/** One instrument's rows on the GPU: `struct RowGrid` of shaders/lib/row.wgsl, and its bins. */
export interface RowGrid {
  readonly firstRow: number;
  /** Sessions in which the instrument trades, ascending. */
  readonly sessions: readonly SessionBins[];
  readonly low: number;
  readonly mul: number;
  readonly add: number;
  readonly den: number;
  /** Row number of slot 0 when direct. */
  readonly row0: number;
  /** Lowest tick offset of each row present and its row number; undefined when direct. */
  readonly edges: Int32Array | undefined;
  readonly rows: Float64Array | undefined;
}

/** One session of one instrument: bins for the slots between its own lowest and highest price. */
export interface SessionBins {
  /** Index into the session grid. */
  readonly session: number;
  readonly firstBin: number;
  readonly firstSlot: number;
  readonly bins: number;
}

/** Words of the struct, in its order. */
export const GRID_WORDS = 10;

/** Bins of every instrument of the tile, and their total. */
export function rowGrids(
  frame: Frame,
  scales: readonly RowScale[],
  grid: SessionGrid,
  rounding: RowParams['rounding'],
): { grids: RowGrid[]; bins: number } {
  const grids: RowGrid[] = [];
  let total = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    const scale = scales[s]!;
    const base = frame.instruments[s]!.base;
    const ranges = sessionRanges(frame, s, grid.units);
    const direct = directRows(frame, s, scale, rounding);
    const slotOf = (k: number): number => rowOf(base + k, scale, rounding) - direct.row0;
    let sessions = sessionBins(ranges, total, slotOf);
    const trades = frame.offsets[s + 1]! - frame.offsets[s]!;
    let rows: Omit<RowGrid, 'firstRow' | 'sessions'> = direct;
    if (!direct.fits || endOf(sessions, total) - total > 16 * trades + 64) {
      const present = presentRows(frame, s, scale, rounding);
      rows = { ...present, low: direct.low, mul: 0, add: 0, den: 1, row0: 0 };
      sessions = sessionBins(ranges, total, (k) => lastAtOrBelow(present.edges, k));
    }
    grids.push({ ...rows, firstRow: frame.offsets[s]!, sessions });
    total = endOf(sessions, total);
  }
  return { grids, bins: total };
}

const endOf = (sessions: readonly SessionBins[], start: number): number => {
  const last = sessions[sessions.length - 1];
  return last ? last.firstBin + last.bins : start;
};

interface SessionRange {
  readonly session: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Sessions with a trade, and their extreme tick offsets. */
function sessionRanges(frame: Frame, s: number, starts: Uint32Array): SessionRange[] {
  const time = frame.columns.time as Uint32Array;
  const tick = frame.columns.tick as Int32Array;
  const end = frame.offsets[s + 1]!;
  const found: SessionRange[] = [];
  for (let from = frame.offsets[s]!; from < end; ) {
    const session = sessionAt(starts, time[from]!);
    const to = firstAtOrAfter(time, from, end, starts[session + 1]!);
    let lowest = tick[from]!;
    let highest = lowest;
    for (; from < to; from++) {
      lowest = Math.min(lowest, tick[from]!);
      highest = Math.max(highest, tick[from]!);
    }
    found.push({ session, lowest, highest });
  }
  return found;
}

function sessionBins(
  ranges: readonly SessionRange[],
  first: number,
  slotOf: (tick: number) => number,
): SessionBins[] {
  let firstBin = first;
  return ranges.map(({ session, lowest, highest }) => {
    const firstSlot = slotOf(lowest);
    const bins = slotOf(highest) - firstSlot + 1;
    const own = { session, firstBin, firstSlot, bins };
    firstBin += bins;
    return own;
  });
}

/** The grid by arithmetic, and whether a kernel's words can hold it. */
function directRows(frame: Frame, s: number, scale: RowScale, rounding: RowParams['rounding']) {
  const low = frame.stats.tickMin[s]!;
  const high = frame.stats.tickMax[s]!;
  const half = rounding === 'half_even' || rounding === 'half_up';
  const den = half ? 2 * scale.den : scale.den;
  const mul = half ? 2 * scale.num : scale.num;
  const lift = rounding === 'floor' ? 0 : rounding === 'ceil' ? scale.den - 1 : scale.den;
  // an exact tie may step one row down, also at the lowest tick: slot 0 leaves room for it
  const below = rounding === 'half_even' ? 1 : 0;
  const first = BigInt(mul) * BigInt(frame.instruments[s]!.base + low) + BigInt(lift);
  const quotient = first / BigInt(den) - (first % BigInt(den) < 0n ? 1n : 0n);
  const add = Number(first - quotient * BigInt(den)) + below * den;
  const row0 = Number(quotient) - below;
  const fits = (high - low) * mul + add < 2 ** 32 && den < 2 ** 32;
  return { low, mul, add, den, row0, fits, edges: undefined, rows: undefined };
}

/** The rows that trade, by their lowest tick: an outlier price then costs a bin, not a range of them. */
function presentRows(frame: Frame, s: number, scale: RowScale, rounding: RowParams['rounding']) {
  const base = frame.instruments[s]!.base;
  const tick = frame.columns.tick as Int32Array;
  const ticks = tick.slice(frame.offsets[s]!, frame.offsets[s + 1]!).sort();
  const edges = new Int32Array(ticks.length);
  const rows = new Float64Array(ticks.length);
  let n = 0;
  for (let i = 0; i < ticks.length; i++) {
    if (i > 0 && ticks[i] === ticks[i - 1]) continue;
    const row = rowOf(base + ticks[i]!, scale, rounding);
    if (n > 0 && rows[n - 1] === row) continue;
    edges[n] = ticks[i]!;
    rows[n++] = row;
  }
  return { edges: edges.subarray(0, n), rows: rows.subarray(0, n) };
}

/** Index of the last edge at or below a tick that some row holds. */
function lastAtOrBelow(edges: Int32Array, tick: number): number {
  let low = 0;
  let high = edges.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= tick) low = middle;
    else high = middle;
  }
  return low;
}
