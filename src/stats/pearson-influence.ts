import { sampleMoments } from './sample-moments.js';

/** A correlation and what each pair contributed to its error: ρ̂ - ρ ≈ mean of the influences. */
export interface Influence {
  readonly rho: number;
  readonly influence: Float64Array;
}

/**
 * Influence of each pair on Pearson's correlation: z_x·z_y - ρ(z_x² + z_y²)/2 of the standardised values. Its variance
 * is (1 - ρ²)² for independent normal pairs. Null throughout with zero variance on either side.
 */
export function pearsonInfluence(x: Float64Array, y: Float64Array): Influence {
  const a = sampleMoments(x, 0);
  const b = sampleMoments(y, 0);
  const influence = new Float64Array(x.length).fill(Number.NaN);
  if (!(a.variance > 0 && b.variance > 0)) return { rho: Number.NaN, influence };
  const zx = x.map((value) => (value - a.mean) / Math.sqrt(a.variance));
  const zy = y.map((value) => (value - b.mean) / Math.sqrt(b.variance));
  let rho = 0;
  for (let i = 0; i < zx.length; i++) rho += zx[i]! * zy[i]!;
  rho = Math.min(1, Math.max(-1, rho / zx.length));
  for (let i = 0; i < zx.length; i++)
    influence[i] = zx[i]! * zy[i]! - (rho / 2) * (zx[i]! * zx[i]! + zy[i]! * zy[i]!);
  return { rho, influence };
}
