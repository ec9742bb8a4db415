import { describe, expect, it } from 'vitest';
import { vpinBuckets } from '../../src/core/vpin-buckets.js';
import { integerIn, random } from '../support/random.js';
import { type Cell, fromCells, vectors } from '../support/vectors.js';

interface Case {
  readonly lots: readonly number[];
  readonly size: number;
  readonly n: number;
  readonly expect: Readonly<Record<'buy' | 'sell' | 'filledBy' | 'vpin', readonly Cell[]>> & {
    readonly remainder: number;
  };
}

it.each(vectors<Case>('vpin-buckets'))('$note', ({ lots, size, n, expect: want }) => {
  const got = vpinBuckets(lots, size, n);
  for (const name of ['buy', 'sell', 'filledBy', 'vpin'] as const)
    expect([...got[name]], name).toEqual(fromCells(want[name]));
  expect(got.remainder).toBe(want.remainder);
});

describe('M10', () => {
  const next = random(10);
  const lots = Array.from({ length: 400 }, () => integerIn(next, -40, 40));
  const size = 30;
  const whole = vpinBuckets(lots, size, 5);
  const full = (column: Float64Array): number[] => [...column].filter((value) => !Number.isNaN(value));

  it('splits exactly: every lot in its place', () => {
    // lot by lot, the slowest way
    const signs = lots.flatMap((q) => new Array<number>(Math.abs(q)).fill(Math.sign(q)));
    const buckets = Math.floor(signs.length / size);
    const buy = Array.from(
      { length: buckets },
      (_, i) => signs.slice(i * size, (i + 1) * size).filter((sign) => sign > 0).length,
    );
    expect(full(whole.buy)).toEqual(buy);
    expect(full(whole.sell)).toEqual(buy.map((b) => size - b));
    expect(buckets * size + whole.remainder).toBe(signs.length);
    for (let i = 4; i < buckets; i++) {
      const sum = buy.slice(i - 4, i + 1).reduce((total, b) => total + Math.abs(2 * b - size), 0);
      expect(whole.vpin[i]).toBe(sum / 150);
    }
  });

  it('stays in [0, 1]', () => {
    const values = full(whole.vpin);
    expect(values.length).toBeGreaterThan(200);
    for (const value of values) expect(value >= 0 && value <= 1, String(value)).toBe(true);
  });

  it('past buckets do not move when later trades are added', () => {
    for (const cut of [1, 7, 100, 399]) {
      const past = vpinBuckets(lots.slice(0, cut), size, 5);
      for (const name of ['buy', 'sell', 'filledBy', 'vpin'] as const) {
        const known = full(past[name]);
        expect(known, name).toEqual(full(whole[name]).slice(0, known.length));
      }
      // a bucket is there as soon as its last trade is
      expect(full(past.filledBy)).toEqual(full(whole.filledBy).filter((row) => row < cut));
    }
  });
});

it('swapped sides swap the buckets and leave VPIN', () => {
  const lots = [7, -6, 12, -15, 3];
  const [here, there] = [
    vpinBuckets(lots, 10, 2),
    vpinBuckets(
      lots.map((q) => -q),
      10,
      2,
    ),
  ];
  expect([...there.buy]).toEqual([...here.sell]);
  expect([...there.vpin]).toEqual([...here.vpin]);
});

it('is exact for lots near 2^53', () => {
  const { buy, sell, remainder } = vpinBuckets([2 ** 52 - 1, -(2 ** 52)], 2 ** 52, 1);
  expect([buy[0], sell[0], remainder]).toEqual([2 ** 52 - 1, 1, 2 ** 52 - 1]);
});

it('refuses what it cannot count', () => {
  expect(() => vpinBuckets([1], 0, 1)).toThrow('VPIN bucket size 0 must be an integer of at least 1');
  expect(() => vpinBuckets([1], 10, 1.5)).toThrow('VPIN buckets 1.5 must be an integer of at least 1');
  expect(() => vpinBuckets([1, Number.NaN], 10, 1)).toThrow('VPIN lots NaN must be an integer');
  expect(() => vpinBuckets([2 ** 52, 2 ** 52], 2 ** 50, 1)).toThrow('must stay below 2^53');
  expect(() => vpinBuckets([2 ** 40], 1, 1)).toThrow('VPIN bucket size 1 makes 1099511627776 buckets');
});
