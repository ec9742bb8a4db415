import { POW10 } from '../table/number-encoder.js';
import { orderRows } from '../table/order.js';
import { Arena } from './arena.js';
import { type Block, type BlockColumn, type BlockInfo, isScaled } from './block.js';
import type { HeldColumn, RunBuffer } from './run-buffer.js';

export const DAY = 86_400e6;
/** Rows of a block: what a merge reads of a run at once. */
const BLOCK_ROWS = 16_384;
const SAFE = 2 ** 53;

/**
 * The buffer's rows as blocks: by day, as a merge reads them, then instrument number; each sorted by (ts, seq, arrival),
 * cut at 16,384 rows.
 * Also how many rows came out of order.
 */
export function* sortedBlocks(
  buffer: RunBuffer,
  late: { rows: number },
): Generator<{ info: BlockInfo; block: Block }> {
  const { rows, id } = buffer;
  let instruments = 0;
  for (let i = 0; i < rows; i++) if (id[i]! >= instruments) instruments = id[i]! + 1;
  const starts = new Uint32Array(instruments + 1);
  for (let i = 0; i < rows; i++) starts[id[i]! + 1]!++;
  for (let s = 0; s < instruments; s++) starts[s + 1]! += starts[s]!;
  const places = new Uint32Array(rows);
  const next = starts.slice();
  for (let i = 0; i < rows; i++) places[next[id[i]!]!++] = i;
  const arena = new Arena();
  const cut = new Pieces();
  for (let id = 0; id < instruments; id++) {
    const from = starts[id]!;
    const own = places.subarray(from, starts[id + 1]!);
    if (own.length === 0) continue;
    own.set(inOrder(buffer, own, late));
    for (let at = 0; at < own.length; ) {
      const day = Math.floor(buffer.ts[own[at]!]! / DAY);
      const end = Math.min(endOfDay(buffer.ts, own, at, (day + 1) * DAY), at + BLOCK_ROWS);
      cut.add(id, day, from + at, from + end);
      at = end;
    }
  }
  for (const piece of cut.byDay()) {
    const rows = places.subarray(cut.from[piece]!, cut.to[piece]!);
    yield blockOf(buffer, rows, cut.id[piece]!, cut.day[piece]!, arena);
  }
}

/** Pieces of the sorted rows: of an instrument and a day. A run may have hundreds of thousands: no object each. */
class Pieces {
  readonly id: number[] = [];
  readonly day: number[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(id: number, day: number, from: number, to: number): void {
    this.id.push(id);
    this.day.push(day);
    this.from.push(from);
    this.to.push(to);
  }

  /** Places by day, then instrument; the pieces of an instrument's day stay in order. */
  byDay(): Uint32Array {
    const places = Uint32Array.from(this.id, (_, i) => i);
    return places.sort((a, b) => this.day[a]! - this.day[b]! || this.id[a]! - this.id[b]! || a - b);
  }
}

/** Rows in (ts, seq, arrival) order; counts those that came later than a successor. */
function inOrder(buffer: RunBuffer, rows: Uint32Array, late: { rows: number }): Uint32Array {
  const seq = buffer.columns.get('seq')?.values;
  let lastTs = -1;
  let lastSeq = -1;
  let before = 0;
  for (let j = 0; j < rows.length; j++) {
    const t = buffer.ts[rows[j]!]!;
    const s = seq && seq[rows[j]!]! >= 0 ? seq[rows[j]!]! : -1;
    if (t < lastTs || (t === lastTs && s < lastSeq)) before++;
    else {
      lastTs = t;
      lastSeq = s;
    }
  }
  if (before === 0) return rows;
  late.rows += before;
  const order = orderRows(
    Float64Array.from(rows, (row) => buffer.ts[row]!),
    seq ? Float64Array.from(rows, (row) => seq[row]!) : undefined,
  );
  return order.map((at) => rows[at]!);
}

/** First place at or after `from` whose time is `end` or later. */
function endOfDay(ts: Float64Array, rows: Uint32Array, from: number, end: number): number {
  let lo = from;
  let hi = rows.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (ts[rows[mid]!]! < end) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

function blockOf(
  buffer: RunBuffer,
  rows: Uint32Array,
  id: number,
  day: number,
  arena: Arena,
): { info: BlockInfo; block: Block } {
  const n = rows.length;
  const gather = (from: Float64Array): Float64Array => {
    const to = arena.f64(n);
    for (let i = 0; i < n; i++) to[i] = from[rows[i]!]!;
    return to;
  };
  const [prices, sizes] = scaledColumns(buffer);
  const priceScale = scaleOf(prices, rows);
  const sizeScale = scaleOf(sizes, rows);
  let maxPrice = 0;
  let maxSize = 0;
  const present: string[] = [];
  const columns = new Map<string, BlockColumn>();
  for (const [name, column] of buffer.columns) {
    if (name === 'seq') continue;
    let values: BlockColumn;
    let any = true;
    if (column.held === 'scaled') {
      const isPrice = isScaled(buffer.kind, name) === 'price';
      const { integers, max } = rescaled(column, rows, isPrice ? priceScale : sizeScale, arena);
      if (isPrice) maxPrice = Math.max(maxPrice, max);
      else maxSize = Math.max(maxSize, max);
      any = max >= 0;
      values = integers;
    } else if (column.held === 'f64') {
      const numbers = gather(column.values);
      any = numbers.some((value) => !Number.isNaN(value));
      values = numbers;
    } else if (column.held === 'codes') {
      const codes = arena.u16(n);
      for (let i = 0; i < n; i++) codes[i] = column.codes[rows[i]!]!;
      values = codes;
    } else {
      const texts = Array.from(rows, (row) => column.texts[row] ?? null);
      any = texts.some((text) => text !== null);
      values = texts;
    }
    columns.set(name, values);
    if (any) present.push(name);
  }
  const seqs = buffer.columns.get('seq');
  const seq = seqs ? gather(seqs.values) : undefined;
  const hasSeq = seq?.some((value) => !Number.isNaN(value)) ?? false;
  if (hasSeq) present.push('seq');
  const source = arena.u32(n);
  for (let i = 0; i < n; i++) source[i] = buffer.source[rows[i]!]!;
  const block: Block = {
    rows: n,
    ts: gather(buffer.ts),
    seq: hasSeq ? seq : undefined,
    source,
    record: gather(buffer.record),
    columns,
  };
  return { info: { id, day, rows: n, priceScale, sizeScale, maxPrice, maxSize, present }, block };
}

function scaledColumns(buffer: RunBuffer): [HeldColumn[], HeldColumn[]] {
  const prices: HeldColumn[] = [];
  const sizes: HeldColumn[] = [];
  for (const [name, column] of buffer.columns)
    if (column.held === 'scaled') (isScaled(buffer.kind, name) === 'price' ? prices : sizes).push(column);
  return [prices, sizes];
}

/** Fewest decimals that hold every value: the encoder's scale may be finer than a value needs. */
function scaleOf(columns: readonly HeldColumn[], rows: Uint32Array): number {
  let need = 0;
  for (const { values, scale, wide } of columns)
    for (let i = 0; i < rows.length; i++) {
      let e = scale[rows[i]!]!;
      if (e <= need) continue;
      let n = values[rows[i]!]!;
      if (n === Number.POSITIVE_INFINITY) {
        let big = wide.get(rows[i]!)!.unscaled;
        for (; e > need && big % 10n === 0n; e--) big /= 10n;
      } else for (; e > need && n % 10 === 0; e--) n /= 10;
      if (e > need) need = e;
    }
  return need;
}

/** Values in one scale; as BigInt where one passes 2^53. `max` is -1 where all are null. */
function rescaled(
  column: HeldColumn,
  rows: Uint32Array,
  to: number,
  arena: Arena,
): { integers: Float64Array | (bigint | null)[]; max: number } {
  const { values, scale, wide } = column;
  const out = arena.f64(rows.length);
  let max = -1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const e = scale[row]!;
    let n = values[row]!;
    // finer than needed means trailing zeros: an exact division
    if (e < to) n *= POW10[to - e]!;
    else if (e > to) n /= POW10[e - to]!;
    out[i] = n;
    if (n > max) max = n;
  }
  if (max < SAFE) return { integers: out, max };
  const big = Array.from(rows, (row) => {
    const value = wide.get(row);
    const e = value?.scale ?? scale[row]!;
    if (value === undefined && Number.isNaN(values[row]!)) return null;
    const n = value?.unscaled ?? BigInt(values[row]!);
    return e <= to ? n * 10n ** BigInt(to - e) : n / 10n ** BigInt(e - to);
  });
  const top = big.reduce<bigint>((a, b) => (b !== null && b > a ? b : a), 0n);
  // finite, so that it survives JSON
  return { integers: big, max: Math.min(Number(top), 1e300) };
}
