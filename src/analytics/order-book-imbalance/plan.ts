import type { Carry, Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { BOOK_STATES } from '../../core/book-states.js';
import type { Column, Frame } from '../../core/columns.js';
import { finestLevel } from '../../core/grid.js';
import type { Plan, Upload } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { decodeCarry, decodeMeasures, decodeStates, PIECE_WORDS } from './decode.js';
import { type Pieces, piecesOf } from './pieces.js';
import { bandFraction, deepest, type Params, sidesTaken, weightsOf } from './rules.js';
import { type Slots, slotsOf } from './slots.js';
import { stateTable } from './state-table.js';
import { barTables } from './tables.js';

/** Intervals a thread adds up at most: long enough to amortise its start, short enough to share a long bar. */
const CHUNK = 256;
/** Words of a slot. */
const SLOT = 4;
/** Words of a piece's record. */
const RECORD = 8;

const layouts = {
  states: {
    rows: 'u32',
    instruments: 'u32',
    stride: 'u32',
    depth: 'u32',
    deepest: 'u32',
    slots: 'u32',
    counts: 'u32',
    bands: 'u32',
    both: 'u32',
    one: 'u32',
  },
  bars: { pieces: 'u32', slots: 'u32', instruments: 'u32', of_levels: 'u32', of_bands: 'u32' },
} as const;

const shader = (pass: string) => ({
  file: new URL(`../../../shaders/order-book-imbalance.${pass}.wgsl`, import.meta.url),
});

function plan(context: PlanContext<Params>): Plan {
  const { tile, params, limits, workgroup, carry } = context;
  const frame = tile.inputs.book!;
  const { columns, rows, offsets } = frame;
  const instruments = offsets.length - 1;
  const stride = frame.strides!.bid_tick!;
  const slots = slotsOf(params);
  const records = pieceRecords(frame, piecesIn(context));
  const pieces = records.length / RECORD;
  const cells = pieces * slots.count;
  const wide = [columns.bid_lots, columns.ask_lots].some((c) => c instanceof Float64Array);
  const lists = listsOf(frame, params);
  const places = (instruments + rows) * slots.count * SLOT;
  const taken = (bit: number): number =>
    BOOK_STATES.reduce((bits, _, code) => bits | (Number(sidesTaken(code, params) === bit) << code), 0);
  const raw = (buffer: string, data: Column): Upload => ({ buffer, data, encode: 'raw' });
  const lots = (buffer: string): Upload => ({ buffer, data: columns[buffer]!, encode: wide ? 'f64' : 'raw' });
  const levelWords = rows * stride * (wide ? 2 : 1);
  return {
    buffers: {
      statesParams: uniform(layouts.states),
      barsParams: uniform(layouts.bars),
      lists: storage(lists.length),
      state: storage(rows),
      bid_tick: storage(rows * stride),
      bid_lots: storage(levelWords),
      ask_tick: storage(rows * stride),
      ask_lots: storage(levelWords),
      time: storage(rows * 2),
      pieces: storage(records.length),
      values: storage(places),
      out: storage(cells * PIECE_WORDS),
    },
    uploads: [
      raw(
        'statesParams',
        packUniform(layouts.states, {
          ...{ rows, instruments, stride, depth: params.depth, slots: slots.count, counts: slots.levels },
          ...{ deepest: deepest(params), bands: slots.bands, both: taken(1), one: taken(2) },
        }),
      ),
      raw(
        'barsParams',
        packUniform(layouts.bars, {
          ...{ pieces, slots: slots.count, instruments },
          ...{ of_levels: slots.ofLevels, of_bands: slots.ofBands },
        }),
      ),
      raw('lists', lists),
      raw('state', columns.state!),
      raw('bid_tick', columns.bid_tick!),
      lots('bid_lots'),
      raw('ask_tick', columns.ask_tick!),
      lots('ask_lots'),
      { buffer: 'time', data: columns.time!, encode: 'u64' },
      raw('pieces', records),
      raw('values', carriedSlots(slots, carry)),
    ],
    dispatches: [
      {
        shader: 'states',
        entry: 'states',
        constants: {
          WG: workgroup,
          LOT_WORDS: wide ? 2 : 1,
          WEIGHTS: params.weights === 'uniform' ? 0 : params.weights === 'linear' ? 2 : 1,
          ONE_SIDED_ZERO: Number(params.oneSided === 'zero'),
          NOTIONAL: Number(params.measure === 'notional'),
          WHOLE: bandFraction(0).den,
        },
        bind: [
          ...['statesParams', 'lists', 'state', 'bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'],
          'values',
        ],
        groups: gridGroups(rows, workgroup, limits),
      },
      {
        shader: 'bars',
        entry: 'bars',
        constants: { WG: workgroup },
        bind: ['barsParams', 'pieces', 'time', 'values', 'out'],
        groups: gridGroups(cells, workgroup, limits),
      },
    ],
    reads: [
      { name: 'out', buffer: 'out', words: cells * PIECE_WORDS },
      ...(params.events ? [{ name: 'values', buffer: 'values', words: places }] : []),
    ],
  };
}

const piecesIn = ({ tile, params, carry }: PlanContext<Params>): Pieces =>
  piecesOf(tile.inputs.book!, finestLevel(params.every), params, carry, CHUNK);

/** Eight words a piece, as the shader's struct; behind them 1 µs of each instrument's last state, to be carried on. */
function pieceRecords({ offsets, columns }: Frame, pieces: Pieces): Uint32Array {
  const time = columns.time as Float64Array;
  const instruments = offsets.length - 1;
  const out: number[] = [];
  const put = (window: number, length: number, lead: number, closing: number, n: number, state: number) =>
    out.push(window % 2 ** 32, Math.floor(window / 2 ** 32), length, lead, closing, n, state, 0);
  for (let p = 0; p < pieces.count; p++) {
    const s = pieces.instrument[p]!;
    const closing = pieces.closing[p]!;
    const state = closing === offsets[s] ? s : instruments + closing - 1;
    put(pieces.window[p]!, pieces.length[p]!, pieces.lead[p]!, closing, pieces.intervals[p]!, state);
  }
  for (let s = 0; s < instruments; s++) {
    const last = offsets[s + 1]! - 1;
    if (last >= offsets[s]!) put(time[last]! - 1, 1, 0, last, 1, instruments + last);
  }
  return Uint32Array.from(out);
}

/** Offsets, bases, counts of levels, weights and bands, one after the other. */
function listsOf({ offsets, instruments }: Frame, params: Params): Uint32Array {
  const bases = instruments.flatMap(({ base }) => [base, Math.floor(base / 2 ** 32)]);
  const bands = params.bands.map((band) => bandFraction(band).num);
  const weights = new Uint32Array(weightsOf(params).buffer);
  // a typed array takes the low word of a base, two's complement
  const words = [offsets, bases, params.levels, weights, bands];
  const out = new Uint32Array(words.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of words) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** States carried in, as the shader writes those of rows. */
function carriedSlots({ count, ofLevels }: Slots, carry: Carry): Uint32Array {
  const values = carry.values as Float64Array;
  const bits = new Uint32Array(values.slice().buffer);
  const out = new Uint32Array(values.length * SLOT);
  for (let i = 0, at = 0; i < values.length; i++, at += SLOT) {
    const value = values[i]!;
    out[at + 3] = carry.extra![i]!;
    if (Number.isNaN(value)) continue;
    const ratio = i % count >= ofLevels;
    out[at] = ratio ? bits[2 * i]! : value;
    out[at + 1] = ratio ? bits[2 * i + 1]! : Math.floor(value / 2 ** 32);
    out[at + 2] = 1;
  }
  return out;
}

function decode(reads: Readonly<Record<string, Uint32Array>>, context: PlanContext<Params>): TileResult {
  const { tile, params, carry } = context;
  const frame = tile.inputs.book!;
  const slots = slotsOf(params);
  const pieces = piecesIn(context);
  const measures = decodeMeasures(reads.out!, pieces.count * slots.count);
  const states = params.events ? decodeStates(reads.values!, frame, slots) : undefined;
  return {
    outputs: {
      ...barTables(frame, params, slots, pieces, measures),
      states: stateTable(frame, params, states, carry),
    },
    carry: {
      ...decodeCarry(reads.out!, pieces.count * slots.count, frame, params, slots, carry),
      known: pieces.latest,
    },
  };
}

export const kernel: Kernel<Params> = {
  shaders: { states: shader('states'), bars: shader('bars') },
  layouts,
  plan,
  decode,
};
