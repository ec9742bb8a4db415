import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { orderRows } from '../table/order.js';
import type { Block, BlockColumn } from './block.js';
import { repeats } from './repeats.js';

/** Blocks of one instrument and day from one run, each sorted and none overlapping the next, read when needed. */
export type BlockQueue = readonly (() => Block | Promise<Block>)[];

/** Told of each row of a block that is left out. */
export type Dropped = (block: Block, row: number, reason: LedgerReason) => void;

/**
 * Merges queues into one sorted, duplicate-free stream of blocks: by (ts, seq), then queue, then place. Only one block
 * of each queue is in memory, more where one timestamp spans several.
 */
export async function* mergeBlocks(
  kind: KindName,
  queues: readonly BlockQueue[],
  dropped: Dropped,
): AsyncGenerator<Block> {
  const loaded: Block[][] = queues.map(() => []);
  const next = queues.map(() => 0);
  const load = async (q: number): Promise<void> => {
    const block = await queues[q]![next[q]!++]!();
    if (block.rows > 0) loaded[q]!.push(block);
  };
  const more = (q: number): boolean => next[q]! < queues[q]!.length;
  const lastTs = (q: number): number => loaded[q]!.at(-1)!.ts.at(-1)!;
  for (;;) {
    // rows before `bound` are complete: no queue can still bring one
    let bound = Number.POSITIVE_INFINITY;
    for (let q = 0; q < queues.length; q++) {
      while (loaded[q]!.length === 0 && more(q)) await load(q);
      if (more(q)) bound = Math.min(bound, lastTs(q));
    }
    const pieces: Block[] = [];
    for (let q = 0; q < queues.length; q++) {
      const rest: Block[] = [];
      for (const block of loaded[q]!) {
        const end = firstAtOrAfter(block.ts, bound);
        if (end > 0) pieces.push(end === block.rows ? block : slice(block, 0, end));
        if (end < block.rows) rest.push(end === 0 ? block : slice(block, end, block.rows));
      }
      loaded[q] = rest;
    }
    if (pieces.length > 0) {
      const merged = sorted(joined(pieces));
      const drops = repeats(kind, merged);
      if (drops !== undefined)
        for (let i = 0; i < merged.rows; i++)
          if (drops[i] !== 0) dropped(merged, i, drops[i] === 1 ? 'duplicate' : 'conflict');
      const kept = drops === undefined ? merged : pick(merged, keptRows(drops));
      if (kept.rows > 0) yield kept;
    } else if (bound === Number.POSITIVE_INFINITY) return;
    // one timestamp fills all that is loaded of some queue: more of it is needed
    else for (let q = 0; q < queues.length; q++) if (more(q) && lastTs(q) === bound) await load(q);
  }
}

/** Rows in the order of `rows`. */
export function pick(block: Block, rows: Uint32Array): Block {
  const columns = new Map<string, BlockColumn>();
  for (const [name, column] of block.columns) columns.set(name, picked(column, rows));
  return {
    rows: rows.length,
    ts: picked(block.ts, rows) as Float64Array,
    seq: block.seq && (picked(block.seq, rows) as Float64Array),
    source: block.source && Uint32Array.from(rows, (row) => block.source![row]!),
    record: block.record && (picked(block.record, rows) as Float64Array),
    columns,
  };
}

function picked(column: BlockColumn, rows: Uint32Array): BlockColumn {
  if (column instanceof Float64Array) {
    const out = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
    return out;
  }
  if (column instanceof Uint16Array) return Uint16Array.from(rows, (row) => column[row]!);
  return Array.from(rows, (row) => column[row]!) as BlockColumn;
}

/** Rows `[from, to)`, numbers as views. */
function slice(block: Block, from: number, to: number): Block {
  const columns = new Map<string, BlockColumn>();
  const cut = (column: BlockColumn): BlockColumn =>
    column instanceof Float64Array || column instanceof Uint16Array
      ? column.subarray(from, to)
      : (column.slice(from, to) as BlockColumn);
  for (const [name, column] of block.columns) columns.set(name, cut(column));
  return {
    rows: to - from,
    ts: block.ts.subarray(from, to),
    seq: block.seq?.subarray(from, to),
    source: block.source?.subarray(from, to),
    record: block.record?.subarray(from, to),
    columns,
  };
}

function joined(pieces: readonly Block[]): Block {
  if (pieces.length === 1) return pieces[0]!;
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
  const f64 = (of: (piece: Block) => Float64Array | undefined): Float64Array | undefined => {
    if (pieces.every((piece) => of(piece) === undefined)) return undefined;
    const out = new Float64Array(rows).fill(Number.NaN);
    let at = 0;
    for (const piece of pieces) {
      const part = of(piece);
      if (part) out.set(part, at);
      at += piece.rows;
    }
    return out;
  };
  const columns = new Map<string, BlockColumn>();
  for (const name of new Set(pieces.flatMap((piece) => [...piece.columns.keys()])))
    columns.set(name, joinedColumn(pieces, name, rows));
  const source = new Uint32Array(rows).fill(NO_SOURCE);
  let at = 0;
  for (const piece of pieces) {
    if (piece.source) source.set(piece.source, at);
    at += piece.rows;
  }
  return {
    rows,
    ts: f64((piece) => piece.ts)!,
    seq: f64((piece) => piece.seq),
    source,
    record: f64((piece) => piece.record),
    columns,
  };
}

/** Source of a row that the dataset already had. */
export const NO_SOURCE = 0xffffffff;

function joinedColumn(pieces: readonly Block[], name: string, rows: number): BlockColumn {
  const parts = pieces.map((piece) => piece.columns.get(name));
  if (parts.every((part) => part === undefined || part instanceof Uint16Array)) {
    const out = new Uint16Array(rows);
    let at = 0;
    pieces.forEach((piece, p) => {
      if (parts[p]) out.set(parts[p] as Uint16Array, at);
      at += piece.rows;
    });
    return out;
  }
  if (parts.every((part) => part === undefined || part instanceof Float64Array)) {
    const out = new Float64Array(rows).fill(Number.NaN);
    let at = 0;
    pieces.forEach((piece, p) => {
      if (parts[p]) out.set(parts[p] as Float64Array, at);
      at += piece.rows;
    });
    return out;
  }
  // texts, or integers of which some piece holds ones beyond 2^53
  const big = parts.some((part) => Array.isArray(part) && part.some((value) => typeof value === 'bigint'));
  const out: unknown[] = [];
  pieces.forEach((piece, p) => {
    const part = parts[p];
    for (let i = 0; i < piece.rows; i++) {
      const value = part?.[i] ?? null;
      out.push(big && typeof value === 'number' ? (Number.isNaN(value) ? null : BigInt(value)) : value);
    }
  });
  return out as BlockColumn;
}

function sorted(block: Block): Block {
  const { ts, seq, rows } = block;
  let inOrder = true;
  for (let i = 1; inOrder && i < rows; i++)
    inOrder =
      ts[i]! > ts[i - 1]! ||
      (ts[i] === ts[i - 1] && (seq === undefined || rank(seq[i]!) >= rank(seq[i - 1]!)));
  return inOrder ? block : pick(block, orderRows(ts, seq));
}

const rank = (seq: number): number => (seq >= 0 ? seq : -1);

function keptRows(drops: Uint8Array): Uint32Array {
  const rows = new Uint32Array(drops.length);
  let n = 0;
  for (let i = 0; i < drops.length; i++) if (drops[i] === 0) rows[n++] = i;
  return rows.subarray(0, n);
}

function firstAtOrAfter(ts: Float64Array, bound: number): number {
  let lo = 0;
  let hi = ts.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (ts[mid]! < bound) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
