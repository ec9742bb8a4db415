import { nearDepth } from '../core/near-depth.js';
import type { Block, Units } from '../dataset/block.js';

/** States of one instrument in one unit, as a record batch of a partition holds them. */
export interface SnapshotPart {
  readonly units: Units;
  readonly rows: number;
  readonly levels: number;
  readonly time: Float64Array;
  readonly known: Float64Array;
  /** Of each state: bid price and size, ask price and size of each level; NaN where there is none. */
  readonly cells: Float64Array;
  /** Where it was asked for, lots within 10 bps of the mid, both sides; NaN where the levels end before the band does. */
  readonly depth: Float64Array | undefined;
}

const COLUMNS = ['bid_price', 'bid_size', 'ask_price', 'ask_size'] as const;

/**
 * Rows `from` to `to` of a block that lie in the times, half-open: as many of the levels asked for as there are, or where
 * depth is `measured` on them, the best alone.
 */
export function snapshotPart(
  { ts, columns }: Block,
  [from, to]: readonly [number, number],
  units: Units,
  request: {
    readonly levels: number;
    readonly measured: boolean;
    readonly times: readonly [number, number];
  },
): SnapshotPart {
  let first = from;
  let last = to;
  while (first < last && ts[first]! < request.times[0]) first++;
  while (first < last && ts[last - 1]! >= request.times[1]) last--;
  const rows = last - first;
  let held = 1;
  while (held < request.levels && columns.has(`bid_price_${held + 1}`)) held++;
  const sources = COLUMNS.map((what) =>
    Array.from({ length: held }, (_, l) => columns.get(`${what}_${l + 1}`)),
  );
  const received = columns.get('recv_ts') as Float64Array | undefined;
  const levels = request.measured ? 1 : held;
  const known = new Float64Array(rows);
  const cells = new Float64Array(4 * levels * rows);
  const depth = request.measured ? new Float64Array(rows) : undefined;
  // of one state, best level first
  const state = COLUMNS.map(() => new Float64Array(held));
  for (let r = 0; r < rows; r++) {
    const i = first + r;
    known[r] = Math.max(ts[i]!, received?.[i] || 0);
    for (let c = 0; c < 4; c++)
      for (let l = 0; l < held; l++) {
        const value = Number(sources[c]![l]?.[i] ?? Number.NaN);
        if (l < levels) cells[4 * (levels * r + l) + c] = value;
        state[c]![l] = value;
      }
    if (depth) depth[r] = depthOf(state);
  }
  return { units, rows, levels, time: ts.slice(first, last), known, cells, depth };
}

function depthOf([bids, bidLots, asks, askLots]: readonly Float64Array[]): number {
  const twice = bids![0]! + asks![0]!;
  if (!(twice > 0)) return Number.NaN;
  return side(bids!, bidLots!, twice, -1) + side(asks!, askLots!, twice, 1);
}

function side(ticks: Float64Array, lots: Float64Array, twice: number, sign: 1 | -1): number {
  for (let l = 0; l < lots.length; l++) lots[l] ||= 0;
  return nearDepth(ticks, lots, 0, lots.length, twice, twice, sign);
}
