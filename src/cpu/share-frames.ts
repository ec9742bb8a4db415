import type { Column, Frame, Physical } from '../core/columns.js';
import { isExact } from '../core/exact.js';

/** Copies made so far: a frame is read by several analytics, and block after block by a sweep. */
const copies = new WeakMap<Frame, Frame>();

/** The frames with all columns on SharedArrayBuffers, where workers read them in place: others are copied, once. */
export const shareFrames = (frames: Readonly<Record<string, Frame>>): Record<string, Frame> =>
  Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, shareFrame(frame)]));

function shareFrame(frame: Frame): Frame {
  const columns = Object.entries(frame.columns);
  if (columns.every(([, column]) => isShared(column))) return frame;
  let copy = copies.get(frame);
  if (!copy) {
    copy = { ...frame, columns: Object.fromEntries(columns.map(([name, column]) => [name, share(column)])) };
    copies.set(frame, copy);
  }
  return copy;
}

const isShared = (column: Column): boolean =>
  (isExact(column) ? column.values : column).buffer instanceof SharedArrayBuffer;

function share(column: Column): Column {
  if (isShared(column)) return column;
  if (isExact(column)) return { values: share(column.values) as Float64Array, wide: column.wide };
  const Kind = column.constructor as new (buffer: SharedArrayBuffer) => Physical;
  const copy = new Kind(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
