import type { Column, Frame, Physical } from '../core/columns.js';
import { isExact } from '../core/exact.js';

/** The frame with all columns on SharedArrayBuffers, where threads read them in place; others are copied. */
export function shareFrame(frame: Frame): Frame {
  const columns = Object.entries(frame.columns);
  if (columns.every(([, column]) => isShared(column))) return frame;
  return { ...frame, columns: Object.fromEntries(columns.map(([name, column]) => [name, share(column)])) };
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
