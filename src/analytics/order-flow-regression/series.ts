import type { Tile } from '../../core/analytic.js';
import { type Flows, flowsOf } from './flows.js';
import type { Params } from './rules.js';
import { type Integrated, integrate } from './weights.js';

/** The regressions of an instrument, in the order of their series. */
export const SAME_BAR = 0;
export const NEXT_BAR = 1;
/** Of the bars after training, so that the two explain the same. */
export const TESTED = 2;
export const INTEGRATED = 3;
export const SLOTS = 4;

/** What the regressions of a tile read: the bars of slot 0, then those of slot 1 and so on. */
export interface Series {
  readonly flows: Flows;
  readonly integrated: Integrated;
  /** Order flow. */
  readonly x: Float64Array;
  /** Change of the mid, ticks. */
  readonly y: Float64Array;
}

export function seriesOf(tile: Tile, params: Params): Series {
  const { levels, every, trainBars } = params;
  const flows = flowsOf(tile, params);
  const integrated = integrate(flows, levels, trainBars);
  const { bars, offsets, time, flow, moved } = flows;
  const x = new Float64Array(SLOTS * bars).fill(Number.NaN);
  const y = new Float64Array(SLOTS * bars).fill(Number.NaN);
  for (let s = 0; s + 1 < offsets.length; s++)
    for (let b = offsets[s]!; b < offsets[s + 1]!; b++) {
      const best = flow[b * levels]!;
      x[SAME_BAR * bars + b] = best;
      x[NEXT_BAR * bars + b] = best;
      x[INTEGRATED * bars + b] = integrated.values[b]!;
      if (!Number.isNaN(integrated.values[b]!)) x[TESTED * bars + b] = best;
      for (const slot of [SAME_BAR, TESTED, INTEGRATED]) y[slot * bars + b] = moved[b]!;
      // a bar without a state is no row: what comes after it is not the next bar
      const adjoins = b + 1 < offsets[s + 1]! && time[b + 1] === time[b]! + every;
      if (adjoins) y[NEXT_BAR * bars + b] = moved[b + 1]!;
    }
  return { flows, integrated, x, y };
}
