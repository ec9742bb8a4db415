import { InputError } from '../core/errors.js';
import { checkSameLength } from './check-same-length.js';
import { sampleMoments } from './sample-moments.js';

const MOST_REGRESSORS = 16;
/** A column that keeps less than this share of its length beside those before it is a combination of them. */
const RANK_TOLERANCE = 1e-12;

/** y = b0 + Σ b_j·x_j + e. */
export interface LeastSquares {
  /** Rows used: those where neither y nor a regressor is null. */
  readonly n: number;
  /** Intercept b0, then a slope for each regressor. */
  readonly coefficients: Float64Array;
  /** Residual by row; null where the row was left out. */
  readonly residuals: Float64Array;
  /** 1 - Σe²/Σ(y - ȳ)²; null for a constant y. */
  readonly rSquared: number;
  /** A row of the pseudo-inverse for each coefficient, b_j = Σ_t weights_j[t]·y_t; 0 where the row was left out. */
  readonly weights: readonly Float64Array[];
}

/**
 * Ordinary least squares with an intercept, by QR: columns are centred, which takes out the intercept exactly and keeps
 * the digits of regressors about a large mean, and then orthogonalised with y as the last column (modified
 * Gram-Schmidt, backward stable in this form: Björck 1967, BIT 7). Null when rows are no more than coefficients or a
 * regressor is constant or a combination of others.
 */
export function leastSquares(y: Float64Array, regressors: readonly Float64Array[]): LeastSquares | null {
  if (regressors.length > MOST_REGRESSORS)
    throw new InputError('regressors', regressors.length, `must be at most ${MOST_REGRESSORS}`);
  for (const x of regressors) checkSameLength('regressor', x.length, y.length);
  const rows = completeRows([y, ...regressors]);
  const n = rows.length;
  const k = regressors.length;
  if (n <= k + 1) return null;
  const columns = regressors.map((x) => centred(x, rows));
  const target = centred(y, rows);
  const r = orthogonalise(columns);
  if (r === undefined) return null;

  const slopes = new Float64Array(k);
  const residual = target.values.slice();
  columns.forEach(({ values: q }, j) => {
    slopes[j] = dot(q, residual);
    addMultiple(residual, q, -slopes[j]!);
  });
  solveUpper(r, slopes);
  const coefficients = new Float64Array(k + 1);
  coefficients[0] = target.mean - columns.reduce((sum, { mean }, j) => sum + mean * slopes[j]!, 0);
  coefficients.set(slopes, 1);

  const total = dot(target.values, target.values);
  const residuals = new Float64Array(y.length).fill(Number.NaN);
  for (let i = 0; i < n; i++) residuals[rows[i]!] = residual[i]!;
  return {
    n,
    coefficients,
    residuals,
    rSquared: total > 0 ? 1 - dot(residual, residual) / total : Number.NaN,
    weights: pseudoInverse(columns, r, rows, y.length),
  };
}

interface Centred {
  readonly mean: number;
  readonly values: Float64Array;
  /** Length of the column before it was centred. */
  readonly size: number;
}

function completeRows(columns: readonly Float64Array[]): Uint32Array {
  const rows = new Uint32Array(columns[0]!.length);
  let n = 0;
  for (let i = 0; i < rows.length; i++) {
    let complete = true;
    for (const column of columns) if (Number.isNaN(column[i]!)) complete = false;
    if (complete) rows[n++] = i;
  }
  return rows.subarray(0, n);
}

function centred(column: Float64Array, rows: Uint32Array): Centred {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  const size = Math.sqrt(dot(values, values));
  const { mean } = sampleMoments(values);
  for (let i = 0; i < rows.length; i++) values[i] = values[i]! - mean;
  return { mean, values, size };
}

/** Columns become orthonormal in place; returns R by rows, or undefined where they are not independent. */
function orthogonalise(columns: readonly Centred[]): readonly Float64Array[] | undefined {
  const r = columns.map(() => new Float64Array(columns.length));
  for (let j = 0; j < columns.length; j++) {
    const { values: q, size } = columns[j]!;
    const length = Math.sqrt(dot(q, q));
    if (!(length > RANK_TOLERANCE * size)) return undefined;
    r[j]![j] = length;
    for (let t = 0; t < q.length; t++) q[t] = q[t]! / length;
    for (let i = j + 1; i < columns.length; i++) {
      const other = columns[i]!.values;
      const along = dot(q, other);
      r[j]![i] = along;
      addMultiple(other, q, -along);
    }
  }
  return r;
}

/** Solves R·x = b in place of b. */
function solveUpper(r: readonly Float64Array[], b: Float64Array): void {
  for (let i = b.length - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let j = i + 1; j < b.length; j++) sum -= r[i]![j]! * b[j]!;
    b[i] = sum / r[i]![i]!;
  }
}

function pseudoInverse(
  columns: readonly Centred[],
  r: readonly Float64Array[],
  rows: Uint32Array,
  length: number,
): Float64Array[] {
  const weights = Array.from({ length: columns.length + 1 }, () => new Float64Array(length));
  const row = new Float64Array(columns.length);
  for (let t = 0; t < rows.length; t++) {
    for (let j = 0; j < row.length; j++) row[j] = columns[j]!.values[t]!;
    solveUpper(r, row);
    let intercept = 1 / rows.length;
    for (let j = 0; j < row.length; j++) {
      weights[j + 1]![rows[t]!] = row[j]!;
      intercept -= columns[j]!.mean * row[j]!;
    }
    weights[0]![rows[t]!] = intercept;
  }
  return weights;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addMultiple(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + factor * b[i]!;
}
