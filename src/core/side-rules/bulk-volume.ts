import { normalCdf } from '../normal-cdf.js';

export interface BulkOptions {
  /** Price changes behind σ: those of this many bars before the bar, never its own. */
  readonly window: number;
  /** Fewest of them for a σ, at least 2. Default: the whole window. */
  readonly minPeriods?: number;
}

/**
 * Bulk volume classification of one instrument's bars: taker-buy volume B = V·Φ(ΔP/σ), ΔP the change from the close
 * before, σ the standard deviation (ddof 1) of earlier changes. NaN (null) at the first bar, in the warm-up and where σ
 * is 0. Prices in any one unit. Accuracy f64. Source: Easley, López de Prado & O'Hara (2012), Review of Financial
 * Studies 25(5), with a trailing σ in place of the sample's, which would look ahead.
 */
export function bulkVolume(
  close: ArrayLike<number>,
  volume: ArrayLike<number>,
  { window, minPeriods = window }: BulkOptions,
): Float64Array {
  const out = new Float64Array(close.length).fill(Number.NaN);
  const enough = Math.max(2, minPeriods);
  const change = new Float64Array(close.length);
  for (let i = 1; i < change.length; i++) change[i] = close[i]! - close[i - 1]!;
  for (let i = 1; i < out.length; i++) {
    // change 0 is that of no bar
    const from = Math.max(1, i - window);
    if (i - from < enough) continue;
    const sd = deviation(change, from, i);
    if (sd > 0) out[i] = volume[i]! * normalCdf(change[i]! / sd);
  }
  return out;
}

/** Two passes: changes are small beside prices, and a window is short. */
function deviation(values: Float64Array, from: number, to: number): number {
  const n = to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / (n - 1));
}
