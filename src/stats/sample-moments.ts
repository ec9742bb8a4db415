/** Moments of the values that are not null; each is Number.NaN where it does not exist. */
export interface SampleMoments {
  /** Values that are not null. */
  readonly n: number;
  readonly mean: number;
  /** Σ(x - mean)²/(n - ddof); null where n ≤ ddof, 0 for a constant. */
  readonly variance: number;
  /** γ3 = m3/m2^{3/2} of the central moments m = Σ(x - mean)^j/n; null for a constant. */
  readonly skewness: number;
  /** γ4 = m4/m2², raw: 3 for the normal distribution; null for a constant. */
  readonly kurtosis: number;
}

/**
 * Mean, variance, skewness and raw kurtosis, null values left out. Two passes, as E[x²] - mean² loses every digit at
 * large means. A constant is told by its extremes: its computed deviations need not be zero (0.1 three times).
 */
export function sampleMoments(values: Float64Array, ddof: 0 | 1 = 1): SampleMoments {
  let n = 0;
  let sum = 0;
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (Number.isNaN(x)) continue;
    n++;
    sum += x;
    if (x < lo) lo = x;
    if (x > hi) hi = x;
  }
  if (n === 0)
    return { n, mean: Number.NaN, variance: Number.NaN, skewness: Number.NaN, kurtosis: Number.NaN };
  const constant = lo === hi;
  const rough = constant ? lo : sum / n;
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  let d4 = 0;
  if (!constant)
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!;
      if (Number.isNaN(x)) continue;
      const d = x - rough;
      d1 += d;
      d2 += d * d;
      d3 += d * d * d;
      d4 += d * d * d * d;
    }
  // `rough` is off by `shift`, the mean's rounding error: the deviations' own moments are put right about it
  const shift = d1 / n;
  const m2 = d2 / n - shift * shift;
  const m3 = d3 / n - 3 * shift * (d2 / n) + 2 * shift ** 3;
  const m4 = d4 / n - 4 * shift * (d3 / n) + 6 * shift * shift * (d2 / n) - 3 * shift ** 4;
  return {
    n,
    mean: rough + shift,
    variance: n > ddof ? (m2 * n) / (n - ddof) : Number.NaN,
    skewness: m2 > 0 ? m3 / m2 ** 1.5 : Number.NaN,
    kurtosis: m2 > 0 ? m4 / (m2 * m2) : Number.NaN,
  };
}
