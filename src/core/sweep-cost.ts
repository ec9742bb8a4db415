import { InputError } from './errors.js';

/** What a market order pays; null is NaN. */
export interface SweepCost {
  /** Mean price paid; null for no quantity. */
  readonly average: number;
  /** Paid beyond the mid, s·Σq(p-m), in size times price; 0 for no quantity. */
  readonly cost: number;
  /** s(average-m)/m, bps. */
  readonly slippageBps: number;
  /** Price of the last level reached; null where none is. */
  readonly worst: number;
  /** Levels taken from. */
  readonly levels: number;
  /** Quantity the book does not hold. */
  readonly unfilled: number;
}

/**
 * Cost of a market order of quantity Q that sweeps one side of a book: prices and sizes of the levels it meets, best
 * first, a size that is null or 0 being no level; side +1 buys from the asks, -1 sells to the bids; mid in the prices'
 * unit. Policy `strict`: where Q exceeds the book, average, cost and slippage are null and `unfilled` says by how much,
 * while `worst` and `levels` tell of what is filled. Without a positive mid, cost and slippage are null. Convex in Q.
 * Accuracy f64. Errors: InputError for a Q that is negative or not finite. Source: definition (implementation
 * shortfall against the mid), Perold (1988), Journal of Portfolio Management 14(3).
 */
export function sweepCost(
  side: 1 | -1,
  prices: ArrayLike<number>,
  sizes: ArrayLike<number>,
  mid: number,
  quantity: number,
): SweepCost {
  if (!(quantity >= 0 && quantity < Number.POSITIVE_INFINITY))
    throw new InputError('sweep quantity', quantity, 'must be finite and at least 0');
  let unfilled = quantity;
  let notional = 0;
  let beyondMid = 0;
  let worst = Number.NaN;
  let levels = 0;
  for (let i = 0; i < prices.length && unfilled > 0; i++) {
    if (!(sizes[i]! > 0)) continue;
    const taken = Math.min(sizes[i]!, unfilled);
    unfilled -= taken;
    notional += taken * prices[i]!;
    beyondMid += taken * (prices[i]! - mid);
    worst = prices[i]!;
    levels++;
  }
  const filled = unfilled === 0;
  const cost = filled && mid > 0 ? (quantity === 0 ? 0 : side * beyondMid) : Number.NaN;
  return {
    ...{ average: filled ? notional / quantity : Number.NaN, cost },
    ...{ slippageBps: (cost / (quantity * mid)) * 1e4, worst, levels, unfilled },
  };
}
