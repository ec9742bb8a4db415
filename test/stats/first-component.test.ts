import { describe, expect, it } from 'vitest';
import { firstComponent } from '../../src/stats/first-component.js';
import { random } from '../support/random.js';

const near = (got: ArrayLike<number>, want: readonly number[], digits = 14): void =>
  want.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, digits);
  });

describe('first principal component', () => {
  it('of 2 × 2 matrices by hand', () => {
    // eigenvalues 2 and 1/2 along (3, 4)/5 and (4, -3)/5
    const { direction, variance, share } = firstComponent(Float64Array.of(1.04, 0.72, 0.72, 1.46), 2)!;
    near(direction, [0.6, 0.8]);
    near([variance, share], [2, 0.8]);
    // λ = (a + d)/2 ± √(((a - d)/2)² + b²) = 2 ± √2
    near([firstComponent(Float64Array.of(1, 1, 1, 3), 2)!.variance], [2 + Math.SQRT2]);
  });

  it('of a 3 × 3 matrix as LAPACK gives it', () => {
    const matrix = Float64Array.of(4, 2, 0.6, 2, 3, 0.4, 0.6, 0.4, 1);
    const { direction, variance, share } = firstComponent(matrix, 3)!;
    near(direction, [0.78022216, 0.60671881, 0.15213701], 8);
    near([variance, share], [5.67224142, 5.67224142 / 8], 8);
  });

  it('has length 1 and a positive sum, or a positive first element where the sum is 0', () => {
    // v = (5, -3, -1) sums to 1, -v to -1
    const v = [5, -3, -1];
    const { direction } = firstComponent(
      Float64Array.from({ length: 9 }, (_, i) => v[Math.floor(i / 3)]! * v[i % 3]!),
      3,
    )!;
    near(
      direction,
      v.map((x) => x / Math.sqrt(35)),
    );
    near(firstComponent(Float64Array.of(1, -1, -1, 1), 2)!.direction, [Math.SQRT1_2, -Math.SQRT1_2]);
    expect([...firstComponent(Float64Array.of(9), 1)!.direction]).toEqual([1]);
  });

  it('of a hundred dimensions is an eigenvector, and no direction varies more', () => {
    const next = random(8);
    const n = 100;
    const factor = Array.from({ length: n }, () => Array.from({ length: n }, () => next() - 0.45));
    const matrix = Float64Array.from({ length: n * n }, (_, at) =>
      factor.reduce((sum, row) => sum + row[Math.floor(at / n)]! * row[at % n]!, 0),
    );
    const times = (v: ArrayLike<number>): number[] =>
      Array.from({ length: n }, (_, i) => {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * v[j]!;
        return sum;
      });
    const before = matrix.slice();
    const { direction, variance } = firstComponent(matrix, n)!;
    expect(matrix).toEqual(before);
    near(
      times(direction),
      Array.from(direction, (w) => variance * w),
      9,
    );
    for (let trial = 0; trial < 50; trial++) {
      const v = Array.from({ length: n }, () => next() - 0.5);
      const square = v.reduce((sum, x) => sum + x * x, 0);
      const along = times(v).reduce((sum, x, i) => sum + x * v[i]!, 0);
      expect(along / square).toBeLessThanOrEqual(variance);
    }
  });

  it('is null where nothing varies', () => {
    expect(firstComponent(new Float64Array(4), 2)).toBeNull();
  });
});
