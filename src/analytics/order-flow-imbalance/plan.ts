import type { Carry, Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { isObserved, isSuperseded } from '../../core/book-observations.js';
import { BOOK_STATES } from '../../core/book-states.js';
import type { Column, Frame } from '../../core/columns.js';
import { decodeWords } from '../../core/exact.js';
import { finestLevel } from '../../core/grid.js';
import type { Plan, Upload } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import type { Params } from './rules.js';
import { bookRuns, mostRows, type Runs } from './runs.js';
import { barTable, carryOf, eventTable } from './tables.js';

/** Rows a thread walks at most: long enough to amortise its start, short enough to share a long bar. */
const CHUNK = 256;
const CARRIED = 0xffffffff;
const NOTHING = 0xfffffffe;
const SUPERSEDED = 255;
/** Words of a run and level, and of a row and level. */
const CELL = 6;
const EVENT = 2;

const layouts = {
  flows: { runs: 'u32', levels: 'u32', stride: 'u32', observed: 'u32' },
} as const;

const runsOf = (frame: Frame, { every, sameTs }: Params, carry: Carry): Runs =>
  bookRuns(frame, finestLevel(every), sameTs === 'last', Math.min(CHUNK, mostRows(frame)), carry);

function plan({ tile, params, limits, workgroup, carry }: PlanContext<Params>): Plan {
  const frame = tile.inputs.book!;
  const { columns, rows } = frame;
  const { levels } = params;
  const stride = frame.strides!.bid_tick!;
  const runs = runsOf(frame, params, carry);
  const cells = runs.count * levels;
  const lotWords = [columns.bid_lots, columns.ask_lots].some((c) => c instanceof Float64Array) ? 2 : 1;
  const words = cells * CELL + (params.events ? rows * levels * EVENT : 0);
  const observed = BOOK_STATES.reduce(
    (bits, _, code) => bits | (Number(isObserved(code, params)) << code),
    0,
  );
  const records = runRecords(runs, carry, observed);
  const carried = carriedQuotes(frame, levels, carry);
  const scalars = packUniform(layouts.flows, { runs: runs.count, levels, stride, observed });
  const raw = (buffer: string, data: Column): Upload => ({ buffer, data, encode: 'raw' });
  const lots = (buffer: string): Upload => ({
    ...{ buffer, data: columns[buffer]!, encode: lotWords === 2 ? 'u64' : 'raw' },
  });
  return {
    buffers: {
      params: uniform(layouts.flows),
      runs: storage(records.length),
      state: storage(rows),
      bid_tick: storage(rows * stride),
      bid_lots: storage(rows * stride * lotWords),
      ask_tick: storage(rows * stride),
      ask_lots: storage(rows * stride * lotWords),
      carried: storage(carried.length),
      out: storage(words),
    },
    uploads: [
      raw('params', scalars),
      raw('runs', records),
      raw('state', observedStates(frame, params)),
      raw('bid_tick', columns.bid_tick!),
      lots('bid_lots'),
      raw('ask_tick', columns.ask_tick!),
      lots('ask_lots'),
      raw('carried', carried),
    ],
    dispatches: [
      {
        shader: 'flows',
        entry: 'flows',
        constants: {
          WG: workgroup,
          LOT_WORDS: lotWords,
          ZERO_FIRST: Number(params.first === 'zero'),
          EVENTS: Number(params.events),
        },
        bind: [
          ...['params', 'runs', 'state', 'bid_tick', 'bid_lots', 'ask_tick', 'ask_lots', 'carried'],
          'out',
        ],
        groups: gridGroups(cells, workgroup, limits),
      },
    ],
    reads: [{ name: 'out', buffer: 'out', words }],
  };
}

/** Four words a run, as the shader's struct. */
function runRecords(runs: Runs, carry: Carry, observed: number): Uint32Array {
  const out = new Uint32Array(runs.count * 4);
  for (let r = 0, at = 0; r < runs.count; r++, at += 4) {
    const s = runs.instrument[r]!;
    const before = runs.before[r]!;
    out[at] = runs.from[r]!;
    out[at + 1] = runs.to[r]!;
    out[at + 2] = before >= 0 ? before : (observed >> carry.state![s]!) & 1 ? CARRIED : NOTHING;
    out[at + 3] = s;
  }
  return out;
}

/** Prices about the frame's base, at the ends of an i32 where they lie beyond: only their order counts. */
function carriedQuotes({ instruments }: Frame, levels: number, carry: Carry): Uint32Array {
  const out = new Int32Array(instruments.length * levels * CELL);
  const quotes = carry.quotes!;
  for (let at = 0, from = 0; at < out.length; at += CELL, from += 4) {
    const { base } = instruments[Math.floor(from / 4 / levels)]!;
    for (const c of [0, 1]) {
      const lots = quotes[from + 2 * c + 1]!;
      out[at + c] = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, quotes[from + 2 * c]! - base));
      out[at + 2 + 2 * c] = lots % 2 ** 32;
      out[at + 3 + 2 * c] = Math.floor(lots / 2 ** 32);
    }
  }
  return new Uint32Array(out.buffer);
}

/** The states, with those marked in whose place a later one of the same time stands. */
function observedStates(frame: Frame, { sameTs }: Params): Uint32Array {
  const state = frame.columns.state as Uint32Array;
  if (sameTs !== 'last') return state;
  const time = frame.columns.time as Float64Array;
  const out = state.slice();
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    for (let i = frame.offsets[s]!; i < end; i++) if (isSuperseded(time, i, end, true)) out[i] = SUPERSEDED;
  }
  return out;
}

function decode(reads: Readonly<Record<string, Uint32Array>>, context: PlanContext<Params>): TileResult {
  const { tile, params, carry } = context;
  const frame = tile.inputs.book!;
  const { levels } = params;
  const runs = runsOf(frame, params, carry);
  const cells = runs.count * levels;
  const out = reads.out!;
  const words = (from: number, width: number): Uint32Array => {
    const column = new Uint32Array(cells * width);
    for (let i = 0; i < cells; i++)
      for (let w = 0; w < width; w++) column[i * width + w] = out[i * CELL + from + w]!;
    return column;
  };
  const flows = {
    sum: decodeWords(words(0, 2), cells, 2, true),
    moved: decodeWords(words(2, 2), cells, 2, true),
    events: words(4, 1),
    observations: words(5, 1),
  };
  const nothing = { ...frame, offsets: new Uint32Array(1), rows: 0 };
  const each = params.events ? decodeEvents(out.subarray(cells * CELL)) : new Float64Array(0);
  return {
    outputs: {
      bars: barTable(frame, runs, levels, flows),
      events: eventTable(params.events ? frame : nothing, params, each, carry),
    },
    carry: carryOf(frame, levels, runs, carry),
  };
}

/** Events, NaN where there is none: the one word pair that no event can be. */
function decodeEvents(words: Uint32Array): Float64Array {
  const { values } = decodeWords(words, words.length / EVENT, 2, true);
  for (let i = 0; i < values.length; i++)
    if (words[2 * i] === 0 && words[2 * i + 1] === 0x80000000) values[i] = Number.NaN;
  return values;
}

export const kernel: Kernel<Params> = {
  shaders: { flows: { file: new URL('../../../shaders/order-flow-imbalance.wgsl', import.meta.url) } },
  layouts,
  plan,
  decode,
};
