import { describe, expect, it } from 'vitest';
import { balancedHalves } from '../../src/stats/balanced-halves.js';
import { pbo } from '../../src/stats/pbo.js';
import { sharpeRatio } from '../../src/stats/sharpe-ratio.js';
import { combine, f64, noise } from '../support/series.js';

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 13));

describe('balancedHalves', () => {
  it('lists every split once', () => {
    expect([...balancedHalves(4)]).toEqual([0b0011, 0b0101, 0b1001]);
    expect([...balancedHalves(2)]).toEqual([1]);
    // ½·C(16, 8)
    expect(balancedHalves(16).length).toBe(6435);
    expect(new Set(balancedHalves(10)).size).toBe(126);
  });
});

describe('pbo', () => {
  /*
   * S = 4 blocks of one row, three trials, ranked by the mean. Sums over pairs of rows:
   *        01  23  02  13  03  12
   *   A     6   4   7   3   3   7
   *   B     5   3   4   4   3   5
   *   C     4   3   5   2   8  -1
   * 01 → A, over 23 rank 3: ω = 3/4, λ = ln 3.     23 → A, over 01 rank 3: ln 3.
   * 02 → A, over 13 rank 2: ω = 2/4, λ = 0.        13 → B, over 02 rank 1: ω = 1/4, λ = -ln 3.
   * 03 → C, over 12 rank 1: -ln 3.                 12 → A, over 03 level with B, ranks 1 and 2: ω = 1.5/4, λ = ln(1.5/2.5).
   */
  const three = [f64(3, 3, 4, 0), f64(2, 3, 2, 1), f64(5, -1, 0, 3)];

  it('hand case by the mean, with every kind of rank', () => {
    const found = pbo(three, { blocks: 4, measure: 'mean' });
    expect([...found.logits]).toEqual(
      close([Math.log(3), Math.log(3), 0, -Math.log(3), -Math.log(3), Math.log(0.6)]),
    );
    expect(found.pbo).toBe(4 / 6);
    expect(found.splits).toBe(6);
    expect([...found.inSample]).toEqual([3, 2, 3.5, 2, 4, 3.5]);
    expect([...found.outOfSample]).toEqual([2, 3, 1.5, 2, -0.5, 1.5]);
  });

  it('the tie at 0 is a parameter', () => {
    const share = (tie: 'overfit' | 'half' | 'sound'): number =>
      pbo(three, { blocks: 4, measure: 'mean', tie }).pbo;
    expect(share('overfit')).toBe(4 / 6);
    expect(share('half')).toBe(3.5 / 6);
    expect(share('sound')).toBe(3 / 6);
  });

  /*
   * S = 4, two trials, ranked by the Sharpe ratio: of two returns a and b it is (a + b)/(√2·|a - b|). Without √2:
   *        01    23   02    13    03    12
   *   A   3/1   8/2  4/2   7/2   6/4   5/1
   *   B   5/3   2/2  6/2   1/1   4/4   3/1
   * A wins 01, 23, 13, 03, 12 and B wins 02. Of the two a winner ranks 2 over 23, 01, 12, 03 and 1 over 13 (B, 1 < 3.5)
   * and over 02 (A, 2 < 3): λ = ln 2 four times, -ln 2 twice.
   */
  it('hand case by the Sharpe ratio', () => {
    const found = pbo([f64(1, 2, 3, 5), f64(4, 1, 2, 0)], { blocks: 4 });
    const two = Math.log(2);
    expect([...found.logits]).toEqual(close([two, two, -two, -two, two, two]));
    expect(found.pbo).toBe(2 / 6);
    expect([...found.inSample].map((sr) => sr * Math.SQRT2)).toEqual(close([3, 4, 3, 7 / 3, 1.5, 5]));
  });

  it('scores are the Sharpe ratios of the rows themselves, also where rows do not divide', () => {
    const trials = Array.from({ length: 5 }, (_, k) => noise(k + 1, 47).map((x) => x + 100));
    const found = pbo(trials, { blocks: 6 });
    // blocks end at floor(47·b/6) = 7, 15, 23, 31, 39, 47; the first split is blocks 0, 1, 2 against 3, 4, 5
    const best = Math.max(...trials.map((trial) => sharpeRatio(trial.subarray(0, 23))));
    const winner = trials.find((trial) => sharpeRatio(trial.subarray(0, 23)) === best)!;
    expect(found.inSample[0]).toBeCloseTo(best, 8);
    expect(found.outOfSample[0]).toBeCloseTo(sharpeRatio(winner.subarray(23)), 8);
    expect(found.splits).toBe(20);
  });

  it('noise alone is overfit half the time', () => {
    let sum = 0;
    const runs = 40;
    for (let run = 0; run < runs; run++)
      sum += pbo(
        Array.from({ length: 20 }, (_, k) => noise(run * 20 + k + 1, 160)),
        { blocks: 8 },
      ).pbo;
    expect(Math.abs(sum / runs - 0.5)).toBeLessThan(0.08);
  });

  it('one trial that is truly best is not', () => {
    const trials = Array.from({ length: 30 }, (_, k) =>
      noise(k + 1, 480).map((x) => x + (k === 11 ? 0.5 : 0)),
    );
    const found = pbo(trials);
    expect(found.pbo).toBe(0);
    expect(found.splits).toBe(12870);
  });

  it('trials fitted to one half of time alone are overfit throughout', () => {
    // each trial lives in its own block and loses outside it: whoever wins in sample loses out of it
    const trials = Array.from({ length: 8 }, (_, k) =>
      combine([0.1, noise(k + 1, 160)]).map((x, t) => x + (Math.floor(t / 20) === k ? 1 : -0.2)),
    );
    expect(pbo(trials, { blocks: 8 }).pbo).toBe(1);
  });

  it('does not depend on order or leverage of the trials', () => {
    const trials = Array.from({ length: 12 }, (_, k) => noise(k + 50, 96));
    const found = pbo(trials, { blocks: 8 });
    expect(pbo(trials.toReversed(), { blocks: 8 }).logits).toEqual(found.logits);
    expect(
      pbo(
        trials.map((trial, k) => trial.map((x) => x * 2 ** (k % 3))),
        { blocks: 8 },
      ).logits,
    ).toEqual(found.logits);
  });

  it('copies tie and share their rank', () => {
    const one = noise(3, 64);
    const found = pbo([one, one.slice(), one.slice()], { blocks: 4 });
    // rank 2 of 3 in every split
    expect([...found.logits]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(found.pbo).toBe(1);
  });

  it('a trial flat in a half has no score there: it neither wins nor is ranked', () => {
    // C trades in block 0 only: it is flat wherever block 0 is missing, 0.1 at a time so that sums round
    const a = f64(1, 2, 3, 5);
    const b = f64(4, 1, 2, 0);
    const c = f64(9, 0.1, 0.1, 0.1);
    const found = pbo([a, b, c], { blocks: 4 });
    // without C the splits 23, 13 and 12 are those of the two trials above, in sample
    expect([...found.inSample].filter((_, i) => i % 2 === 1).map((sr) => sr * Math.SQRT2)).toEqual(
      close([4, 7 / 3, 5]),
    );
    // C's (9.1)/(8.9) is below A's in 01 and 03 and below B's in 02, so C never wins; over 23 it is not ranked
    expect(found.logits[0]).toBeCloseTo(Math.log(2), 13);
    expect(found.splits).toBe(6);
    const only = pbo([c, new Float64Array(4).fill(0.1)], { blocks: 4 });
    expect(only.splits).toBe(0);
    expect(only.pbo).toBeNaN();
  });

  it('rows with a hole are left out, null trials too', () => {
    const trials = Array.from({ length: 4 }, (_, k) => noise(k + 1, 40));
    const gap = trials.map((trial, k) =>
      Float64Array.from([...trial.slice(0, 20), k === 2 ? Number.NaN : 7, ...trial.slice(20)]),
    );
    expect(pbo([...gap, new Float64Array(41).fill(Number.NaN)], { blocks: 4 })).toEqual(
      pbo(trials, { blocks: 4 }),
    );
  });

  it('is null for fewer than two trials or rows than blocks', () => {
    expect(pbo([noise(1, 64)]).pbo).toBeNaN();
    expect(pbo([]).pbo).toBeNaN();
    expect(pbo([noise(1, 15), noise(2, 15)]).pbo).toBeNaN();
    // one row a half has no variance
    expect(pbo([noise(1, 2), noise(2, 2)], { blocks: 2 }).pbo).toBeNaN();
    expect(pbo([noise(1, 2), noise(2, 2)], { blocks: 2, measure: 'mean' }).splits).toBe(2);
  });

  it('refuses odd blocks', () => {
    expect(() => pbo(three, { blocks: 3 })).toThrow('PBO blocks 3 must be even');
    expect(() => pbo(three, { blocks: 22 })).toThrow('PBO blocks 22 must be at most 20');
  });
});
