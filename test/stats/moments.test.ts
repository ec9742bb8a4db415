import { describe, expect, it } from 'vitest';
import { autocorrelation } from '../../src/stats/autocorrelation.js';
import { sampleMoments } from '../../src/stats/sample-moments.js';
import { autoregression, f64 } from '../support/series.js';

const NULL = Number.NaN;

describe('sampleMoments', () => {
  it('hand case 1, 2, 3, 6: deviations -2, -1, 0, 3', () => {
    // Σd² = 14, Σd³ = -8 - 1 + 27 = 18, Σd⁴ = 16 + 1 + 81 = 98; m2 = 3.5, m3 = 4.5, m4 = 24.5
    const moments = sampleMoments(f64(1, 2, NULL, 3, 6));
    expect(moments.n).toBe(4);
    expect(moments.mean).toBe(3);
    expect(moments.variance).toBeCloseTo(14 / 3, 14);
    expect(moments.skewness).toBeCloseTo(4.5 / 3.5 ** 1.5, 14);
    expect(moments.kurtosis).toBeCloseTo(2, 14);
    expect(sampleMoments(f64(1, 2, 3, 6), 0).variance).toBeCloseTo(3.5, 14);
  });

  it('kurtosis is raw: two equal points have 1, the least there is', () => {
    expect(sampleMoments(f64(-1, 1, -1, 1)).kurtosis).toBe(1);
  });

  // scipy 1.17: mean, var(ddof=1), skew, kurtosis(fisher=False) of the same series
  it('agrees with scipy', () => {
    const moments = sampleMoments(autoregression(4, 50, 0.6));
    expect(moments.mean).toBeCloseTo(0.377993285593752, 14);
    expect(moments.variance).toBeCloseTo(1.292075205060634, 14);
    expect(moments.skewness).toBeCloseTo(-0.29011702413270435, 13);
    expect(moments.kurtosis).toBeCloseTo(3.1567370410886855, 13);
  });

  it('keeps its digits at a large mean', () => {
    expect(sampleMoments(f64(1e9, 1e9 + 1, 1e9 + 2), 0).variance).toBeCloseTo(2 / 3, 15);
    const series = autoregression(5, 400, 0);
    const moments = sampleMoments(series);
    const moved = sampleMoments(series.map((x) => Math.fround(x) + 2 ** 24));
    const still = sampleMoments(series.map((x) => Math.fround(x)));
    expect(moved.variance / still.variance).toBeCloseTo(1, 7);
    expect(moments.skewness).toBeCloseTo(moved.skewness, 6);
  });

  it('mends the rounding of the mean, here a third of a unit', () => {
    // 0, 1, 4 about 2^52, where f64 has whole numbers only: deviations -5/3, -2/3, 7/3
    const base = 2 ** 52;
    const moments = sampleMoments(f64(base, base + 1, base + 4), 0);
    expect(moments.variance).toBeCloseTo(26 / 9, 13);
    expect(moments.skewness).toBeCloseTo(70 / 27 / (26 / 9) ** 1.5, 13);
    expect(moments.kurtosis).toBeCloseTo(1.5, 13);
  });

  it('scale and sign: skewness turns with the sign, kurtosis does not', () => {
    const series = autoregression(6, 100, 0.2);
    const a = sampleMoments(series);
    const b = sampleMoments(series.map((x) => -4 * x));
    expect(b.mean).toBe(-4 * a.mean);
    expect(b.variance).toBe(16 * a.variance);
    expect(b.skewness).toBe(-a.skewness);
    expect(b.kurtosis).toBe(a.kurtosis);
  });

  it('a constant has variance 0 and no shape, although 0.1 + 0.1 + 0.1 is not 0.3', () => {
    expect(sampleMoments(f64(0.1, 0.1, 0.1))).toEqual({
      n: 3,
      mean: 0.1,
      variance: 0,
      skewness: NULL,
      kurtosis: NULL,
    });
  });

  it('none and one', () => {
    expect(sampleMoments(f64())).toEqual({
      n: 0,
      mean: NULL,
      variance: NULL,
      skewness: NULL,
      kurtosis: NULL,
    });
    expect(sampleMoments(f64(NULL, NULL)).mean).toBeNaN();
    expect(sampleMoments(f64(7))).toEqual({ n: 1, mean: 7, variance: NULL, skewness: NULL, kurtosis: NULL });
    expect(sampleMoments(f64(7), 0).variance).toBe(0);
  });
});

describe('autocorrelation', () => {
  it('hand case 1, 2, 3, 6: deviations -2, -1, 0, 3', () => {
    // ρ1 = (2 + 0 + 0)/14, ρ2 = (0 - 3)/14, ρ3 = -6/14
    const rho = autocorrelation(f64(1, 2, 3, 6), 3);
    expect([...rho].map((x) => x * 14)).toEqual([2, -3, -6].map((x) => expect.closeTo(x, 12)));
  });

  it('a null row drops its pairs and keeps the distance of its neighbours', () => {
    // deviations of 1, 2, 3, 6 with a hole after the first: no pair (1, 2) at lag 1, but one at lag 2
    const rho = autocorrelation(f64(1, NULL, 2, 3, 6), 2);
    expect(rho[0]).toBeCloseTo(0, 14);
    expect(rho[1]! * 14).toBeCloseTo(2 - 3, 12);
  });

  it('recovers the powers of φ', () => {
    const rho = autocorrelation(autoregression(7, 40_000, 0.6), 3);
    expect(rho[0]).toBeCloseTo(0.6, 1);
    expect(rho[2]).toBeCloseTo(0.216, 1);
  });

  it('is null for a constant', () => {
    expect([...autocorrelation(f64(2, 2, 2), 2)]).toEqual([NULL, NULL]);
  });
});
