import { describe, expect, it } from 'vitest';
import { realityCheck } from '../../src/stats/reality-check.js';
import { resampledMeans } from '../../src/stats/resampled-means.js';
import { spa } from '../../src/stats/spa.js';
import { type Resamples, stationaryBootstrap } from '../../src/stats/stationary-bootstrap.js';
import { stationaryVariance } from '../../src/stats/stationary-variance.js';
import { autoregression, f64, noise } from '../support/series.js';

const centre = (series: Float64Array): Float64Array => {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return series.map((value) => value - mean);
};

/** Rows of one resample, one by one. */
const rowsOf = ({ rows, offsets, start, length }: Resamples, sample: number): number[] => {
  const out: number[] = [];
  for (let b = offsets[sample]!; b < offsets[sample + 1]!; b++)
    for (let i = 0; i < length[b]!; i++) out.push((start[b]! + i) % rows);
  return out;
};

/** Five trials: AR(1) with φ = 0.3, scales 1 to 2.2, means 0.10, 0.16, -0.05, 0.02, -0.9 over 200 rows. */
const ROWS = 200;
const trials = [0.1, 0.16, -0.05, 0.02, -0.9].map((mean, k) =>
  autoregression(10 + k, ROWS, 0.3).map((x) => x * (1 + 0.3 * k) + mean),
);

describe('stationaryBootstrap', () => {
  it('every resample has as many rows as the series, all of them rows of it', () => {
    for (const meanBlock of [1, 3.5, 50, 1e9]) {
      const resamples = stationaryBootstrap(37, { samples: 50, meanBlock, seed: 3 });
      for (let s = 0; s < 50; s++) {
        const rows = rowsOf(resamples, s);
        expect(rows.length).toBe(37);
        expect(Math.max(...rows)).toBeLessThan(37);
      }
    }
  });

  it('the same options give the same resamples, another seed others', () => {
    const a = stationaryBootstrap(100, { samples: 20, meanBlock: 5, seed: 9 });
    expect(stationaryBootstrap(100, { samples: 20, meanBlock: 5, seed: 9 })).toEqual(a);
    expect(stationaryBootstrap(100, { samples: 20, meanBlock: 5, seed: 10 }).start).not.toEqual(a.start);
    // fixed for good: results must not move between versions
    expect([...a.start.slice(0, 5)]).toEqual([99, 28, 84, 7, 3]);
    expect([...a.length.slice(0, 5)]).toEqual([1, 19, 17, 19, 1]);
  });

  it('blocks have their mean length, rows equal chances', () => {
    const rows = 500;
    const samples = 400;
    const resamples = stationaryBootstrap(rows, { samples, meanBlock: 8 });
    // a new block at row 0 and then with chance 1/8: 1 + 499/8 a resample
    const blocks = resamples.offsets[samples]! / samples;
    expect(Math.abs(blocks - (1 + 499 / 8))).toBeLessThan(1.5);
    const times = new Float64Array(rows);
    for (let s = 0; s < samples; s++) for (const row of rowsOf(resamples, s)) times[row]!++;
    // 400 draws a row; dependent within blocks of 8, so a deviation of some √(400·15)
    expect(Math.min(...times)).toBeGreaterThan(400 - 5 * Math.sqrt(400 * 15));
    expect(Math.max(...times)).toBeLessThan(400 + 5 * Math.sqrt(400 * 15));
  });

  it('a mean block beyond the series turns it on a circle', () => {
    const rows = rowsOf(stationaryBootstrap(50, { samples: 1, meanBlock: 1e12 }), 0);
    expect(rows.every((row, i) => i === 0 || row === (rows[i - 1]! + 1) % 50)).toBe(true);
  });

  it('refuses bad options in one line', () => {
    expect(() => stationaryBootstrap(0)).toThrow('bootstrap rows 0 must be at least 1');
    expect(() => stationaryBootstrap(10, { meanBlock: 0.5 })).toThrow(
      'bootstrap mean block 0.5 must be at least 1',
    );
    expect(() => stationaryBootstrap(10, { samples: 0 })).toThrow('bootstrap samples 0');
    expect(() => stationaryBootstrap(10, { seed: -1 })).toThrow('bootstrap seed -1');
  });
});

describe('resampledMeans', () => {
  it('are the means of the rows drawn', () => {
    for (const meanBlock of [1, 6, 200]) {
      const series = centre(autoregression(1, 60, 0.4));
      const resamples = stationaryBootstrap(60, { samples: 40, meanBlock });
      const means = resampledMeans(series, resamples);
      for (let s = 0; s < 40; s++) {
        const rows = rowsOf(resamples, s);
        expect(means[s]).toBeCloseTo(rows.reduce((sum, row) => sum + series[row]!, 0) / 60, 13);
      }
    }
  });
});

describe('stationaryVariance', () => {
  it('hand case 1, -1, 1, -1 with mean block 2: γ = 1, -3/4, 1/2, -1/4', () => {
    // κ_1 = ¾·½ + ¼·⅛ = 13/32, κ_2 = ½·¼ + ½·¼ = 1/4, κ_3 = ¼·⅛ + ¾·½ = 13/32
    // 1 + 2(-39/128 + 1/8 - 13/128) = 1 + 2·(-36/128) = 7/16
    expect(stationaryVariance(f64(1, -1, 1, -1), 2)).toBeCloseTo(7 / 16, 14);
  });

  // arch 8.0, SPA(...)._loss_diff_var with block_size 8 of the five trials
  it('agrees with the kernel formula as arch sums it', () => {
    const published = [
      1.5087466429226553, 3.6160903548221364, 4.464241259058501, 4.902691817018773, 9.448067499184933,
    ];
    trials.forEach((trial, k) => {
      expect(stationaryVariance(centre(trial), 8) / published[k]!).toBeCloseTo(1, 12);
    });
  });

  it('is the variance of resampled means', () => {
    const series = centre(autoregression(2, 300, 0.5));
    const means = resampledMeans(series, stationaryBootstrap(300, { samples: 20_000, meanBlock: 12 }));
    const variance = (300 * means.reduce((sum, mean) => sum + mean * mean, 0)) / means.length;
    expect(Math.abs(variance / stationaryVariance(series, 12) - 1)).toBeLessThan(0.05);
  });

  it('mean block 1 leaves the plain variance, an endless one none', () => {
    const series = centre(noise(3, 50));
    expect(stationaryVariance(series, 1)).toBeCloseTo(
      series.reduce((sum, x) => sum + (x * x) / 50, 0),
      14,
    );
    // every resample is the whole series, turned
    expect(Math.abs(stationaryVariance(series, 1e12))).toBeLessThan(1e-9);
  });
});

describe('realityCheck', () => {
  // arch 8.0, SPA(studentize=False, block_size=8, reps=100,000).pvalues['upper'] of the same five trials: 0.07756
  it('agrees with arch up to the error of the bootstrap', () => {
    const found = realityCheck(trials, { samples: 20_000, meanBlock: 8 });
    expect(found.statistic).toBeCloseTo(4.829796008774399, 12);
    expect(Math.abs(found.p - 0.07756)).toBeLessThan(0.008);
    expect(found.best).toBe(1);
  });

  it('hand case of the statistic: √4 · max(1, 2)', () => {
    expect(realityCheck([f64(0, 2, 1, 1), f64(3, 1, 2, 2)], { samples: 10 }).statistic).toBe(4);
  });

  it('holds its size over noise and finds what is planted', () => {
    let rejected = 0;
    for (let run = 0; run < 150; run++) {
      const noises = Array.from({ length: 10 }, (_, k) => autoregression(run * 10 + k + 1, 120, 0.3));
      if (realityCheck(noises, { samples: 200, meanBlock: 6 }).p <= 0.1) rejected++;
    }
    expect(rejected / 150).toBeLessThan(0.2);
    expect(rejected / 150).toBeGreaterThan(0.04);
    const planted = Array.from({ length: 50 }, (_, k) =>
      noise(k + 1, 400).map((x) => x + (k === 33 ? 0.35 : 0)),
    );
    expect(realityCheck(planted)).toMatchObject({ best: 33, p: 1 / 1001 });
  });

  it('copies of a trial change nothing, one far below the benchmark does not either', () => {
    const few = realityCheck(trials, { samples: 500 });
    expect(realityCheck([...trials, trials[1]!.slice()], { samples: 500 })).toEqual(few);
    expect(realityCheck(trials.toReversed(), { samples: 500 }).p).toBe(few.p);
  });

  it('a null trial is none, rows with a hole are left out', () => {
    const hole = trials.map((trial, k) => Float64Array.from([k === 0 ? Number.NaN : 5, ...trial]));
    const empty = new Float64Array(ROWS + 1).fill(Number.NaN);
    const found = realityCheck([empty, ...hole], { samples: 100 });
    expect(found.p).toBe(realityCheck(trials, { samples: 100 }).p);
    expect(found.best).toBe(2);
  });

  it('is null without a trial or with one row; best of losers is not found good', () => {
    expect(realityCheck([])).toEqual({ statistic: Number.NaN, p: Number.NaN, best: -1 });
    expect(realityCheck([f64(1, 2)], { samples: 10 }).p).not.toBeNaN();
    expect(realityCheck([f64(1)]).p).toBeNaN();
    expect(realityCheck([noise(1, 100).map((x) => x - 1)], { samples: 100 }).p).toBe(1);
  });
});

describe('spa', () => {
  // arch 8.0 with block_size 8 and 100,000 repetitions, trials divided by their ω (arch itself compares raw means)
  it('agrees with arch up to the error of the bootstrap', () => {
    const found = spa(trials, { samples: 20_000, meanBlock: 8 });
    expect(found.statistic).toBeCloseTo(2.539856333210088, 12);
    expect(Math.abs(found.lower - 0.01163)).toBeLessThan(0.003);
    expect(Math.abs(found.consistent - 0.01575)).toBeLessThan(0.0035);
    expect(Math.abs(found.upper - 0.02256)).toBeLessThan(0.0045);
    expect(found.best).toBe(1);
  });

  it('lower ≤ consistent ≤ upper', () => {
    for (let run = 0; run < 20; run++) {
      const some = Array.from({ length: 6 }, (_, k) =>
        noise(run * 6 + k + 1, 80).map((x) => x + 0.1 * (2 - k)),
      );
      const { lower, consistent, upper } = spa(some, { samples: 200 });
      expect(lower).toBeLessThanOrEqual(consistent);
      expect(consistent).toBeLessThanOrEqual(upper);
    }
  });

  it('a heap of hopeless trials takes power from the upper p alone', () => {
    const good = noise(1, 300).map((x) => x + 0.13);
    const poor = Array.from({ length: 60 }, (_, k) => noise(k + 10, 300).map((x) => x - 1));
    const alone = spa([good], { samples: 2000 });
    const among = spa([good, ...poor], { samples: 2000 });
    expect(among.consistent).toBe(alone.consistent);
    expect(among.lower).toBe(alone.lower);
    expect(among.upper).toBeGreaterThan(3 * alone.upper);
  });

  it('does not depend on leverage, trial by trial', () => {
    const levered = trials.map((trial, k) => trial.map((x) => x * 2 ** k));
    expect(spa(levered, { samples: 300 })).toEqual(spa(trials, { samples: 300 }));
  });

  it('losers have statistic 0 and p 1', () => {
    expect(spa([noise(1, 100).map((x) => x - 1)], { samples: 100 })).toMatchObject({
      statistic: 0,
      lower: 1,
      consistent: 1,
      upper: 1,
    });
  });

  it('is null without a trial, without variance and with two rows', () => {
    for (const none of [[], [new Float64Array(50).fill(0.1)], [f64(1, 2)]]) {
      expect(spa(none).consistent).toBeNaN();
      expect(spa(none).best).toBe(-1);
    }
    expect(spa([new Float64Array(ROWS), ...trials], { samples: 100 }).best).toBe(2);
  });
});
