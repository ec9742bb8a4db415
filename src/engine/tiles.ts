import type { AnyAnalytic, Tile } from '../core/analytic.js';
import type { Column, Frame } from '../core/columns.js';
import { bigAt, type ExactColumn, isExact, setBig } from '../core/exact.js';

/** Rows `[from, to)` of a frame, with the instruments they touch; columns are views, not copies. */
export function sliceFrame(frame: Frame, from: number, to: number): { frame: Frame; first: number } {
  const { offsets } = frame;
  let first = 0;
  while (first + 1 < offsets.length && offsets[first + 1]! <= from) first++;
  let last = first;
  while (last + 1 < offsets.length && offsets[last]! < to) last++;
  return { frame: cut(frame, first, last, from, to), first };
}

/** Whole instruments `[first, last)` of a frame. */
export const sliceInstruments = (frame: Frame, first: number, last: number): Frame =>
  cut(frame, first, last, frame.offsets[first]!, frame.offsets[last]!);

function cut(frame: Frame, first: number, last: number, from: number, to: number): Frame {
  if (from === 0 && to === frame.rows && first === 0 && last === frame.instruments.length) return frame;
  const offsets = new Uint32Array(last - first + 1);
  for (let s = 0; s < offsets.length; s++)
    offsets[s] = Math.min(to, Math.max(from, frame.offsets[first + s]!)) - from;
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(frame.columns)) {
    const stride = frame.strides?.[name] ?? 1;
    columns[name] = isExact(column)
      ? sliceExact(column, from, to)
      : column.subarray(from * stride, to * stride);
  }
  return {
    ...frame,
    instruments: frame.instruments.slice(first, last),
    offsets,
    rows: to - from,
    columns,
    stats: {
      ...frame.stats,
      tickMin: frame.stats.tickMin.subarray(first, last),
      tickMax: frame.stats.tickMax.subarray(first, last),
    },
  };
}

function sliceExact(column: ExactColumn, from: number, to: number): ExactColumn {
  const out: ExactColumn = { values: column.values.subarray(from, to), wide: undefined };
  if (column.wide) {
    const own: ExactColumn = { values: column.values.slice(from, to), wide: undefined };
    for (const row of column.wide.keys())
      if (row >= from && row < to) setBig(own, row - from, bigAt(column, row));
    return own;
  }
  return out;
}

/** Where a frame may be cut: before any row, where the time of a table changes, where an instrument begins, nowhere. */
export type CutAt = 'row' | 'time' | 'instrument' | 'never';

/** What an analytic's declaration and its merge classes allow. */
export function cutAt({ cut, outputs }: AnyAnalytic, frame: Frame): CutAt {
  if (cut !== undefined) return cut;
  const whole = Object.values(outputs).some(({ columns }) =>
    Object.values(columns).some(({ merge }) => merge === 'whole'),
  );
  // a trades frame cannot tell where cells end
  return whole ? (frame.kind === 'trades' ? 'instrument' : 'time') : 'row';
}

/**
 * Rows at which a frame is cut so that no tile has more than `maxRows`: at instruments where possible, inside
 * one only if it alone is larger.
 */
export function cutPositions(frame: Frame, maxRows: number, at: CutAt): number[] {
  if (at === 'never') return [];
  const cuts: number[] = [];
  let start = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    const end = frame.offsets[s + 1]!;
    if (end - start <= maxRows) continue;
    // close the tile before this instrument if anything is in it
    if (frame.offsets[s]! > start) {
      start = frame.offsets[s]!;
      cuts.push(start);
    }
    while (end - start > maxRows) {
      const row = alignCut(frame, start + maxRows, start, end, at);
      if (row >= end) break;
      cuts.push(row);
      start = row;
    }
  }
  return cuts;
}

/** The nearest allowed cut: `row` itself, or the next place before it or else after; `end` where there is none. */
export function alignCut(frame: Frame, row: number, start: number, end: number, at: CutAt): number {
  if (at === 'row') return row;
  if (at === 'never') return end;
  const time = at === 'time' ? (frame.columns.time as Float64Array) : undefined;
  const parts = (place: number): boolean =>
    (time !== undefined && time[place] !== time[place - 1]) || isOffset(frame.offsets, place);
  let place = row;
  while (place > start && !parts(place)) place--;
  if (place > start) return place;
  place = row;
  while (place < end && !parts(place)) place++;
  return place;
}

/** Whether an instrument begins at `row`. */
function isOffset(offsets: Uint32Array, row: number): boolean {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return offsets[low] === row;
}

/** The tile of driver rows [from, to); other inputs bring whole instruments. */
export function tileOf(
  inputs: Readonly<Record<string, Frame>>,
  driver: string,
  from: number,
  to: number,
): Tile {
  const { frame, first } = sliceFrame(inputs[driver]!, from, to);
  const out: Record<string, Frame> = {};
  for (const [name, input] of Object.entries(inputs))
    out[name] = name === driver ? frame : sliceInstruments(input, first, first + frame.instruments.length);
  return { inputs: out, firstInstrument: first };
}
