import type { Carry } from '../../core/analytic.js';
import { isSuperseded } from '../../core/book-observations.js';
import { GAP } from '../../core/book-states.js';
import type { Column, Frame, Table } from '../../core/columns.js';
import type { ExactColumn } from '../../core/exact.js';
import type { Params } from './rules.js';
import type { Runs } from './runs.js';

/** What both backends compute of each run and level, in this order. */
export interface Flows {
  /** Σ e, lots. */
  readonly sum: ExactColumn;
  /** Change of bid + ask over the same events, ticks. */
  readonly moved: ExactColumn;
  readonly events: Uint32Array;
  readonly observations: Uint32Array;
}

/** Flows by bar and level. */
export function barTable(frame: Frame, runs: Runs, levels: number, flows: Flows): Table {
  const rows = runs.count * levels;
  const instrument = new Uint32Array(rows);
  const time = new Float64Array(rows);
  const level = new Uint32Array(rows);
  const known = new Float64Array(rows);
  for (let r = 0, at = 0; r < runs.count; r++)
    for (let l = 1; l <= levels; l++, at++) {
      instrument[at] = runs.instrument[r]!;
      time[at] = runs.start[r]!;
      level[at] = l;
      known[at] = runs.known[r]!;
    }
  const columns: Record<string, Column> = {
    ...{ instrument, time, level, known, ofi_sum: flows.sum, mid_moved: flows.moved },
    ...{ events: flows.events, observations: flows.observations },
    sampled: new Uint32Array(rows).fill(frame.step === undefined ? 0 : 1),
  };
  return { rows, columns };
}

/** Single events by observation and level; `e` holds those of each row and level of the frame, NaN without one. */
export function eventTable(frame: Frame, { levels, sameTs }: Params, e: Float64Array, carry: Carry): Table {
  const time = frame.columns.time as Float64Array;
  const available = frame.columns.available as Float64Array;
  const merged = sameTs === 'last';
  const out = { instrument: [], time: [], place: [], level: [], e: [], known: [] } as Record<
    string,
    number[]
  >;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    let known = carry.known![s]!;
    let place = 0;
    for (let i = frame.offsets[s]!; i < end; i++) {
      known = Math.max(known, available[i]!);
      place = !merged && i > frame.offsets[s]! && time[i] === time[i - 1] ? place + 1 : 0;
      if (isSuperseded(time, i, end, merged)) continue;
      for (let l = 0; l < levels; l++) {
        out.instrument!.push(s);
        out.time!.push(time[i]!);
        out.place!.push(place);
        out.level!.push(l + 1);
        out.e!.push(e[i * levels + l]!);
        out.known!.push(known);
      }
    }
  }
  const columns: Record<string, Column> = {
    ...{ instrument: Uint32Array.from(out.instrument!), time: Float64Array.from(out.time!) },
    ...{ place: Uint32Array.from(out.place!), level: Uint32Array.from(out.level!) },
    ...{ e: Float64Array.from(out.e!), available_at: Float64Array.from(out.known!) },
  };
  return { rows: out.e!.length, columns };
}

/** The last state of each instrument, for the rows to come; prices count from tick 0, as a later base may differ. */
export function carryOf(frame: Frame, levels: number, runs: Runs, carry: Carry): Carry {
  const stride = frame.strides!.bid_tick!;
  const state = carry.state!.slice();
  const known = carry.known!.slice();
  const quotes = carry.quotes!.slice();
  const names = ['bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'] as const;
  for (let r = 0; r < runs.count; r++) known[runs.instrument[r]!] = runs.known[r]!;
  frame.instruments.forEach(({ base }, s) => {
    const row = frame.offsets[s + 1]! - 1;
    if (row < frame.offsets[s]!) return;
    state[s] = (frame.columns.state as Uint32Array)[row]!;
    for (let l = 0; l < levels; l++)
      names.forEach((name, c) => {
        const value = l < stride ? (frame.columns[name] as Float64Array)[row * stride + l]! : 0;
        quotes[(s * levels + l) * 4 + c] = c % 2 === 0 ? base + value : value;
      });
  });
  return { state, known, quotes };
}

/** What is carried from tile to tile; before the first state there is a gap. */
export const carrySpec = {
  state: { type: 'u32', stride: 1, initial: GAP },
  known: { type: 'f64', stride: 1, initial: 0 },
  quotes: { type: 'f64', stride: ({ levels }: Params) => 4 * levels, initial: 0 },
} as const;
