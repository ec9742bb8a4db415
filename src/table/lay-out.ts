import type { TimeBase } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { KeptRows } from './keep-rows.js';
import { POW10 } from './number-encoder.js';
import type { TradeStage } from './stage-trades.js';

export interface LaidOut {
  readonly rows: number;
  readonly offsets: Uint32Array;
  readonly bases: number[];
  readonly time: TimeBase;
  readonly clockSkew: number;
  readonly columns: {
    time: Uint32Array;
    fine?: Uint32Array;
    tick: Int32Array;
    size: Uint32Array;
    sizeHi?: Uint32Array;
    available?: Float64Array;
  };
}

const shared = (rows: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(rows * 4));

/** Kept rows of the instruments `order` as physical columns. */
export function layOut(stage: TradeStage, kept: KeptRows, order: readonly number[]): LaidOut {
  const { staging } = stage;
  const n = stage.symbols.length;
  const offsets = new Uint32Array(new SharedArrayBuffer((order.length + 1) * 4));
  order.forEach((s, i) => {
    offsets[i + 1] = offsets[i]! + kept.counts[s]!;
  });
  const rows = offsets[order.length]!;
  const cursor = new Uint32Array(n);
  order.forEach((s, i) => {
    cursor[s] = offsets[i]!;
  });
  const to = placeOf(stage, kept, cursor);
  const base = new Float64Array(n);
  const { time, from, unit } = timeBase(stage, kept.drop);
  const columns: LaidOut['columns'] = {
    time: shared(rows),
    tick: new Int32Array(new SharedArrayBuffer(rows * 4)),
    size: shared(rows),
  };
  const fine = unit > 1 ? shared(rows) : undefined;
  const available = staging.hasReceived ? new Float64Array(new SharedArrayBuffer(rows * 8)) : undefined;
  let sizeHi: Uint32Array | undefined;
  let anyFine = false;
  let anyReceived = false;
  let clockSkew = 0;
  const bases = basesOf(stage, kept, order);
  order.forEach((s, i) => {
    base[s] = bases[i]!;
  });
  let row = 0;
  for (const chunk of staging.chunks) {
    const end = Math.min(staging.rows - row, chunk.id.length);
    for (let i = 0; i < end; i++, row++) {
      if (kept.drop !== undefined && kept.drop[row] !== 0) continue;
      const s = chunk.id[i]!;
      const at = to === undefined ? cursor[s]!++ : to[row]!;
      const meta = chunk.meta[i]!;
      const elapsed = chunk.time[i]! - from;
      const whole = Math.floor(elapsed / unit);
      columns.time[at] = whole;
      if (fine !== undefined) {
        const rest = elapsed - whole * unit;
        fine[at] = rest;
        if (rest !== 0) anyFine = true;
      }
      columns.tick[at] = chunk.price[i]! * POW10[stage.price.scale[s]! - ((meta >> 2) & 31)]! - base[s]!;
      const lots = chunk.size[i]! * POW10[stage.size.scale[s]! - (meta >> 7)]!;
      if (lots < 1073741824) columns.size[at] = (lots << 2) | (meta & 3);
      else {
        sizeHi ??= shared(rows);
        if (lots < 2 ** 53) {
          const high = Math.floor(lots / 1073741824);
          sizeHi[at] = high;
          columns.size[at] = (lots - high * 1073741824) * 4 + (meta & 3);
        } else {
          const exact = stage.exactLots(row, s);
          sizeHi[at] = Number(exact >> 30n);
          columns.size[at] = Number(exact & 0x3fffffffn) * 4 + (meta & 3);
        }
      }
      if (available !== undefined) {
        const received = chunk.received === undefined ? Number.NaN : chunk.received[i]!;
        if (received < chunk.time[i]!) clockSkew++;
        if (!Number.isNaN(received)) anyReceived = true;
        // NaN compares false: a row without a local stamp is available at its own time
        const late = received > chunk.time[i]!;
        available[at] = late ? received : chunk.time[i]!;
      }
    }
  }
  if (anyFine && fine) columns.fine = fine;
  if (sizeHi) columns.sizeHi = sizeHi;
  if (anyReceived && available) columns.available = available;
  return { rows, offsets, bases, time, clockSkew, columns };
}

/** Destination by staged row; undefined if rows simply follow their instrument's cursor. */
function placeOf(stage: TradeStage, kept: KeptRows, cursor: Uint32Array): Uint32Array | undefined {
  if (kept.ordered.size === 0) return undefined;
  const { staging } = stage;
  const to = new Uint32Array(staging.rows);
  const next = cursor.slice();
  const inOrder = stage.symbols.map((_, s) => !kept.ordered.has(s));
  for (let row = 0, c = 0; row < staging.rows; c++) {
    const { id } = staging.chunks[c]!;
    const end = Math.min(staging.rows, row + id.length);
    for (let i = 0; row < end; i++, row++)
      if (inOrder[id[i]!] && !kept.drop?.[row]) to[row] = next[id[i]!]!++;
  }
  for (const [s, rows] of kept.ordered) for (let i = 0; i < rows.length; i++) to[rows[i]!] = cursor[s]! + i;
  return to;
}

/** Tick number of each instrument's first kept row. */
function basesOf(stage: TradeStage, kept: KeptRows, order: readonly number[]): number[] {
  const { staging } = stage;
  const first = new Float64Array(stage.symbols.length).fill(-1);
  let missing = order.length;
  for (const [s, rows] of kept.ordered)
    if (rows.length > 0) {
      first[s] = rows[0]!;
      missing--;
    }
  for (let row = 0, c = 0; row < staging.rows && missing > 0; c++) {
    const { id } = staging.chunks[c]!;
    const end = Math.min(staging.rows, row + id.length);
    for (let i = 0; row < end && missing > 0; i++, row++)
      if (first[id[i]!] === -1 && !kept.drop?.[row]) {
        first[id[i]!] = row;
        missing--;
      }
  }
  return order.map((s) => {
    const row = first[s]!;
    return staging.get('price', row) * POW10[stage.price.scale[s]! - ((staging.get('meta', row) >> 2) & 31)]!;
  });
}

/** The finest unit of 1, 1,000 and 1,000,000 µs at which the span fits 31 bits. */
function timeBase(
  stage: TradeStage,
  drop: Uint8Array | undefined,
): { time: TimeBase; from: number; unit: number } {
  const { staging } = stage;
  let min = staging.minTime;
  let max = staging.maxTime;
  // rows dropped since may have been the ends
  if (drop !== undefined) {
    min = Number.POSITIVE_INFINITY;
    max = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < staging.rows; row++) {
      if (drop[row] !== 0) continue;
      const t = staging.get('time', row);
      if (t < min) min = t;
      if (t > max) max = t;
    }
  }
  const base = max < min ? 0 : Math.floor(min / 1e6) * 1e6;
  const unit = [1, 1000, 1_000_000].find((u) => Math.floor((max - base) / u) < 2 ** 31);
  if (unit === undefined)
    throw new InputError(
      'time span',
      `${new Date(min / 1000).toISOString()} to ${new Date(max / 1000).toISOString()}`,
      'must be below 68 years',
    );
  return { time: { base, unit }, from: base, unit };
}
