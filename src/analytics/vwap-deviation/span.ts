import type { Frame } from '../../core/columns.js';
import { parseDuration } from '../../core/duration.js';
import { panelSessions } from '../../core/panel-sessions.js';
import type { VwapParams } from './prices.js';

/** Which bars a bar's VWAP covers: the last `bars` ones, or those of its session up to itself. */
export interface Span {
  readonly rolling: boolean;
  /** Length of a rolling window. */
  readonly bars: number;
  /** Bars between a rolling window's end and the bar: 0 or 1. */
  readonly lag: 0 | 1;
  /** Session by row. */
  readonly session: Uint32Array;
}

/** Errors: InputError for the anchor, see `panelSessions`. */
export function spanOf(frame: Frame, params: VwapParams): Span {
  const rolling = params.reset === 'rolling';
  const spec = params.reset === 'anchor' ? params.anchor : 'run';
  return {
    rolling,
    bars: params.window === undefined ? params.bars : parseDuration(params.window)! / params.every,
    lag: rolling && !params.includeCurrent ? 1 : 0,
    session: panelSessions(frame, spec, 'vwap-deviation anchor').session,
  };
}
