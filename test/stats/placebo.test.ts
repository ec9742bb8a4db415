import { describe, expect, it } from 'vitest';
import { signFlipPlacebo } from '../../src/stats/sign-flip-placebo.js';
import { type TimeShiftOptions, timeShiftPlacebo } from '../../src/stats/time-shift-placebo.js';
import { autoregression, combine, f64, noise } from '../support/series.js';

const NULL = Number.NaN;

describe('signFlipPlacebo', () => {
  it('hand case: of the eight sides of 0.1, 0.2, 0.3 two reach 0.4, so p tends to 1/4', () => {
    // 0.1 lost: 0.1·(-1) + 0.2 + 0.3 = 0.4, reached by it and by all gained
    const found = signFlipPlacebo(f64(-0.1, 0.2, 0.3), { samples: 40_000 });
    expect(Math.abs(found.p - 0.25)).toBeLessThan(0.01);
    expect(found.statistic).toBeCloseTo(0.4 / 3, 14);
    // 0.3 reaches 0.1 + 0.2: equal sums count although 0.1 + 0.2 - 0.3 is 5e-17; ≥ 0 is 5 of 8
    expect(Math.abs(signFlipPlacebo(f64(0.1, 0.2, -0.3), { samples: 40_000 }).p - 5 / 8)).toBeLessThan(0.01);
    expect(Math.abs(signFlipPlacebo(f64(-0.1, -0.2, 0.3), { samples: 40_000 }).p - 5 / 8)).toBeLessThan(0.01);
  });

  it('is small for skill, even for none, near 1 for the mirror', () => {
    const returns = noise(1, 250).map((x) => x + 0.3);
    expect(signFlipPlacebo(returns).p).toBe(1 / 1001);
    expect(signFlipPlacebo(returns.map((r) => -r)).p).toBe(1);
    let rejected = 0;
    for (let run = 0; run < 300; run++)
      if (signFlipPlacebo(noise(run + 1, 60), { samples: 199 }).p <= 0.1) rejected++;
    expect(Math.abs(rejected / 300 - 0.1)).toBeLessThan(0.05);
  });

  it('a sign for each block keeps the size under autocorrelation, a sign for each row does not', () => {
    const share = (block: number): number => {
      let rejected = 0;
      for (let run = 0; run < 300; run++)
        if (signFlipPlacebo(autoregression(run + 1, 400, 0.7), { samples: 199, block }).p <= 0.1) rejected++;
      return rejected / 300;
    };
    expect(share(1)).toBeGreaterThan(0.2);
    expect(share(40)).toBeLessThan(0.15);
  });

  it('nulls and zeros change nothing but the mean', () => {
    const returns = noise(2, 50).map((x) => x + 0.1);
    const holes = Float64Array.from([...returns.slice(0, 20), NULL, NULL, ...returns.slice(20)]);
    expect(signFlipPlacebo(holes)).toEqual(signFlipPlacebo(returns));
    const idle = signFlipPlacebo(Float64Array.from([...returns, ...new Float64Array(50)]));
    expect(idle.p).toBe(signFlipPlacebo(returns).p);
    expect(idle.statistic).toBeCloseTo(signFlipPlacebo(returns).statistic / 2, 14);
  });

  it('is null where there is nothing to flip', () => {
    for (const none of [f64(), f64(NULL), f64(0, 0, 0)])
      expect(signFlipPlacebo(none)).toEqual({ statistic: NULL, p: NULL, placebos: 0 });
  });

  it('is set by its seed', () => {
    const returns = noise(3, 80).map((x) => x + 0.1);
    expect(signFlipPlacebo(returns, { seed: 5 })).toEqual(signFlipPlacebo(returns, { seed: 5 }));
    expect(signFlipPlacebo(returns, { seed: 6 }).p).not.toBe(signFlipPlacebo(returns, { seed: 5 }).p);
    expect(() => signFlipPlacebo(returns, { block: 0 })).toThrow('placebo block 0 must be at least 1');
  });
});

/** Of one series. */
const shifted = (exposure: Float64Array, returns: Float64Array, options?: TimeShiftOptions) =>
  timeShiftPlacebo([{ exposure, returns }], options);

describe('timeShiftPlacebo', () => {
  it('hand case: exposures 1, 0, 0, 0 on returns 4, 1, 5, 2', () => {
    // shifts 1, 2, 3 earn 1, 5, 2: one of three reaches 4
    const found = shifted(f64(1, 0, 0, 0), f64(4, 1, 5, 2));
    expect(found).toEqual({ statistic: 1, p: 0.5, placebos: 3 });
    // at least two rows either way: shift 2 alone
    expect(shifted(f64(1, 0, 0, 0), f64(4, 1, 5, 2), { minShift: 2 })).toEqual({
      statistic: 1,
      p: 1,
      placebos: 1,
    });
  });

  it('finds skill that timing makes, and none in being long a drift', () => {
    const returns = noise(4, 600).map((x) => x + 0.2);
    const timed = returns.map((r, t) => Math.sign(r + 2 * noise(5, 600)[t]!));
    expect(shifted(timed, returns).p).toBe(1 / 600);
    expect(shifted(new Float64Array(600).fill(1), returns).p).toBe(1);
  });

  it('keeps its size for persistent exposures on persistent returns', () => {
    let rejected = 0;
    for (let run = 0; run < 300; run++) {
      const exposure = autoregression(run + 1, 300, 0.9).map(Math.sign);
      const returns = autoregression(5000 + run, 300, 0.5);
      if (shifted(exposure, returns, { minShift: 20, shifts: 199 }).p <= 0.1) rejected++;
    }
    expect(Math.abs(rejected / 300 - 0.1)).toBeLessThan(0.06);
  });

  it('shifts are spread over all allowed', () => {
    const found = shifted(noise(6, 500), noise(7, 500), { shifts: 100, minShift: 10 });
    expect(found.placebos).toBe(100);
    expect(shifted(noise(6, 50), noise(7, 50), { shifts: 100, minShift: 10 }).placebos).toBe(31);
  });

  it('nulls leave out products; nothing left is null', () => {
    expect(shifted(f64(1, NULL, 1, 1), f64(1, 2, NULL, 3)).statistic).toBe(2);
    for (const [exposure, returns] of [
      [f64(), f64()],
      [f64(1), f64(1)],
      [f64(NULL, NULL, 1), f64(1, 1, NULL)],
    ] as const)
      expect(shifted(exposure, returns).p).toBeNaN();
    expect(() => shifted(f64(1, 2), f64(1))).toThrow('returns 1 rows must be as many');
  });

  it('hand case of two series: both move by the same share at a time', () => {
    const series = [
      { exposure: f64(1, 0, 0, 0), returns: f64(4, 1, 5, 2) },
      { exposure: f64(0, 1), returns: f64(9, 3) },
    ];
    // shifts 1, 2, 3 of the first earn 1, 5, 2, and 9 with each of them as the second only has shift 1; unshifted 4 + 3
    expect(timeShiftPlacebo(series)).toEqual({ statistic: 7 / 6, p: 1, placebos: 3 });
    // the second is too short for a shift of 2
    expect(timeShiftPlacebo(series, { minShift: 2 })).toEqual({ statistic: 1, p: 1, placebos: 1 });
  });

  it('one factor in many series is one series: side by side they are no more certain', () => {
    let rejected = 0;
    for (let run = 0; run < 200; run++) {
      const exposure = autoregression(run + 1, 200, 0.8).map(Math.sign);
      const factor = noise(5000 + run, 200);
      const series = Array.from({ length: 20 }, (_, k) => ({
        exposure,
        returns: combine([1, factor], [0.3, noise(10_000 + 20 * run + k, 200)]),
      }));
      if (timeShiftPlacebo(series, { minShift: 10, shifts: 99 }).p <= 0.1) rejected++;
    }
    expect(Math.abs(rejected / 200 - 0.1)).toBeLessThan(0.06);
  });

  it('ties that differ by rounding count: an exposure that repeats reaches itself', () => {
    const exposure = Float64Array.from({ length: 90 }, (_, t) => [0.1, 0.7, 0.2][t % 3]!);
    const returns = Float64Array.from({ length: 90 }, (_, t) => [0.3, 0.9, 0.1][t % 3]!);
    // every third of the 89 shifts, 29 of them, is the strategy itself
    expect(shifted(exposure, returns)).toMatchObject({ p: 30 / 90, placebos: 89 });
  });
});
