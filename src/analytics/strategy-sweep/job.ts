import type { Frame } from '../../core/columns.js';
import { instrumentsWithRows } from '../../core/panel-rows.js';
import { barsOf, type Listed, listedOf } from './bars.js';
import type { Params } from './params.js';

/** Signals of the frames last asked for: blocks of trials of one sweep share them. */
const known = new WeakMap<Frame, { readonly key: string; readonly listed: readonly Listed[] }>();

/** The instruments of a tile that have bars, with their bars and signals, which no trial changes. */
export function barsOfTile(frame: Frame, params: Params): readonly Listed[] {
  const { firstTrial: _, trialCount: __, trades: ___, equity: ____, periods: _____, ...rest } = params;
  const key = JSON.stringify(rest);
  const before = known.get(frame);
  if (before?.key === key) return before.listed;
  const listed = instrumentsWithRows(frame).map((s) => listedOf(frame, s, barsOf(frame, s, params)));
  known.set(frame, { key, listed });
  return listed;
}

/** Periods of all of them. */
export const periodsOf = (listed: readonly Listed[]): number =>
  listed.reduce((sum, { bars }) => sum + bars.periods.time.length, 0);
