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
  const sums = new Sums(pieces.count * count);
  /** Row whose state is loaded; -1 the one carried in. */
  let loaded = -2;
  for (let p = 0; p < pieces.count; p++) {
    const s = pieces.instrument[p]!;
    const closing = pieces.closing[p]!;
    const window = pieces.window[p]!;
    const length = pieces.length[p]!;
    const at = p * count;
    sums.extra.fill(NOT_COVERED, at + ofLevels, at + ofBands);
    let begin = pieces.lead[p]!;
    for (let n = 0; n < pieces.intervals[p]!; n++) {
      const row = closing + n === frame.offsets[s] ? -1 : closing + n - 1;
      if (row !== loaded || row === -1) {
        state.instrument = s;
        if (row === -1) state.restore(carry, s);
        else state.load(row);
        loaded = row;
      }
      if (n === 0) for (let slot = ofLevels; slot < count; slot++) sums.first[at + slot] = values[slot]!;
      const end = Math.min(time[closing + n]! - window, length);
      const lasts = end - begin;
      begin = end;
      if (lasts === 0) continue;
      for (let slot = 0; slot < ofLevels; slot++) sums.add(at + slot, values[slot]!, lasts);
      for (let slot = ofLevels; slot < ofBands; slot++)
        if (sums.addRatio(at + slot, values[slot]!, lasts) && extra[slot]! < sums.extra[at + slot]!)
          sums.extra[at + slot] = extra[slot]!;
      for (let slot = ofBands; slot < count; slot++) {
        sums.addRatio(at + slot, values[slot]!, lasts);
        if (extra[slot] === 1) sums.extra[at + slot] = sums.extra[at + slot]! + lasts;
      }
    }
  }
  return sums;
}

const LIMB2 = LIMB * LIMB;
const SHARE = 1 / LIMB;
const SHARE2 = 1 / LIMB2;
const RATIO = 2 ** RATIO_BITS;

class Sums implements Measures {
  readonly top: Float64Array;
  readonly middle: Float64Array;
  readonly low: Float64Array;
  readonly covered: Uint32Array;
  readonly extra: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;

  constructor(cells: number) {
    this.top = new Float64Array(cells);
    this.middle = new Float64Array(cells);
    this.low = new Float64Array(cells);
    this.covered = new Uint32Array(cells);
    this.extra = new Uint32Array(cells);
    this.first = new Float64Array(cells).fill(Number.NaN);
    this.last = new Float64Array(cells).fill(Number.NaN);
  }

  /** Adds a whole number, limb by limb, unless it is null. */
  add(cell: number, value: number, lasts: number): void {
    if (Number.isNaN(value)) return;
    this.covered[cell] = this.covered[cell]! + lasts;
    if (value < LIMB && value > -LIMB) {
      this.low[cell] = this.low[cell]! + value * lasts;
      return;
    }
    const top = Math.trunc(value * SHARE2);
    const rest = value - top * LIMB2;
    const middle = Math.trunc(rest * SHARE);
    this.top[cell] = this.top[cell]! + top * lasts;
    this.middle[cell] = this.middle[cell]! + middle * lasts;
    this.low[cell] = this.low[cell]! + (rest - middle * LIMB) * lasts;
  }

  /** Adds a ratio as a multiple of 2^-52; false if it is null. */
  addRatio(cell: number, value: number, lasts: number): boolean {
    if (Number.isNaN(value)) return false;
    this.last[cell] = value;
    this.add(cell, nearest(value * RATIO), lasts);
    return true;
  }
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
