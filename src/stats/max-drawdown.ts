/**
 * Largest fall from a running peak as a share of that peak, max_t (peak_t - equity_t)/peak_t ≥ 0; above 1 once equity
 * is negative. The curve includes the start; nulls are left out. Null for an empty curve or one that does not start
 * above 0.
 */
export function maxDrawdown(equity: Float64Array): number {
  let peak = Number.NaN;
  let worst = Number.NaN;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(peak)) {
      if (!(value > 0)) return Number.NaN;
      peak = value;
      worst = 0;
    }
    if (value > peak) peak = value;
    const fall = (peak - value) / peak;
    if (fall > worst) worst = fall;
  }
  return worst;
}
