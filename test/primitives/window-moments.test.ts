import { describe, expect, it } from 'vitest';
import { WindowMoments } from '../../src/core/window-moments.js';
import { zScore } from '../../src/core/z-score.js';
import { integerIn, random } from '../support/random.js';

/** n Σ x² - (Σ x)² in integers of any size. */
function scatterOf(list: readonly number[]): bigint {
  const big = list.map(BigInt);
  const sum = big.reduce((a, b) => a + b, 0n);
  return BigInt(list.length) * big.reduce((a, b) => a + b * b, 0n) - sum * sum;
}

describe('moments of a sliding window', () => {
  it('are exact for integers of every width, whatever has left the window', () => {
    const next = random(12);
    const moments = new WindowMoments();
    const list: number[] = [];
    for (let step = 0; step < 4000; step++) {
      const x = Math.floor(next() * 2 ** integerIn(next, 0, 47));
      list.push(x);
      moments.change(x, 1);
      if (list.length > 30) moments.change(list.shift()!, -1);
      expect([moments.count, moments.sum]).toEqual([list.length, list.reduce((a, b) => a + b, 0)]);
      const want = Number(scatterOf(list));
      expect(Math.abs(moments.scatter() - want)).toBeLessThanOrEqual(2 ** -50 * want);
    }
  });

  it('see a difference of 1 among values near 2^48, and none among equal ones', () => {
    const moments = new WindowMoments();
    for (let i = 0; i < 20; i++) moments.change(2 ** 48 - 1, 1);
    expect(moments.scatter()).toBe(0);
    expect(zScore(2 ** 48, 20, moments.sum, 0)).toBeNaN();
    moments.change(2 ** 48, 1);
    // 21 values, one 1 above: 21 · 1 - 1
    expect(moments.scatter()).toBe(20);
    moments.clear();
    expect([moments.count, moments.sum, moments.scatter()]).toEqual([0, 0, 0]);
  });

  it('z of 2^53 - 1 among three values is that of exact integers', () => {
    const list = [2 ** 51, 2 ** 51 + 3, 1];
    const moments = new WindowMoments();
    for (const x of list) moments.change(x, 1);
    // (3 x - Σ x) / √(3 · scatter / 2); the root by its square
    const x = 2 ** 53 - 1;
    const z = zScore(x, 3, moments.sum, moments.scatter());
    const numerator = 3n * BigInt(x) - list.map(BigInt).reduce((a, b) => a + b, 0n);
    const square = Number((numerator * numerator * 2n * 2n ** 60n) / (3n * scatterOf(list))) / 2 ** 60;
    expect(Math.abs(z * z - square)).toBeLessThanOrEqual(1e-14 * square);
    expect(zScore(5, 1, 5, 0)).toBeNaN();
  });
});
