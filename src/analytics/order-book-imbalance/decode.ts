import type { Carry } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { decodeF64 } from '../../core/exact.js';
import { usable } from './pieces.js';
import type { Params } from './rules.js';
import { LIMB, type Measures, type Slots } from './slots.js';
import type { States } from './state-table.js';

/** Words of a piece and slot: three sums, µs and extra, first and last ratio. */
export const PIECE_WORDS = 12;
const SLOT = 4;

/** Measures of the first `cells` pieces and slots. */
export function decodeMeasures(words: Uint32Array, cells: number): Measures {
  const sums = (from: number): Float64Array => {
    const out = new Float64Array(cells);
    for (let i = 0, at = from; i < cells; i++, at += PIECE_WORDS)
      out[i] = (words[at + 1]! | 0) * 2 ** 32 + words[at]!;
    return out;
  };
  const plain = (from: number): Uint32Array => {
    const out = new Uint32Array(cells);
    for (let i = 0, at = from; i < cells; i++, at += PIECE_WORDS) out[i] = words[at]!;
    return out;
  };
  const ratios = (from: number): Float64Array => {
    const pairs = new Uint32Array(cells * 2);
    for (let i = 0, at = from; i < cells; i++, at += PIECE_WORDS) {
      pairs[2 * i] = words[at]!;
      pairs[2 * i + 1] = words[at + 1]!;
    }
    return decodeF64(pairs);
  };
  return {
    ...{ top: sums(0), middle: sums(2), low: sums(4), covered: plain(6), extra: plain(7) },
    ...{ first: ratios(8), last: ratios(10) },
  };
}

/** Imbalances of every row, from its slots. */
export function decodeStates(words: Uint32Array, { rows, instruments }: Frame, slots: Slots): States {
  const { count, levels, ofLevels } = slots;
  const pairs = new Uint32Array(rows * levels * 2);
  const used = new Uint32Array(rows * levels);
  for (let row = 0, i = 0; row < rows; row++)
    for (let item = 0; item < levels; item++, i++) {
      const at = ((instruments.length + row) * count + ofLevels + item) * SLOT;
      pairs[2 * i] = words[at]!;
      // without a value a quiet NaN
      pairs[2 * i + 1] = words[at + 2] === 1 ? words[at + 1]! : 0x7ff80000;
      used[i] = words[at + 3]!;
    }
  return { obi: decodeF64(pairs), used };
}

/** The last states, from the pieces of 1 µs behind the others: there the sums are the values. */
export function decodeCarry(
  words: Uint32Array,
  cells: number,
  frame: Frame,
  params: Params,
  { count, ofLevels, ofBands }: Slots,
  carry: Carry,
): Carry {
  const { top, middle, low, covered, extra, last } = decodeMeasures(
    words.subarray(cells * PIECE_WORDS),
    words.length / PIECE_WORDS - cells,
  );
  const out = {
    values: Float64Array.from(carry.values!),
    extra: Uint32Array.from(carry.extra!),
    time: Float64Array.from(carry.time!),
    usable: Uint32Array.from(carry.usable!),
  };
  let cell = 0;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const row = frame.offsets[s + 1]! - 1;
    if (row < frame.offsets[s]!) continue;
    out.time[s] = (frame.columns.time as Float64Array)[row]!;
    out.usable[s] = Number(usable(frame, row, params));
    for (let slot = 0; slot < count; slot++, cell++) {
      const whole = (top[cell]! * LIMB + middle[cell]!) * LIMB + low[cell]!;
      const place = s * count + slot;
      out.values[place] = covered[cell] === 0 ? Number.NaN : slot < ofLevels ? whole : last[cell]!;
      out.extra[place] = slot < ofBands && covered[cell] === 0 ? 0 : extra[cell]!;
    }
  }
  return out;
}
