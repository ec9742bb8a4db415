import type { AnyAnalytic } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { alignCut, type CutAt, cutPositions } from './tiles.js';

/** Rows [from, to) of the driving frame. */
export type Range = readonly [from: number, to: number];

/** Ranges of a frame, none above `maxRows` where it can be cut. Errors: InputError for sizes and cuts that are no row counts. */
export function tileRanges(
  frame: Frame,
  at: CutAt,
  maxRows: number,
  forced: readonly number[] = [],
): Range[] {
  if (!Number.isInteger(maxRows) || maxRows < 1)
    throw new InputError('tileRows', maxRows, 'must be a whole number, at least 1');
  const odd = forced.find((row) => !Number.isInteger(row));
  if (odd !== undefined) throw new InputError('cuts', odd, 'must be whole numbers of rows');
  const asked = forced.map((row) => alignCut(frame, row, 0, frame.rows, at));
  const cuts = [...new Set([...cutPositions(frame, maxRows, at), ...asked, frame.rows])].filter(
    (row) => row > 0 && row <= frame.rows,
  );
  cuts.sort((a, b) => a - b);
  return cuts.map((end, i): Range => [i === 0 ? 0 : cuts[i - 1]!, end]);
}

/**
 * Ranges in groups that may run side by side. State is carried from a range to the next within an instrument, so these
 * stay in one group, in order.
 */
export function independent(ranges: readonly Range[], frame: Frame, { carry }: AnyAnalytic): Range[][] {
  if (!carry) return ranges.map((range) => [range]);
  const starts = new Set(frame.offsets);
  const groups: Range[][] = [];
  for (const range of ranges) {
    if (groups.length === 0 || starts.has(range[0])) groups.push([range]);
    else groups.at(-1)!.push(range);
  }
  return groups;
}
