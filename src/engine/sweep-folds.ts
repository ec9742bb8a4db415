import { sharpeRatio, walkForward } from '../stats/index.js';
import { largest } from './sweep-inference.js';
import type { Portfolio } from './sweep-portfolio.js';

/** One window: the trial chosen on what was known before it, and what that trial did in it. */
export interface SweepFold {
  readonly decidedAt: number;
  readonly trainPeriods: number;
  readonly testPeriods: number;
  /** -1 where no trial varied before. */
  readonly winner: number;
  /** Sharpe ratios of a period. */
  readonly inSample: number;
  readonly outOfSample: number;
}

export interface WalkForwardResult {
  readonly folds: readonly SweepFold[];
  /** Of the winners' returns, one window after another. */
  readonly outOfSample: number;
  readonly periods: number;
}

/**
 * Walk-forward choice: in each window the trial is held whose Sharpe ratio was largest over the periods that were known,
 * `embargo` µs before it began. A period begins at its start, and is known when its last instrument is.
 */
export function foldsOf(
  { time, available, returns }: Portfolio,
  options: { readonly folds: number; readonly embargo: number },
): WalkForwardResult {
  const held: number[] = [];
  const folds = walkForward(time, available, options).map(({ train, test, decidedAt }): SweepFold => {
    const part = (trial: number, rows: Uint32Array): Float64Array =>
      Float64Array.from(rows, (row) => returns[trial]![row]!);
    const scores = Float64Array.from(returns.keys(), (trial) => sharpeRatio(part(trial, train)));
    const winner = largest(scores);
    const out = winner < 0 ? new Float64Array() : part(winner, test);
    held.push(...out);
    return {
      ...{ decidedAt, trainPeriods: train.length, testPeriods: test.length, winner },
      inSample: winner < 0 ? Number.NaN : scores[winner]!,
      outOfSample: sharpeRatio(out),
    };
  });
  return { folds, outOfSample: sharpeRatio(Float64Array.from(held)), periods: held.length };
}
