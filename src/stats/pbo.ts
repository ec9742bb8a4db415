import { InputError } from '../core/errors.js';
import { balancedHalves } from './balanced-halves.js';
import { blockScores, type Measure } from './block-scores.js';
import { checkWhole } from './check-whole.js';
import { completeTrials } from './complete-trials.js';

export interface PboOptions {
  /** Blocks S, even, 2 to 20; 16 unless given. */
  readonly blocks?: number;
  /** What ranks trials; the Sharpe ratio per period unless given. */
  readonly measure?: Measure;
  /** Whether λ = 0, a winner that is the median out of sample, counts as overfit: wholly unless given. */
  readonly tie?: 'overfit' | 'half' | 'sound';
}

export interface Pbo {
  /** Share of splits whose in-sample winner is at or below the median out of sample. */
  readonly pbo: number;
  /** Splits counted: C(S, S/2) less those without a winner that has a score out of sample. */
  readonly splits: number;
  /** By split counted: logit λ of the winner's relative rank out of sample, its score in sample and out of it. */
  readonly logits: Float64Array;
  readonly inSample: Float64Array;
  readonly outOfSample: Float64Array;
}

const TIE_WEIGHT = { overfit: 1, half: 0.5, sound: 0 } as const;

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado &
 * Zhu 2017, Journal of Computational Finance 20(4)). Rows are cut into S blocks; for each of the C(S, S/2) ways to take
 * half of them as the sample, the trial that scores best in it is ranked among the N by its score over the other half:
 * ω = rank/(N+1), λ = ln(ω/(1-ω)); PBO is the share of λ ≤ 0. Equal scores share the mean rank; of equal winners the
 * first is taken.
 *
 * A trial without variance in a half has no score there: it cannot win in sample and is not ranked out of it. Null for
 * fewer than two trials or rows than blocks. Rows with a null are left out (`completeTrials`).
 */
export function pbo(trials: readonly Float64Array[], options: PboOptions = {}): Pbo {
  const { measure = 'sharpe', tie = 'overfit' } = options;
  const blocks = checkWhole('PBO blocks', options.blocks ?? 16, 2, 20);
  if (blocks % 2 !== 0) throw new InputError('PBO blocks', blocks, 'must be even');
  const { rows, columns } = completeTrials(trials);
  const halves = columns.length < 2 || rows < blocks ? new Uint32Array() : balancedHalves(blocks);
  const score = blockScores(columns, rows, blocks, measure);
  const all = 2 ** blocks - 1;
  const here = new Float64Array(columns.length);
  const there = new Float64Array(columns.length);
  const logits = new Float64Array(2 * halves.length);
  const inSample = new Float64Array(2 * halves.length);
  const outOfSample = new Float64Array(2 * halves.length);
  let splits = 0;
  let overfit = 0;
  const judge = (chosen: Float64Array, held: Float64Array): void => {
    const winner = best(chosen);
    if (winner < 0 || Number.isNaN(held[winner]!)) return;
    const odds = rankOdds(held, winner);
    overfit += odds < 1 ? 1 : odds === 1 ? TIE_WEIGHT[tie] : 0;
    logits[splits] = Math.log(odds);
    inSample[splits] = chosen[winner]!;
    outOfSample[splits++] = held[winner]!;
  };
  // a half and the other take turns as the sample, so each is scored once
  for (const mask of halves) {
    score(mask, here);
    score(all - mask, there);
    judge(here, there);
    judge(there, here);
  }
  return {
    pbo: splits > 0 ? overfit / splits : Number.NaN,
    splits,
    logits: logits.subarray(0, splits),
    inSample: inSample.subarray(0, splits),
    outOfSample: outOfSample.subarray(0, splits),
  };
}

function best(scores: Float64Array): number {
  let winner = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++)
    if (scores[i]! > most) {
      most = scores[i]!;
      winner = i;
    }
  return winner;
}

/** ω/(1-ω) = rank/(N + 1 - rank) among the N scores that are not null: exactly 1 at the median. */
function rankOdds(scores: Float64Array, item: number): number {
  const own = scores[item]!;
  let below = 0;
  let equal = 0;
  let n = 0;
  for (let i = 0; i < scores.length; i++) {
    const value = scores[i]!;
    if (Number.isNaN(value)) continue;
    n++;
    if (value < own) below++;
    else if (value === own) equal++;
  }
  const rank = below + (equal + 1) / 2;
  return rank / (n + 1 - rank);
}
