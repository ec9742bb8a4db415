import type { Frame } from '../../core/columns.js';
import type { SessionGrid } from '../../core/grid.js';
import type { RowParams, RowScale } from '../../core/price-rows.js';
import { rowOf } from '../../core/row-rounding.js';
import { sessionAt } from '../../core/sessions.js';

/** One instrument's bins on the GPU: `struct RowGrid` of shaders/lib/row.wgsl. */
export interface RowGrid {
  readonly firstRow: number;
  /** Sessions in which the instrument trades, as indexes into the session grid, ascending. */
  readonly sessions: Uint32Array;
  readonly binFirst: number;
  readonly width: number;
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

/** Words of the struct, in its order. */
export const GRID_WORDS = 12;

/** Bins of every instrument of the tile, and their total. */
export function rowGrids(
  frame: Frame,
  scales: readonly RowScale[],
  sessions: SessionGrid,
  rounding: RowParams['rounding'],
): { grids: RowGrid[]; bins: number } {
  const grids: RowGrid[] = [];
  let bins = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    const present = presentSessions(frame, s, sessions.units);
    const rows = instrumentRows(frame, s, scales[s]!, rounding, present.length);
    grids.push({ firstRow: frame.offsets[s]!, sessions: present, binFirst: bins, ...rows });
    bins += present.length * rows.width;
  }
  return { grids, bins };
}

/** Sessions with a trade: from each session's first row to the next by bisection. */
function presentSessions(frame: Frame, s: number, starts: Uint32Array): Uint32Array {
  const time = frame.columns.time as Uint32Array;
  const to = frame.offsets[s + 1]!;
  const found: number[] = [];
  for (let row = frame.offsets[s]!; row < to; ) {
    const session = sessionAt(starts, time[row]!);
    found.push(session);
    const end = starts[session + 1]!;
    let low = row;
    let high = to;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (time[middle]! < end) low = middle;
      else high = middle;
    }
    row = high;
  }
  return Uint32Array.from(found);
}

function instrumentRows(
  frame: Frame,
  s: number,
  scale: RowScale,
  rounding: RowParams['rounding'],
  sessions: number,
) {
  const from = frame.offsets[s]!;
  const to = frame.offsets[s + 1]!;
  const base = frame.instruments[s]!.base;
  const low = frame.stats.tickMin[s]!;
  const high = frame.stats.tickMax[s]!;
  const half = rounding === 'half_even' || rounding === 'half_up';
  const den = half ? 2 * scale.den : scale.den;
  const mul = half ? 2 * scale.num : scale.num;
  const lift = rounding === 'floor' ? 0 : rounding === 'ceil' ? scale.den - 1 : scale.den;
  // an exact tie may step one row down, also at the lowest tick: slot 0 leaves room for it
  const below = rounding === 'half_even' ? 1 : 0;
  const first = BigInt(mul) * BigInt(base + low) + BigInt(lift);
  const quotient = first / BigInt(den) - (first % BigInt(den) < 0n ? 1n : 0n);
  const add = Number(first - quotient * BigInt(den)) + below * den;
  const row0 = Number(quotient) - below;
  const width = Math.floor(((high - low) * mul + add) / den) + 1;
  if ((high - low) * mul + add < 2 ** 32 && den < 2 ** 32 && sessions * width <= 16 * (to - from) + 64)
    return { width, low, mul, add, den, row0, edges: undefined, rows: undefined };
  return { ...presentRows(frame, from, to, base, scale, rounding), low, mul: 0, add: 0, den: 1, row0: 0 };
}

/** The rows that trade, by their lowest tick: an outlier price then costs a bin, not a range of them. */
function presentRows(
  frame: Frame,
  from: number,
  to: number,
  base: number,
  scale: RowScale,
  rounding: RowParams['rounding'],
) {
  const ticks = (frame.columns.tick as Int32Array).slice(from, to).sort();
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
  return { width: n, edges: edges.subarray(0, n), rows: rows.subarray(0, n) };
}
