import { createRandom } from '../core/random.js';
import { checkWhole } from './check-whole.js';

export interface Placebo {
  /** Mean of the strategy itself. */
  readonly statistic: number;
  /** Share of placebos that do as well, the strategy counted among them. */
  readonly p: number;
  readonly placebos: number;
}

export interface SignFlipOptions {
  /** Placebos; 1,000 unless given. */
  readonly samples?: number;
  /** Rows that share one sign, so that dependence within them is kept; 1 unless given. */
  readonly block?: number;
  /** Whole number, 0 to 2^32 - 1; 1 unless given. */
  readonly seed?: number;
}

/**
 * Sign-flip placebo: a strategy without skill would as soon have taken the other side, so its returns are compared with
 * those of random sides, a sign for each block of rows (Fisher's randomisation test). One-sided on the mean, which ranks
 * placebos as the Sharpe ratio does since flips keep Σr²; p = (1 + #{placebo ≥ strategy})/(1 + samples). Nulls are left
 * out but keep their place; null without a return other than 0.
 */
export function signFlipPlacebo(returns: Float64Array, options: SignFlipOptions = {}): Placebo {
  const samples = checkWhole('placebo samples', options.samples ?? 1000, 1, 1_000_000);
  const block = checkWhole('placebo block', options.block ?? 1, 1, 2 ** 31);
  const random = createRandom(checkWhole('placebo seed', options.seed ?? 1, 0, 4294967295), 1);
  const sums: number[] = [];
  let n = 0;
  for (let from = 0; from < returns.length; from += block) {
    let sum = 0;
    for (let i = from; i < Math.min(returns.length, from + block); i++)
      if (!Number.isNaN(returns[i]!)) {
        sum += returns[i]!;
        n++;
      }
    // a sign means nothing to a sum of 0
    if (sum !== 0) sums.push(sum);
  }
  const blocks = Float64Array.from(sums);
  if (blocks.length === 0) return { statistic: Number.NaN, p: Number.NaN, placebos: 0 };
  const own = blocks.reduce((total, sum) => total + sum, 0);
  // equal sums in another order differ by rounding and count as equal
  const bound =
    own - blocks.length * Number.EPSILON * blocks.reduce((total, sum) => total + Math.abs(sum), 0);
  let reached = 0;
  for (let s = 0; s < samples; s++) {
    let total = 0;
    let bits = 0;
    for (let i = 0; i < blocks.length; i++) {
      // the generator's 32 bits are 32 signs
      if (i % 32 === 0) bits = random.bits();
      total += ((bits >>> (i % 32)) & 1) === 0 ? blocks[i]! : -blocks[i]!;
    }
    if (total >= bound) reached++;
  }
  return { statistic: own / n, p: (1 + reached) / (1 + samples), placebos: samples };
}
