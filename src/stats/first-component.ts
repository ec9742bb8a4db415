/** A cyclic Jacobi iteration converges quadratically: a hundred levels need about ten sweeps. */
const MOST_SWEEPS = 60;

/** The direction of largest variance. */
export interface Component {
  /** Eigenvector of length 1 with Σw > 0, or with a first element that is not 0 positive where Σw = 0. */
  readonly direction: Float64Array;
  /** Its eigenvalue, and that over the sum of all. */
  readonly variance: number;
  readonly share: number;
}

/**
 * First principal component of a covariance matrix, by rows: the eigenvector of the largest eigenvalue by cyclic Jacobi
 * rotations (Golub and Van Loan, Matrix Computations, §8.5), which need no gap between eigenvalues as power iteration
 * does. Of equal largest eigenvalues the direction of the first is taken. Null where nothing varies.
 */
export function firstComponent(covariance: Float64Array, size: number): Component | null {
  const a = covariance.slice();
  const vectors = new Float64Array(size * size);
  let trace = 0;
  for (let i = 0; i < size; i++) {
    vectors[i * size + i] = 1;
    trace += a[i * size + i]!;
  }
  if (!(trace > 0)) return null;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > (Number.EPSILON * trace) ** 2; sweep++)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);

  let first = 0;
  for (let i = 1; i < size; i++) if (a[i * size + i]! > a[first * size + first]!) first = i;
  const direction = Float64Array.from({ length: size }, (_, i) => vectors[i * size + first]!);
  const sum = direction.reduce((total, w) => total + w, 0);
  if (sum < 0 || (sum === 0 && direction.find((w) => w !== 0)! < 0))
    for (let i = 0; i < size; i++) direction[i] = -direction[i]!;
  const variance = a[first * size + first]!;
  return { direction, variance, share: variance / trace };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += a[i * size + j]! ** 2;
  return sum;
}

/** Turns axes p and q so that their covariance becomes 0. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  // the smaller of two angles
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  turnColumns(a, size, p, q, cosine, sine);
  for (let j = 0; j < size; j++) {
    const x = a[p * size + j]!;
    const y = a[q * size + j]!;
    a[p * size + j] = cosine * x - sine * y;
    a[q * size + j] = sine * x + cosine * y;
  }
  a[p * size + q] = 0;
  a[q * size + p] = 0;
  turnColumns(vectors, size, p, q, cosine, sine);
}

function turnColumns(
  m: Float64Array,
  size: number,
  p: number,
  q: number,
  cosine: number,
  sine: number,
): void {
  for (let i = 0; i < size; i++) {
    const x = m[i * size + p]!;
    const y = m[i * size + q]!;
    m[i * size + p] = cosine * x - sine * y;
    m[i * size + q] = sine * x + cosine * y;
  }
}
