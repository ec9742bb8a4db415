import { describe, expect, it } from 'vitest';
import { andrewsLags } from '../../src/stats/andrews-lags.js';
import { averageRanks } from '../../src/stats/average-ranks.js';
import { bartlettSum } from '../../src/stats/bartlett-sum.js';
import { correlationInterval } from '../../src/stats/correlation-interval.js';
import { pearson } from '../../src/stats/pearson.js';
import { rollingCorrelation } from '../../src/stats/rolling-correlation.js';
import { spearman } from '../../src/stats/spearman.js';
import { spearmanInfluence } from '../../src/stats/spearman-influence.js';
import { autoregression, combine, f64, noise } from '../support/series.js';

const NULL = Number.NaN;

describe('averageRanks', () => {
  it('equal values share the mean of their ranks, nulls have none', () => {
    expect([...averageRanks(f64(3, 1, NULL, 3, 2, 3))]).toEqual([4, 1, NULL, 4, 2, 4]);
    expect([...averageRanks(f64(5, 5))]).toEqual([1.5, 1.5]);
    expect([...averageRanks(f64())]).toEqual([]);
    expect([...averageRanks(f64(0, -0))]).toEqual([1.5, 1.5]);
  });

  it('sum to n(n + 1)/2 whatever the ties', () => {
    const ranks = averageRanks(noise(1, 501).map((x) => Math.round(x * 3)));
    expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((501 * 502) / 2);
  });
});

describe('pearson', () => {
  it('hand case: x = 1, 2, 3, 6 and y = 2, 1, 4, 5', () => {
    // deviations -2, -1, 0, 3 and -1, -2, 1, 2: products 2 + 2 + 0 + 6 = 10; squares 14 and 10
    expect(pearson(f64(1, 2, 3, 6), f64(2, 1, 4, 5), 2)).toBeCloseTo(10 / Math.sqrt(140), 14);
  });

  it('takes complete pairs only', () => {
    const gaps = pearson(f64(1, 2, NULL, 3, 9, 6), f64(2, 1, 7, 4, NULL, 5), 2);
    expect(gaps).toBe(pearson(f64(1, 2, 3, 6), f64(2, 1, 4, 5), 2));
  });

  it('is null under 30 pairs and for zero variance on either side', () => {
    const x = noise(2, 30);
    const y = noise(3, 30);
    expect(pearson(x, y)).not.toBeNaN();
    expect(pearson(x.slice(1), y.slice(1))).toBeNaN();
    expect(pearson(x, new Float64Array(30).fill(0.1))).toBeNaN();
    expect(pearson(new Float64Array(30).fill(0.1), y)).toBeNaN();
    expect(pearson(f64(), f64())).toBeNaN();
  });

  it('stays in [-1, 1], symmetric, unmoved by shift and scale, turned by sign', () => {
    const x = noise(4, 100);
    const y = combine([0.5, x], [1, noise(5, 100)]);
    expect(pearson(x, x)).toBeCloseTo(1, 14);
    expect(pearson(x, x)).toBeLessThanOrEqual(1);
    expect(
      pearson(
        x,
        x.map((value) => -3 * value),
      ),
    ).toBeCloseTo(-1, 14);
    expect(pearson(y, x)).toBe(pearson(x, y));
    expect(
      pearson(
        x.map((value) => -4 * value),
        y,
      ),
    ).toBe(-pearson(x, y));
    expect(
      pearson(
        x.map((value) => value + 1000),
        y,
      ),
    ).toBeCloseTo(pearson(x, y), 12);
  });

  it('survives magnitudes whose squares multiply past the range of f64', () => {
    const x = noise(4, 100).map((value) => value * 1e-90);
    const y = noise(5, 100).map((value) => value * 1e-90);
    expect(pearson(x, y)).toBeCloseTo(pearson(noise(4, 100), noise(5, 100)), 12);
  });
});

describe('spearman', () => {
  const x = noise(5, 40).map((value) => Math.round(2 * value));
  const y = combine([2, noise(6, 40)], [1, x]).map((value) => Math.round(value));

  // scipy 1.17 spearmanr of the same integers, with ties
  it('agrees with scipy under ties', () => {
    expect(spearman(x, y)).toBeCloseTo(0.5947799242123923, 13);
    expect(pearson(x, y)).toBeCloseTo(0.5973263678573942, 13);
  });

  it('depends on order alone', () => {
    expect(spearman(x, y)).toBe(spearman(x.map(Math.exp), y));
    expect(
      spearman(
        x,
        x.map((value) => value ** 3),
      ),
    ).toBeCloseTo(1, 14);
  });

  it('ranks among the complete pairs, not among all values', () => {
    // without the pair of the null: ranks 1, 2, 3, 4 and 1, 2, 3, 4
    expect(spearman(f64(1, 2, 2.5, 3, 4), f64(10, 20, NULL, 30, 40), 2)).toBeCloseTo(1, 14);
  });
});

describe('rollingCorrelation', () => {
  const x = autoregression(7, 400, 0.5);
  const y = combine([0.4, x], [1, noise(8, 400)]);

  it('is the correlation of each window, null until the first is full', () => {
    const rolling = rollingCorrelation(x, y, 288);
    expect(rolling[286]).toBeNaN();
    expect(rolling[287]).toBe(pearson(x.slice(0, 288), y.slice(0, 288)));
    expect(rolling[399]).toBe(pearson(x.slice(112), y.slice(112)));
    expect(rollingCorrelation(x, y, 40, spearman)[50]).toBe(spearman(x.slice(11, 51), y.slice(11, 51)));
  });

  it('never looks ahead', () => {
    expect(rollingCorrelation(x.slice(0, 300), y.slice(0, 300), 100)).toEqual(
      rollingCorrelation(x, y, 100).slice(0, 300),
    );
  });

  it('a window longer than the series is null throughout', () => {
    expect(rollingCorrelation(x, y, 500).every(Number.isNaN)).toBe(true);
  });
});

describe('spearmanInfluence', () => {
  it('is what one more pair changes, ties included', () => {
    // the empirical measure moved a little towards pair t: rank correlation of weighted mid-ranks, from its definition
    const x = noise(9, 60).map((value) => Math.round(4 * value));
    const y = combine([3, noise(10, 60)], [1, x]).map((value) => Math.round(value));
    const weighted = (w: readonly number[]): number => {
      const below = (v: Float64Array, at: number): number =>
        v.reduce((sum, b, s) => sum + w[s]! * (b < v[at]! ? 1 : b === v[at]! ? 0.5 : 0), 0) - 0.5;
      const a = Array.from(x, (_, t) => below(x, t));
      const b = Array.from(y, (_, t) => below(y, t));
      const mean = (p: number[], q: number[]): number =>
        p.reduce((sum, value, t) => sum + w[t]! * value * q[t]!, 0);
      return mean(a, b) / Math.sqrt(mean(a, a) * mean(b, b));
    };
    const even = Array.from({ length: 60 }, () => 1 / 60);
    const { rho, influence } = spearmanInfluence(x, y);
    expect(rho).toBeCloseTo(weighted(even), 12);
    for (const t of [0, 13, 37, 59]) {
      const toward = (step: number): number =>
        weighted(even.map((w, s) => (1 - step) * w + (s === t ? step : 0)));
      expect(influence[t]).toBeCloseTo((toward(1e-5) - toward(-1e-5)) / 2e-5, 6);
    }
    expect(influence.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
  });
});

describe('andrewsLags', () => {
  it('grows with persistence and rows, is 0 without', () => {
    // ρ = 0.5: α = 1/(9/16) = 16/9, 1.1447·(16000/9)^{1/3} = 13.9; the sample's ρ is near 0.5, not equal
    const lags = andrewsLags(autoregression(11, 1000, 0.5));
    expect(lags).toBeGreaterThanOrEqual(12);
    expect(lags).toBeLessThanOrEqual(15);
    expect(andrewsLags(autoregression(11, 8000, 0.5))).toBeGreaterThan(lags);
    expect(andrewsLags(new Float64Array(50).fill(2))).toBe(0);
    expect(andrewsLags(f64(1))).toBe(0);
    // a trend would ask for more lags than rows
    expect(andrewsLags(f64(1, 2, 3, 4))).toBeLessThanOrEqual(3);
  });
});

describe('correlationInterval', () => {
  const x = noise(1, 60);
  const y = combine([0.8, x], [-0.5, autoregression(2, 60, 0.7)], [1, autoregression(3, 60, 0.5)]);

  it('holds its formula, written out', () => {
    const found = correlationInterval(x, y, { lags: 3 });
    const mean = (v: Float64Array): number => v.reduce((sum, value) => sum + value, 0) / v.length;
    const standard = (v: Float64Array): Float64Array => {
      const m = mean(v);
      const sd = Math.sqrt(mean(v.map((value) => (value - m) ** 2)));
      return v.map((value) => (value - m) / sd);
    };
    const a = standard(x);
    const b = standard(y);
    const rho = mean(a.map((value, t) => value * b[t]!));
    const influence = a.map((value, t) => value * b[t]! - (rho / 2) * (value ** 2 + b[t]! ** 2));
    const error = Math.sqrt(bartlettSum(influence, influence, 3) / 60 / 57) / (1 - rho ** 2);
    expect(found.rho).toBeCloseTo(rho, 13);
    expect(found.lo).toBeCloseTo(Math.tanh(Math.atanh(rho) - 1.959963984540054 * error), 12);
    expect(found.hi).toBeCloseTo(Math.tanh(Math.atanh(rho) + 1.959963984540054 * error), 12);
    expect(found.lags).toBe(3);
    expect(found.pairs).toBe(60);
  });

  it('p is below 1 - level exactly where the interval leaves out 0', () => {
    let apart = 0;
    for (let run = 0; run < 200; run++) {
      const a = noise(100 + run, 60);
      const b = combine([0.25, a], [1, noise(400 + run, 60)]);
      for (const method of ['pearson', 'spearman'] as const) {
        const { lo, hi, p } = correlationInterval(a, b, { method, level: 0.9 });
        expect(p < 0.1).toBe(lo > 0 || hi < 0);
        if (p < 0.1) apart++;
      }
    }
    expect(apart).toBeGreaterThan(100);
    expect(apart).toBeLessThan(390);
  });

  /** Share of 95 % intervals that hold the true correlation of two AR(1) series with correlated innovations. */
  const coverage = (
    phi: number,
    rho: number,
    n: number,
    options: { lags?: number; method?: 'pearson' | 'spearman' },
    truth = rho,
  ): number => {
    const runs = 400;
    let held = 0;
    for (let run = 0; run < runs; run++) {
      const a = autoregression(10_000 + run, n, phi);
      const b = combine([rho, a], [Math.sqrt(1 - rho * rho), autoregression(20_000 + run, n, phi)]);
      const { lo, hi } = correlationInterval(a, b, options);
      if (lo <= truth && truth <= hi) held++;
    }
    return held / runs;
  };

  it.each([
    [0, 0, 200],
    [0, 0.6, 200],
    [0.5, 0, 400],
    [0.5, -0.5, 400],
    [0.8, 0, 1000],
    [0.8, 0.5, 1000],
  ])('covers at φ = %d, ρ = %d, n = %d', (phi, rho, n) => {
    // 400 runs: two standard errors are 0.022; persistence costs some coverage, as with any kernel estimator
    const held = coverage(phi, rho, n, {});
    expect(held).toBeGreaterThan(0.9);
    expect(held).toBeLessThan(0.98);
  });

  it('without lags it would not', () => {
    expect(coverage(0.8, 0, 1000, { lags: 0 })).toBeLessThan(0.75);
  });

  it('covers for Spearman, whose value under a normal law is (6/π)·arcsin(ρ/2)', () => {
    for (const [phi, rho] of [
      [0, 0.6],
      [0.5, -0.5],
    ] as const) {
      const truth = (6 / Math.PI) * Math.asin(rho / 2);
      const held = coverage(phi, rho, 400, { method: 'spearman' }, truth);
      expect(held).toBeGreaterThan(0.9);
      expect(held).toBeLessThan(0.98);
    }
  });

  it('keeps the distance across rows left out', () => {
    const a = autoregression(12, 200, 0.7);
    const b = autoregression(13, 200, 0.7);
    const holes = a.map((value, t) => (t % 2 === 1 ? NULL : value));
    const kept = (v: Float64Array): Float64Array => v.filter((_, t) => t % 2 === 0);
    // every other row left out: neighbours are two rows apart, and at one lag have no weight
    const apart = correlationInterval(holes, b, { lags: 1 });
    const alone = correlationInterval(kept(a), kept(b), { lags: 0 });
    expect(apart.lo).toBeCloseTo(alone.lo, 12);
    expect(apart.pairs).toBe(100);
  });

  it('mirror: the interval turns with the sign', () => {
    const found = correlationInterval(x, y);
    const turned = correlationInterval(
      x.map((value) => -value),
      y,
    );
    expect(turned.lo).toBe(-found.hi);
    expect(turned.p).toBe(found.p);
  });

  it('is null under 30 pairs and without variance; a perfect correlation has null bounds', () => {
    expect(correlationInterval(x.slice(0, 29), y.slice(0, 29)).rho).toBeNaN();
    expect(correlationInterval(x.slice(0, 29), y.slice(0, 29)).pairs).toBe(29);
    expect(correlationInterval(x, new Float64Array(60).fill(3)).p).toBeNaN();
    const perfect = correlationInterval(x, x);
    expect(perfect.rho).toBeCloseTo(1, 14);
    expect([perfect.lo, perfect.hi, perfect.p]).toEqual([NULL, NULL, NULL]);
    expect(correlationInterval(new Float64Array(60).fill(NULL), y).pairs).toBe(0);
  });

  it('refuses bad options in one line', () => {
    expect(() => correlationInterval(x, y, { level: 1 })).toThrow(
      'correlation level 1 must lie strictly between 0 and 1',
    );
    expect(() => correlationInterval(x, y, { lags: 60 })).toThrow('correlation lags 60 must be at most 59');
  });
});
