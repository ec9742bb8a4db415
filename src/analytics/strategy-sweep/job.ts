import type { Frame } from '../../core/columns.js';
import { barsOf, type Listed, listedOf } from './bars.js';
import type { Params } from './params.js';
import { type Rules, rulesOf } from './rules.js';
import { instrumentsWithBars } from './runs.js';

/** What a tile is made of; planning and decoding both need it. */
export interface Job {
  readonly rules: Rules;
  readonly listed: readonly Listed[];
  readonly bars: number;
  readonly periods: number;
}

/** The tile's signals, which take longer than its plan. */
const jobs = new WeakMap<Frame, { readonly params: Params; readonly job: Job }>();

export function jobOf(frame: Frame, params: Params): Job {
  const known = jobs.get(frame);
  if (known?.params === params) return known.job;
  const listed = instrumentsWithBars(frame).map((s) => listedOf(frame, s, barsOf(frame, s, params)));
  const job: Job = {
    rules: rulesOf(params),
    listed,
    bars: frame.rows,
    periods: listed.reduce((sum, { bars }) => sum + bars.periods.length, 0),
  };
  jobs.set(frame, { params, job });
  return job;
}
