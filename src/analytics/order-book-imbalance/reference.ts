import type { Carry, Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { finestLevel } from '../../core/grid.js';
import { BookState } from './book-state.js';
import { type Pieces, piecesOf, usable } from './pieces.js';
import type { Params } from './rules.js';
import { LIMB, type Measures, NOT_COVERED, RATIO_BITS, slotsOf } from './slots.js';
import { type States, stateTable } from './state-table.js';
import { barTables } from './tables.js';

/** State by state, each added to its piece by the time it lasts. */
export function reference(tile: Tile, params: Params, carry: Carry): TileResult {
  const frame = tile.inputs.book!;
  const slots = slotsOf(params);
  const pieces = piecesOf(frame, finestLevel(params.every), params, carry, Number.POSITIVE_INFINITY);
  const state = new BookState(frame, params, slots);
  const measures = integrate(frame, pieces, state, carry);
  const last = lastStates(frame, state, carry);
  const each = params.events ? eachState(frame, state) : undefined;
  return {
    outputs: {
      ...barTables(frame, params, slots, pieces, measures),
      states: stateTable(frame, params, each, carry),
    },
    carry: { ...last, known: pieces.latest },
  };
}

/** Sums of every piece. */
function integrate(frame: Frame, pieces: Pieces, state: BookState, carry: Carry): Measures {
  const { slots, values, extra } = state;
  const { count, ofLevels, ofBands } = slots;
  const time = frame.columns.time as Float64Array;
  const cells = pieces.count * count;
  const out = {
    top: new Float64Array(cells),
    middle: new Float64Array(cells),
    low: new Float64Array(cells),
    covered: new Uint32Array(cells),
    extra: new Uint32Array(cells),
    first: new Float64Array(cells).fill(Number.NaN),
    last: new Float64Array(cells).fill(Number.NaN),
  };
  /** Row whose state is loaded; -1 the one carried in. */
  let loaded = -2;
  for (let p = 0; p < pieces.count; p++) {
    const s = pieces.instrument[p]!;
    const closing = pieces.closing[p]!;
    const window = pieces.window[p]!;
    const at = p * count;
    out.extra.fill(NOT_COVERED, at + ofLevels, at + ofBands);
    for (let n = 0; n < pieces.intervals[p]!; n++) {
      const row = closing + n === frame.offsets[s] ? -1 : closing + n - 1;
      if (row !== loaded || row === -1) {
        state.instrument = s;
        if (row === -1) state.restore(carry, s);
        else state.load(row);
        loaded = row;
      }
      const begin = n === 0 ? pieces.lead[p]! : time[row]! - window;
      const lasts = Math.min(time[closing + n]! - window, pieces.length[p]!) - begin;
      if (n === 0) out.first.set(values, at);
      if (lasts === 0) continue;
      for (let slot = 0; slot < count; slot++) {
        const value = values[slot]!;
        const cell = at + slot;
        if (slot >= ofBands) out.extra[cell]! += extra[slot]! * lasts;
        if (Number.isNaN(value)) continue;
        if (slot >= ofLevels && slot < ofBands) out.extra[cell] = Math.min(out.extra[cell]!, extra[slot]!);
        out.covered[cell]! += lasts;
        out.last[cell] = value;
        const whole = slot < ofLevels ? value : nearest(value * 2 ** RATIO_BITS);
        const top = Math.trunc(whole / LIMB ** 2);
        const rest = whole - top * LIMB ** 2;
        const middle = Math.trunc(rest / LIMB);
        out.top[cell]! += top * lasts;
        out.middle[cell]! += middle * lasts;
        out.low[cell]! += (rest - middle * LIMB) * lasts;
      }
    }
  }
  return out;
}

/** The nearest integer, halves away from zero. */
function nearest(x: number): number {
  const whole = Math.trunc(x);
  const rest = x - whole;
  return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole;
}

/** What the next tile needs: the last state of each instrument. */
function lastStates(frame: Frame, state: BookState, carry: Carry): Carry {
  const { count } = state.slots;
  const out = {
    values: Float64Array.from(carry.values!),
    extra: Uint32Array.from(carry.extra!),
    time: Float64Array.from(carry.time!),
    usable: Uint32Array.from(carry.usable!),
  };
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const row = frame.offsets[s + 1]! - 1;
    if (row < frame.offsets[s]!) continue;
    state.instrument = s;
    state.load(row);
    out.values.set(state.values, s * count);
    out.extra.set(state.extra, s * count);
    out.time[s] = (frame.columns.time as Float64Array)[row]!;
    out.usable[s] = Number(usable(frame, row, state.params));
  }
  return out;
}

function eachState(frame: Frame, state: BookState): States {
  const { levels, ofLevels } = state.slots;
  const obi = new Float64Array(frame.rows * levels);
  const used = new Uint32Array(frame.rows * levels);
  for (let row = 0; row < frame.rows; row++) {
    state.load(row);
    obi.set(state.values.subarray(ofLevels, ofLevels + levels), row * levels);
    used.set(state.extra.subarray(ofLevels, ofLevels + levels), row * levels);
  }
  return { obi, used };
}
