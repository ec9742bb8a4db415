import { CROSSED, EMPTY, LOCKED, OK, ONE_SIDED, STALE } from '../core/book-states.js';
import type { Units } from '../dataset/block.js';
import { unitsOf } from '../dataset/instrument-facts.js';
import { partitionBatches } from '../dataset/runs.js';
import type { SelectedPartition } from '../dataset/select.js';
import type { BookRows } from '../ingest/replay/index.js';
import { type CommonUnit, commonUnit } from './replay-deltas.js';

/** Books of one instrument as a replay gives them, in one unit. */
export interface SnapshotBooks {
  readonly instrument: string;
  readonly units: Units;
  readonly states: BookRows;
}

/** Rows of one instrument as the partitions hold them. */
interface Rows {
  readonly units: Units[];
  /** Of each part, levels that it has and that are asked for. */
  readonly held: number[];
  /** Of each row: part it is of, ts, availability, then four cells a level of its part. */
  readonly part: number[];
  readonly time: number[];
  readonly known: number[];
  readonly cells: number[];
}

/**
 * States of imported book snapshots at `levels` levels, by instrument, and how many of those the snapshots have: what lies
 * deeper is not empty but unseen, and takes no memory. Crossed and one-sided states keep their levels. Where the next state
 * comes later than `maxAge` µs, a stale one without levels stands between.
 */
export async function snapshotBooks(
  partitions: readonly SelectedPartition[],
  levels: number,
  maxAge: number,
  [fromTime, until]: readonly [number, number],
): Promise<{ readonly instruments: SnapshotBooks[]; readonly levels: number }> {
  const found = new Map<string, Rows>();
  let held = 1;
  for (const partition of partitions)
    for await (const { block, runs } of partitionBatches(partition))
      for (const { code, from, to } of runs) {
        if (!partition.wanted[code]) continue;
        const name = partition.names[code]!;
        const rows = found.get(name) ?? { units: [], held: [], part: [], time: [], known: [], cells: [] };
        found.set(name, rows);
        rows.units.push(unitsOf(partition.instruments[code]!));
        let own = 1;
        while (own < levels && block.columns.has(`bid_price_${own + 1}`)) own++;
        rows.held.push(own);
        held = Math.max(held, own);
        const columns = Array.from({ length: own }, (_, l) =>
          ['bid_price', 'bid_size', 'ask_price', 'ask_size'].map((what) =>
            block.columns.get(`${what}_${l + 1}`),
          ),
        ).flat();
        const received = block.columns.get('recv_ts') as Float64Array | undefined;
        for (let i = from; i < to; i++) {
          const ts = block.ts[i]!;
          if (ts < fromTime || ts >= until) continue;
          rows.part.push(rows.units.length - 1);
          rows.time.push(ts);
          rows.known.push(Math.max(ts, received?.[i] || 0));
          for (const column of columns) {
            const value = column?.[i];
            rows.cells.push(value === null || value === undefined ? Number.NaN : Number(value));
          }
        }
      }
  const instruments = [...found.keys()]
    .filter((name) => found.get(name)!.time.length > 0)
    .sort()
    .map((name) => statesOf(name, found.get(name)!, held, maxAge));
  return { instruments, levels: held };
}

function statesOf(instrument: string, rows: Rows, levels: number, maxAge: number): SnapshotBooks {
  const [price, size] = (['price', 'size'] as const).map((what) =>
    commonUnit(
      rows.units.map((units) => units[what]),
      `${instrument} ${what} unit`,
    ),
  ) as [CommonUnit, CommonUnit];
  // the first µs at which a state is older than allowed, as in a replay
  const staleAt = rows.time.map((t) => t + maxAge + 1);
  const stale = staleAt.map((t, i) => i + 1 < rows.time.length && rows.time[i + 1]! > t);
  const count = rows.time.length + stale.filter(Boolean).length;
  const columns: Record<string, Float64Array> = {};
  for (const what of ['ts', 'recv_ts', 'seq']) columns[what] = new Float64Array(count).fill(Number.NaN);
  for (let l = 1; l <= levels; l++)
    for (const what of ['bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'])
      columns[`${what}_${l}`] = new Float64Array(count).fill(Number.NaN);
  const state = new Uint8Array(count);
  const places = Object.values(columns).slice(3);
  let n = 0;
  let cell = 0;
  rows.time.forEach((t, i) => {
    columns.ts![n] = t;
    columns.recv_ts![n] = rows.known[i]!;
    const part = rows.part[i]!;
    for (let c = 0; c < 4 * rows.held[part]!; c++) {
      const factor = c % 2 === 0 ? price.factors[part]! : size.factors[part]!;
      places[c]![n] = rows.cells[cell++]! * factor;
    }
    state[n] = stateOf(places[0]![n]!, places[2]![n]!);
    n++;
    if (!stale[i]) return;
    columns.ts![n] = staleAt[i]!;
    columns.recv_ts![n] = Math.max(staleAt[i]!, rows.known[i]!);
    state[n] = STALE;
    n++;
  });
  return {
    ...{ instrument, units: { price: price.unit, size: size.unit } },
    states: { rows: count, columns, state },
  };
}

/** State of a book of these best prices, NaN where the side is empty. */
function stateOf(bid: number, ask: number): number {
  if (Number.isNaN(bid) && Number.isNaN(ask)) return EMPTY;
  if (Number.isNaN(bid) || Number.isNaN(ask)) return ONE_SIDED;
  return bid < ask ? OK : bid === ask ? LOCKED : CROSSED;
}
