import { type Frame, rowTime, SIDE_UNKNOWN } from '../columns.js';
import { divideBig } from '../exact.js';
import { LotSum } from '../lot-sum.js';
import type { InferredSides } from './sides.js';

/**
 * The frame with every unknown side that the rule tells filled in; sides that came with the trades stay. A row without
 * a flag is available when the rows are that the rule looked at, also where it told nothing: before that it might have
 * told something else.
 */
export function fillSides(frame: Frame, { side, known }: InferredSides): Frame {
  const given = frame.columns.size as Uint32Array;
  const before = frame.columns.available as Float64Array | undefined;
  const size = new Uint32Array(new SharedArrayBuffer(given.byteLength));
  size.set(given);
  let available = before;
  for (let i = 0; i < frame.rows; i++) {
    if ((given[i]! & 3) !== SIDE_UNKNOWN) continue;
    size[i] = given[i]! + side[i]!;
    const own = before ? before[i]! : rowTime(frame, i);
    if (known === undefined || !(known[i]! > own)) continue;
    if (available === before) available = copyOf(frame, before);
    available![i] = known[i]!;
  }
  return { ...frame, columns: { ...frame.columns, size, ...(available ? { available } : {}) } };
}

function copyOf(frame: Frame, available: Float64Array | undefined): Float64Array {
  const out = new Float64Array(new SharedArrayBuffer(frame.rows * 8));
  if (available) out.set(available);
  else for (let i = 0; i < frame.rows; i++) out[i] = rowTime(frame, i);
  return out;
}

/** Coverage 1 - U/V of the sides in a trades frame by instrument, rounded once; NaN where an instrument has no trade. */
export function sideCoverage(frame: Frame): Float64Array {
  const size = frame.columns.size as Uint32Array;
  const sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
  return Float64Array.from(frame.instruments, (_, s) => {
    const all = new LotSum();
    const sided = new LotSum();
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const hi = sizeHi ? sizeHi[i]! : 0;
      all.add(1, size[i]!, hi);
      if ((size[i]! & 3) !== SIDE_UNKNOWN) sided.add(1, size[i]!, hi);
    }
    return all.exact === 0n ? Number.NaN : divideBig(sided.exact, all.exact);
  });
}
