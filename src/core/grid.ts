import type { Frame } from './columns.js';
import { gcd } from './decimal.js';
import { durationText } from './duration.js';
import { PlanError } from './errors.js';
import { gridOrigin, gridStart, sessionStarts } from './sessions.js';

/** Bars of a trades frame in its time units: bar = floor((time + phase) / units), starting at `start` µs. */
export interface BarGrid {
  readonly every: number;
  readonly units: number;
  readonly phase: number;
  /** Start of bar 0, µs. */
  readonly start: number;
}

/** The bars of width `every` (µs) over a frame. Errors: PlanError if its time unit is too coarse for them. */
export function barGrid(frame: Frame, every: number): BarGrid {
  const { base, unit } = frame.time;
  if (every % unit !== 0)
    throw new PlanError(
      'every',
      durationText(every),
      `must be a multiple of ${durationText(unit)}, the time unit of data spanning this long; narrow it with --from-time and --until`,
    );
  const start = gridStart(base, every);
  const units = every / unit;
  const phase = (base - start) / unit;
  if (units < SPAN) return { every, units, phase, start };
  // such a bar outlasts the frame: it holds at most the boundary to bar 1, which bars of 2^31 units show as well
  const boundary = units - phase;
  return { every, units: SPAN, phase: Math.max(0, SPAN - boundary), start };
}

/** Times of a frame lie below this many units, so that time + phase fits a word. */
const SPAN = 2 ** 31;

/** The width every level is a multiple of, on one common origin: what the kernels compute. */
export function finestLevel(levels: readonly number[]): number {
  let finest = 0;
  for (const width of levels) finest = gcd(finest, width);
  // a week starts on Monday, other widths at the epoch: the common grid must hit both origins
  for (const width of levels) finest = gcd(finest, gridOrigin(width));
  return finest;
}

/** Sessions of a frame: starts in µs and in the frame's time units (clamped to its range). */
export interface SessionGrid {
  readonly starts: Float64Array;
  readonly units: Uint32Array;
}

/** The sessions a frame's trades fall in; empty for an empty frame. Errors: InputError for the spec. */
export function sessionGrid(frame: Frame, spec: string, subject: string): SessionGrid {
  const { base, unit } = frame.time;
  const time = frame.columns.time as Uint32Array;
  let lo = 4294967295;
  let hi = 0;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    if (frame.offsets[s] === frame.offsets[s + 1]) continue;
    lo = Math.min(lo, time[frame.offsets[s]!]!);
    hi = Math.max(hi, time[frame.offsets[s + 1]! - 1]!);
  }
  if (lo > hi) return { starts: new Float64Array(0), units: new Uint32Array(0) };
  const starts = sessionStarts(spec, base + lo * unit, base + (hi + 1) * unit, subject);
  return {
    starts,
    units: Uint32Array.from(starts, (t) => Math.min(4294967295, Math.max(0, (t - base) / unit))),
  };
}
