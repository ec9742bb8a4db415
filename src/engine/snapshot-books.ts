import { CROSSED, EMPTY, LOCKED, OK, ONE_SIDED, STALE } from '../core/book-states.js';
import { InputError } from '../core/errors.js';
import type { Units } from '../dataset/block.js';
import { unitsOf } from '../dataset/instrument-facts.js';
import { partitionBatches } from '../dataset/runs.js';
import type { SelectedPartition } from '../dataset/select.js';
import type { BookRows } from '../ingest/replay/index.js';
import { mostStates } from './most-states.js';
import { type CommonUnit, commonUnit } from './replay-deltas.js';
import { type SnapshotPart, snapshotPart } from './snapshot-part.js';

/** Books of one instrument as a replay gives them, in one unit. */
export interface SnapshotBooks {
  readonly instrument: string;
  readonly units: Units;
  readonly states: BookRows;
}

export interface SnapshotRequest {
  readonly levels: number;
  /** Whether a column `depth` is measured on the levels, of which the best alone is then kept. */
  readonly measured: boolean;
  /** µs. */
  readonly maxAge: number;
  /** µs, half-open. */
  readonly times: readonly [number, number];
  /** As in `ReplayBooksOptions`. */
  readonly mostCells?: number;
}

/**
 * States of imported book snapshots at `levels` levels, by instrument, and how many of those the snapshots have: what lies
 * deeper is not empty but unseen, and takes no memory. Crossed and one-sided states keep their levels. Where the next state
 * comes later than `maxAge` µs, a stale one without levels stands between. Errors: InputError for more states than
 * `mostCells`.
 */
export async function snapshotBooks(
  partitions: readonly SelectedPartition[],
  request: SnapshotRequest,
): Promise<{ readonly instruments: SnapshotBooks[]; readonly levels: number }> {
  const found = new Map<string, SnapshotPart[]>();
  let levels = 1;
  let states = 0;
  for (const partition of partitions)
    for await (const { block, runs } of partitionBatches(partition))
      for (const { code, from, to } of runs) {
        if (!partition.wanted[code]) continue;
        const part = snapshotPart(block, [from, to], unitsOf(partition.instruments[code]!), request);
        if (part.rows === 0) continue;
        const name = partition.names[code]!;
        const parts = found.get(name) ?? [];
        found.set(name, parts);
        parts.push(part);
        levels = Math.max(levels, part.levels);
        states += part.rows;
        const most = mostStates(levels, request.mostCells);
        if (states > most)
          throw new InputError(
            'book snapshots',
            `${states} states`,
            `must be at most ${most}: ask for ${levels > 1 ? 'fewer levels, ' : ''}fewer instruments or a shorter time`,
          );
      }
  const instruments = [...found.keys()]
    .sort()
    .map((name) => statesOf(name, found.get(name)!, levels, request));
  return { instruments, levels };
}

function statesOf(
  instrument: string,
  parts: readonly SnapshotPart[],
  levels: number,
  { maxAge, measured }: SnapshotRequest,
): SnapshotBooks {
  const [price, size] = (['price', 'size'] as const).map((what) =>
    commonUnit(
      parts.map(({ units }) => units[what]),
      `${instrument} ${what} unit`,
    ),
  ) as [CommonUnit, CommonUnit];
  const count = countOf(parts, maxAge);
  const columns: Record<string, Float64Array> = {};
  const column = (name: string): Float64Array => {
    columns[name] = new Float64Array(count).fill(Number.NaN);
    return columns[name];
  };
  const [ts, received] = [column('ts'), column('recv_ts')];
  column('seq');
  const places = Array.from({ length: levels }, (_, l) =>
    ['bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'].map((what) => column(`${what}_${l + 1}`)),
  ).flat();
  const depth = measured ? column('depth') : undefined;
  const state = new Uint8Array(count);
  let n = 0;
  parts.forEach((part, p) => {
    const factors = [price.factors[p]!, size.factors[p]!];
    const width = 4 * part.levels;
    for (let r = 0; r < part.rows; r++, n++) {
      const t = part.time[r]!;
      // the first µs at which the state before is older than allowed, as in a replay
      const staleAt = n > 0 ? ts[n - 1]! + maxAge + 1 : t;
      if (t > staleAt) {
        ts[n] = staleAt;
        received[n] = Math.max(staleAt, received[n - 1]!);
        state[n++] = STALE;
      }
      ts[n] = t;
      received[n] = part.known[r]!;
      for (let c = 0; c < width; c++) places[c]![n] = part.cells[width * r + c]! * factors[c % 2]!;
      if (depth) depth[n] = part.depth![r]! * factors[1]!;
      state[n] = stateOf(places[0]![n]!, places[2]![n]!);
    }
  });
  return {
    ...{ instrument, units: { price: price.unit, size: size.unit } },
    states: { rows: count, columns, state },
  };
}

/** States of the parts, and the stale ones between them. */
function countOf(parts: readonly SnapshotPart[], maxAge: number): number {
  let count = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const { rows, time } of parts) {
    count += rows;
    for (const t of time) {
      if (t > last + maxAge + 1) count++;
      last = t;
    }
  }
  return count;
}

/** State of a book of these best prices, NaN where the side is empty. */
function stateOf(bid: number, ask: number): number {
  if (Number.isNaN(bid) && Number.isNaN(ask)) return EMPTY;
  if (Number.isNaN(bid) || Number.isNaN(ask)) return ONE_SIDED;
  return bid < ask ? OK : bid === ask ? LOCKED : CROSSED;
}
