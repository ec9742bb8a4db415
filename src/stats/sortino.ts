/**
 * Sortino ratio per period: (mean - target)/√(Σ min(r - target, 0)²/n), n all returns that are not null and not the
 * losing ones alone (Sortino & van der Meer 1991). Null without a return below the target.
 */
export function sortino(returns: Float64Array, target = 0): number {
  let n = 0;
  let excess = 0;
  let downside = 0;
  for (let i = 0; i < returns.length; i++) {
    const r = returns[i]! - target;
    if (Number.isNaN(r)) continue;
    n++;
    excess += r;
    if (r < 0) downside += r * r;
  }
  return downside > 0 ? excess / n / Math.sqrt(downside / n) : Number.NaN;
}
