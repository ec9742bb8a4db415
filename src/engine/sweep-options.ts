import { InputError } from '../core/errors.js';
import type { RunOptions } from './run-options.js';

/** Cells of portfolio returns that are held: 1 GiB of f64. */
const MOST_RETURNS = 2 ** 27;

export interface SweepOptions extends RunOptions {
  /** Trials made before and elsewhere: they count for DSR and the shortest backtest. Default 0. */
  readonly priorTrials?: number;
  /** Confidence of the shortest track record. Default 0.95. */
  readonly level?: number;
  /** Blocks of the PBO, even. Default 16. */
  readonly blocks?: number;
  /** Bootstrap resamples and placebos. Default 1,000. */
  readonly samples?: number;
  readonly seed?: number;
  /** Walk-forward windows. Default 5. */
  readonly folds?: number;
  /** µs between what a choice may know and the window it is for. Default 0. */
  readonly embargo?: number;
}

/** What the statistics run with. */
export type SweepStatistics = Required<Omit<SweepOptions, keyof RunOptions>>;

/** Options of the statistics with their defaults, checked before anything runs. Errors: InputError naming the option. */
export function statisticsOf(options: SweepOptions): SweepStatistics {
  const {
    priorTrials = 0,
    level = 0.95,
    blocks = 16,
    samples = 1000,
    seed = 1,
    folds = 5,
    embargo = 0,
  } = options;
  const whole = (name: string, value: number, min: number, max: number): void => {
    if (!Number.isSafeInteger(value) || value < min || value > max)
      throw new InputError(`sweep ${name}`, value, `must be a whole number from ${min} to ${max}`);
  };
  whole('priorTrials', priorTrials, 0, Number.MAX_SAFE_INTEGER);
  whole('blocks', blocks, 2, 20);
  if (blocks % 2 !== 0) throw new InputError('sweep blocks', blocks, 'must be even');
  whole('samples', samples, 1, 100_000);
  whole('seed', seed, 0, 4_294_967_295);
  whole('folds', folds, 1, 1000);
  whole('embargo', embargo, 0, Number.MAX_SAFE_INTEGER);
  if (!(level > 0 && level < 1)) throw new InputError('sweep level', level, 'must lie between 0 and 1');
  return { priorTrials, level, blocks, samples, seed, folds, embargo };
}

/** Refuses more returns than can be held. Errors: InputError. */
export function checkSweepSize(trials: number, periods: number): void {
  if (trials * periods > MOST_RETURNS)
    throw new InputError(
      'sweep',
      `${trials} trials × ${periods} periods`,
      `must be at most ${MOST_RETURNS} returns: take wider periods or fewer trials at a time`,
    );
}
