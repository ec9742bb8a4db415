import { InputError } from '../../core/errors.js';
import type { TrendPair } from './lists.js';
import { AXES, type Params } from './params.js';

/** One parameter set, by axis. */
export interface Trial {
  readonly theta: number;
  readonly trend: TrendPair;
  readonly relativeVolume: number;
  readonly spreadLimit: number;
  readonly stop: number;
  readonly target: number;
  readonly timeStop: number;
  readonly targetVolatility: number;
  readonly reversalWindow: number;
}

const MOST_TRIALS = 100_000;

/** Trials of the whole grid. Errors: InputError beyond 100,000. */
export function gridSize(params: Params): number {
  const size = AXES.reduce((product, axis) => product * params[axis].length, 1);
  if (size > MOST_TRIALS)
    throw new InputError('strategy-sweep grid of', size, `trials must be at most ${MOST_TRIALS}`);
  return size;
}

/** Trials `[first, end)` of the grid that a run takes. Errors: InputError where there is none. */
export function trialRange(params: Params): { readonly first: number; readonly end: number } {
  const size = gridSize(params);
  const { firstTrial: first, trialCount: count } = params;
  if (first >= size) throw new InputError('strategy-sweep firstTrial', first, `must be below ${size}`);
  return { first, end: count === 0 ? size : Math.min(size, first + count) };
}

/** Trial `number` of the grid, in mixed radix: the last axis changes fastest. */
export function trialAt(params: Params, number: number): Trial {
  let rest = number;
  const trial: Record<string, unknown> = {};
  for (const axis of [...AXES].reverse()) {
    const values = params[axis];
    trial[axis] = values[rest % values.length];
    rest = Math.floor(rest / values.length);
  }
  return trial as unknown as Trial;
}
