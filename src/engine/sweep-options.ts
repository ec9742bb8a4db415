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

/** Defaults of the options and the least and most of each: whole numbers, but for the level, which lies between. */
export const STATISTICS = {
  priorTrials: { standard: 0, min: 0, max: 1_000_000_000 },
  level: { standard: 0.95, min: 0, max: 1 },
  blocks: { standard: 16, min: 2, max: 20 },
  samples: { standard: 1000, min: 1, max: 100_000 },
  seed: { standard: 1, min: 0, max: 4_294_967_295 },
  folds: { standard: 5, min: 1, max: 1000 },
  embargo: { standard: 0, min: 0, max: Number.MAX_SAFE_INTEGER },
} as const satisfies Readonly<
  Record<keyof SweepStatistics, { readonly standard: number; readonly min: number; readonly max: number }>
>;

/** The option, if it is one. Errors: InputError naming `subject` and what was found. */
export function checkStatistic(
  name: keyof SweepStatistics,
  value: number,
  subject: string,
  found: unknown = value,
): number {
  const { min, max } = STATISTICS[name];
  if (name === 'level') {
    if (!(value > min && value < max))
      throw new InputError(subject, found, `must lie between ${min} and ${max}`);
    return value;
  }
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new InputError(subject, found, `must be a whole number from ${min} to ${max}`);
  if (name === 'blocks' && value % 2 !== 0) throw new InputError(subject, found, 'must be even');
  return value;
}

/** Options of the statistics with their defaults, checked before anything runs. Errors: InputError naming the option. */
export function statisticsOf(options: SweepOptions): SweepStatistics {
  const names = Object.keys(STATISTICS) as (keyof SweepStatistics)[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      checkStatistic(name, options[name] ?? STATISTICS[name].standard, `sweep ${name}`),
    ]),
  ) as SweepStatistics;
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
