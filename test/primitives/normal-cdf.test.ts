import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../src/core/normal-cdf.js';

describe('normal distribution function', () => {
  // erfc(-x/√2)/2 by mpmath with 60 digits, to the nearest f64: independent of the series and the fraction here; the first five also
  // stand in Abramowitz & Stegun, table 26.1
  it.each([
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1, 0.8413447460685429],
    [2, 0.9772498680518208],
    [3, 0.9986501019683699],
    [0.1, 0.539827837277029],
    [1.959963984540054, 0.975],
    [8, 0.9999999999999993],
    [-1, 0.15865525393145705],
    [-3, 0.0013498980316300946],
    // either side of where the method changes
    [-1.4999, 0.0668201539998336],
    [-1.5001, 0.06679425048064647],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160525e-24],
    [-37, 5.725571222524577e-300],
  ])('Φ(%d)', (x, published) => {
    const value = normalCdf(x);
    expect(Math.abs(value - published)).toBeLessThan(2.3e-16);
    expect(Math.abs(value - published) / published).toBeLessThan(2.5e-15);
  });

  it('is 1 less its mirror, never falls, and stays in [0, 1.0]', () => {
    let before = 0;
    for (let x = -9; x <= 9; x += 1 / 64) {
      const value = normalCdf(x);
      expect(Math.abs(value + normalCdf(-x) - 1)).toBeLessThan(3e-16);
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value).toBeLessThanOrEqual(1);
      before = value;
    }
  });

  it('has its limits, and no value for NaN', () => {
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(-1e300)).toBe(0);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});
