import { InputError } from './errors.js';

/**
 * What a constant-product pool (x·y = k) pays out for Δx paid in: Δy = yΔx(1-f)/(x + Δx(1-f)). Reserves x of the token
 * paid in and y of the one paid out before the swap, each in its token's units; f the fee as a share of Δx. Below y for
 * every Δx. Null (NaN) where a reserve is unknown or not positive. Accuracy f64. Errors: InputError for a Δx that is
 * negative or not finite and for f outside [0, 1). Source: Adams, Zinsmeister & Robinson (2020), Uniswap v2 Core.
 */
export function ammOutput(x: number, y: number, dx: number, fee: number): number {
  if (!(dx >= 0 && dx < Number.POSITIVE_INFINITY))
    throw new InputError('AMM input', dx, 'must be finite and at least 0');
  if (!(fee >= 0 && fee < 1)) throw new InputError('AMM fee', fee, 'must be at least 0 and below 1');
  if (!(x > 0 && y > 0)) return Number.NaN;
  const paid = dx * (1 - fee);
  // the share first: y·Δx may overflow where Δy does not
  return y * (paid / (x + paid));
}
