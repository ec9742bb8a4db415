import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../src/core/normal-cdf.js';
import { dsr } from '../../src/stats/dsr.js';
import { expectedMaximum } from '../../src/stats/expected-maximum.js';
import { minBacktestLength } from '../../src/stats/min-backtest-length.js';
import { minTrackRecord } from '../../src/stats/min-track-record.js';
import { psr } from '../../src/stats/psr.js';
import { type SharpeEstimate, sharpeEstimate } from '../../src/stats/sharpe-estimate.js';
import { sharpeP } from '../../src/stats/sharpe-p.js';
import { sharpeRatio } from '../../src/stats/sharpe-ratio.js';
import { noise } from '../support/series.js';

/** Estimate of normal returns. */
const normal = (sharpe: number, n: number): SharpeEstimate => ({ sharpe, n, skewness: 0, kurtosis: 3 });

describe('sharpeP', () => {
  it('keeps its digits where PSR rounds to 1', () => {
    const far = { sharpe: 1, n: 151, skewness: 0, kurtosis: 3 };
    expect(psr(far)).toBe(1);
    // z = √(150/1.5) = 10: 7.619853024160527e-24 (Abramowitz & Stegun, table 26.2: -log10 Q(10) = 23.11805)
    expect(sharpeP(far) / 7.619853024160527e-24).toBeCloseTo(1, 12);
    expect(-Math.log10(sharpeP(far))).toBeCloseTo(23.11805, 5);
  });

  it('adds up to 1 with PSR, and is null where that is', () => {
    const near = { sharpe: 0.1, n: 25, skewness: 0.3, kurtosis: 4 };
    expect(psr(near, 0.05) + sharpeP(near, 0.05)).toBeCloseTo(1, 15);
    expect(sharpeP({ ...near, n: 1 })).toBeNaN();
  });
});

describe('psr', () => {
  // Bailey & López de Prado (2012): 24 monthly returns, SR 0.458 a month; taken for normal 0.982, with the track
  // record's skewness -2.448 and kurtosis 10.164 0.913
  it('published: the hedge fund of two years', () => {
    expect(psr(normal(0.458, 24))).toBeCloseTo(0.982, 3);
    expect(psr({ sharpe: 0.458, n: 24, skewness: -2.448, kurtosis: 10.164 })).toBeCloseTo(0.913, 3);
  });

  it('M18: with γ3 = 0 and γ4 = 3 the denominator is √(1 + SR²/2); excess kurtosis fails that', () => {
    const estimate = normal(0.5, 37);
    expect(psr(estimate, 0.1)).toBeCloseTo(normalCdf((0.4 * 6) / Math.sqrt(1.125)), 14);
    // the known error: (0 - 1)/4 in the place of (3 - 1)/4
    expect(psr(estimate, 0.1, 'excess')).toBeCloseTo(normalCdf((0.4 * 6) / Math.sqrt(1 - 0.0625)), 14);
    expect(psr(estimate, 0.1, 'excess')).toBeGreaterThan(psr(estimate, 0.1));
  });

  it('is one half against itself, falls with the benchmark, rises with the record', () => {
    expect(psr(normal(0.2, 50), 0.2)).toBe(0.5);
    expect(psr(normal(0.2, 50), 0.1)).toBeLessThan(psr(normal(0.2, 50), 0));
    expect(psr(normal(0.2, 100))).toBeGreaterThan(psr(normal(0.2, 50)));
    const skewed = (skewness: number): number => psr({ sharpe: 0.2, n: 50, skewness, kurtosis: 5 });
    expect(skewed(1)).toBeGreaterThan(skewed(-1));
  });

  it('is null for fewer than two returns, no variance, or a root argument that is not positive', () => {
    expect(psr(normal(0.2, 1))).toBeNaN();
    expect(psr(normal(0.2, 0))).toBeNaN();
    expect(psr(sharpeEstimate(new Float64Array(10).fill(0.1)))).toBeNaN();
    // 1 - 2·1 + (5 - 1)/4·1 = 0
    expect(psr({ sharpe: 1, n: 10, skewness: 2, kurtosis: 5 })).toBeNaN();
    expect(psr({ sharpe: 2, n: 10, skewness: 0, kurtosis: 3 }, 0, 'excess')).toBeNaN();
  });

  it('is uniform under its null: true Sharpe ratios lie below a quantile as often as it says', () => {
    let below = 0;
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const returns = noise(run, 120).map((x) => x + 0.1);
      if (psr(sharpeEstimate(returns), 0.1) < 0.9) below++;
    }
    expect(Math.abs(below / runs - 0.9)).toBeLessThan(0.03);
  });
});

describe('expectedMaximum', () => {
  it('of ten and of a thousand unit normals, close to the exact values', () => {
    // the exact expectations are 1.53875 and 3.24144 (tables of normal order statistics)
    expect(Math.abs(expectedMaximum(10) - 1.53875)).toBeLessThan(0.04);
    expect(Math.abs(expectedMaximum(1000) - 3.24144)).toBeLessThan(0.02);
  });

  it('one trial has 0, whatever the variance over trials', () => {
    expect(expectedMaximum(1, 0.5)).toBe(0);
    expect(expectedMaximum(1, Number.NaN)).toBe(0);
    expect(expectedMaximum(2, Number.NaN)).toBeNaN();
  });

  it('grows with trials, fractions too, never below 0, with the root of the variance', () => {
    let before = 0;
    for (let trials = 1; trials < 50; trials += 0.1) {
      const value = expectedMaximum(trials);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
    expect(expectedMaximum(1e20)).toBeGreaterThan(9);
    expect(expectedMaximum(1e20)).toBeLessThan(10);
    expect(expectedMaximum(100, 4)).toBe(2 * expectedMaximum(100));
    expect(expectedMaximum(100, 0)).toBe(0);
  });

  it('refuses less than a trial', () => {
    expect(() => expectedMaximum(0)).toThrow('trials 0 must be at least 1');
    expect(() => expectedMaximum(Number.NaN)).toThrow('trials NaN');
    expect(() => expectedMaximum(2, -1)).toThrow('variance over trials -1 must be at least 0');
  });
});

describe('dsr', () => {
  // Bailey & López de Prado (2014): SR 2.5 a year over 1,250 days of 250 a year, skewness -3, kurtosis 10, variance ½ of
  // annual Sharpe ratios: 100 trials give a benchmark of 0.1132 a day and DSR 0.9004, 46 trials 0.9505; normal returns
  // would have allowed 88 trials for 0.9505
  const day = 2.5 / Math.sqrt(250);
  const variance = 1 / 2 / 250;

  it('published: the strategy of a hundred trials', () => {
    const estimate = { sharpe: day, n: 1250, skewness: -3, kurtosis: 10 };
    expect(expectedMaximum(100, variance)).toBeCloseTo(0.1132, 4);
    expect(dsr(estimate, 100, variance)).toBeCloseTo(0.9004, 4);
    expect(dsr(estimate, 46, variance)).toBeCloseTo(0.9505, 4);
    expect(dsr(normal(day, 1250), 88, variance)).toBeCloseTo(0.9505, 4);
  });

  it('excess kurtosis flatters', () => {
    const estimate = { sharpe: day, n: 1250, skewness: -3, kurtosis: 10 };
    expect(dsr(estimate, 100, variance, 'excess')).toBeGreaterThan(dsr(estimate, 100, variance));
  });

  it('one trial is PSR against 0, also without a variance over trials', () => {
    const estimate = sharpeEstimate(noise(5, 300).map((x) => x + 0.05));
    expect(dsr(estimate, 1, Number.NaN)).toBe(psr(estimate, 0));
  });

  it('the best of many trials without skill is not believed, as their number says', () => {
    let believed = 0;
    let naive = 0;
    for (let run = 0; run < 100; run++) {
      const trials = Array.from({ length: 40 }, (_, k) => noise(run * 40 + k + 1, 250));
      const sharpes = Float64Array.from(trials, sharpeRatio);
      const best = trials[sharpes.indexOf(Math.max(...sharpes))]!;
      const mean = sharpes.reduce((sum, s) => sum + s / 40, 0);
      const spread = sharpes.reduce((sum, s) => sum + (s - mean) ** 2 / 39, 0);
      if (psr(sharpeEstimate(best)) > 0.95) naive++;
      if (dsr(sharpeEstimate(best), 40, spread) > 0.95) believed++;
    }
    // 1 - 0.95^40 = 0.87
    expect(naive).toBeGreaterThan(75);
    expect(believed).toBeLessThan(10);
  });
});

describe('minTrackRecord', () => {
  // Bailey & López de Prado (2012): a Sharpe ratio of 2 a year to be above 1 at 95 %, normal returns, takes 2.73 years
  // of days, 2.83 of weeks and 3.24 of months
  it.each([
    [250, 2.73],
    [52, 2.83],
    [12, 3.24],
  ])('published: %d periods a year take %d years', (periods, years) => {
    const found = minTrackRecord(normal(2 / Math.sqrt(periods), 0), 1 / Math.sqrt(periods)) / periods;
    expect(found).toBeCloseTo(years, 2);
  });

  it('is the record at which PSR reaches the level', () => {
    const shape = { sharpe: 0.15, skewness: -1, kurtosis: 6 };
    for (const level of [0.9, 0.99]) {
      const n = minTrackRecord({ ...shape, n: 0 }, 0.05, level);
      expect(psr({ ...shape, n }, 0.05)).toBeCloseTo(level, 12);
    }
  });

  it('is null where the Sharpe ratio is not above the benchmark', () => {
    expect(minTrackRecord(normal(0.1, 0), 0.1)).toBeNaN();
    expect(minTrackRecord(normal(-0.1, 0))).toBeNaN();
    expect(minTrackRecord(normal(Number.NaN, 0))).toBeNaN();
    expect(() => minTrackRecord(normal(1, 0), 0, 1)).toThrow('track record level 1');
  });
});

describe('minBacktestLength', () => {
  // Bailey, Borwein, López de Prado & Zhu (2014): five years carry no more than 45 independent trials
  it('published: five years for 45 trials', () => {
    expect(minBacktestLength(45, 1)).toBeCloseTo(5, 1);
    expect(minBacktestLength(45, 2)).toBeCloseTo(minBacktestLength(45, 1) / 4, 14);
  });

  it('one trial needs none', () => {
    expect(minBacktestLength(1, 1)).toBe(0);
    expect(() => minBacktestLength(10, 0)).toThrow('target Sharpe ratio 0 must be above 0');
  });
});
