import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/stats/benjamini-hochberg.js';
import { benjaminiYekutieli } from '../../src/stats/benjamini-yekutieli.js';
import { holm } from '../../src/stats/holm.js';
import { twoSidedP } from '../../src/stats/two-sided-p.js';
import { wilson } from '../../src/stats/wilson.js';
import { f64, noise } from '../support/series.js';

const NULL = Number.NaN;
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 14));
const methods = { holm, benjaminiHochberg, benjaminiYekutieli };

/** The fifteen p-values of Benjamini & Hochberg (1995), section 3.2. */
const published = f64(
  0.0001,
  0.0004,
  0.0019,
  0.0095,
  0.0201,
  0.0278,
  0.0298,
  0.0344,
  0.0459,
  0.324,
  0.4262,
  0.5719,
  0.6528,
  0.759,
  1,
);
const rejected = (p: Float64Array): number => p.filter((value) => value <= 0.05).length;

describe('adjusted p-values', () => {
  it('published: Bonferroni’s bound rejects three of the fifteen, the false discovery rate four', () => {
    expect(rejected(holm(published))).toBe(3);
    expect(rejected(benjaminiHochberg(published))).toBe(4);
    // 15/4 · 0.0095
    expect(benjaminiHochberg(published)[3]).toBeCloseTo(0.035625, 14);
  });

  it('hand case 0.01, 0.04, 0.03, 0.2', () => {
    const p = f64(0.01, 0.04, 0.03, 0.2);
    // 4·0.01; 2·0.04 < 3·0.03, so the larger of the two; 3·0.03; 1·0.2
    expect([...holm(p)]).toEqual(close([0.04, 0.09, 0.09, 0.2]));
    // 4/1·0.01; 4/3·0.04 = 0.0533… also for 0.03, whose own 4/2·0.03 = 0.06 is larger; 0.2
    expect([...benjaminiHochberg(p)]).toEqual(close([0.04, 4 * (0.04 / 3), 4 * (0.04 / 3), 0.2]));
    // times 1 + 1/2 + 1/3 + 1/4 = 25/12
    expect([...benjaminiYekutieli(p)]).toEqual(close([1 / 12, 1 / 9, 1 / 9, 5 / 12]));
  });

  it.each(Object.entries(methods))('%s: nulls stay null and do not count', (_, adjust) => {
    const p = f64(0.01, NULL, 0.04, 0.03, NULL, 0.2);
    const adjusted = adjust(p);
    expect([...adjusted].map(Number.isNaN)).toEqual([false, true, false, false, true, false]);
    expect([...adjusted.filter((value) => !Number.isNaN(value))]).toEqual([
      ...adjust(f64(0.01, 0.04, 0.03, 0.2)),
    ]);
    expect([...adjust(f64(NULL, NULL))]).toEqual([NULL, NULL]);
    expect([...adjust(f64())]).toEqual([]);
  });

  it.each(Object.entries(methods))(
    '%s: keeps order, is never below p, at most 1, alone p itself',
    (_, adjust) => {
      const p = noise(3, 200).map(twoSidedP);
      const adjusted = adjust(p);
      const order = [...p.keys()].sort((a, b) => p[a]! - p[b]!);
      for (let i = 0; i < 200; i++) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p[i]!);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        if (i > 0) expect(adjusted[order[i]!]).toBeGreaterThanOrEqual(adjusted[order[i - 1]!]!);
      }
      expect(adjust(f64(0.3))[0]).toBe(0.3);
      expect([...adjust(f64(0, 1))]).toEqual([0, 1]);
    },
  );

  it.each(Object.entries(methods))('%s: does not depend on the order of the tests', (_, adjust) => {
    const p = noise(4, 50).map(twoSidedP);
    expect(adjust(p.toReversed())).toEqual(adjust(p).toReversed());
  });

  it.each(Object.entries(methods))('%s: refuses what is no p-value', (_, adjust) => {
    expect(() => adjust(f64(0.5, 1.01))).toThrow('p-value 1.01 must lie in [0, 1]');
    expect(() => adjust(f64(-0.1))).toThrow('p-value -0.1');
  });

  it('control: shares of false discoveries and of runs with any false rejection stay below 5 %', () => {
    let anyFalse = 0;
    let falseShare = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      // ten effects of four standard errors among fifty
      const p = noise(100 + run, 50).map((z, i) => twoSidedP(i < 10 ? z + 4 : z));
      const isFalse = (adjusted: Float64Array): number =>
        adjusted.reduce((sum, value, i) => sum + (i >= 10 && value <= 0.05 ? 1 : 0), 0);
      if (isFalse(holm(p)) > 0) anyFalse++;
      const q = benjaminiHochberg(p);
      falseShare += isFalse(q) / Math.max(1, rejected(q)) / runs;
    }
    expect(anyFalse / runs).toBeLessThan(0.07);
    // BH is exact at the share of true nulls: 0.05 · 40/50
    expect(falseShare).toBeGreaterThan(0.025);
    expect(falseShare).toBeLessThan(0.055);
  });
});

describe('wilson', () => {
  it('W1: 55 of 100 at 95 %', () => {
    const { estimate, lo, hi } = wilson(55, 100);
    expect(estimate).toBe(0.55);
    expect(lo).toBeCloseTo(0.452446, 6);
    expect(hi).toBeCloseTo(0.643855, 6);
  });

  it('bounds are where the score test is at its limit', () => {
    for (const [successes, n] of [
      [3, 10],
      [1, 1000],
      [499, 500],
    ] as const) {
      const { lo, hi } = wilson(successes, n);
      for (const bound of [lo, hi]) {
        const z = (successes / n - bound) / Math.sqrt((bound * (1 - bound)) / n);
        expect(Math.abs(z)).toBeCloseTo(1.959963984540054, 10);
      }
    }
  });

  it('mirror, and the ends', () => {
    expect(wilson(45, 100).lo).toBeCloseTo(1 - wilson(55, 100).hi, 14);
    expect(wilson(0, 20).lo).toBe(0);
    expect(wilson(20, 20).hi).toBe(1);
    expect(wilson(0, 20).hi).toBeGreaterThan(0.1);
    // widens with the level
    expect(wilson(55, 100, 0.99).lo).toBeLessThan(wilson(55, 100).lo);
  });

  it('is null without a trial', () => {
    expect(wilson(0, 0)).toEqual({ estimate: NULL, lo: NULL, hi: NULL });
  });

  it('refuses what cannot be', () => {
    expect(() => wilson(11, 10)).toThrow('successes 11 must be at most 10');
    expect(() => wilson(1.5, 10)).toThrow('must be a whole number');
    expect(() => wilson(5, 10, 0)).toThrow('Wilson level 0 must lie strictly between 0 and 1');
  });
});
