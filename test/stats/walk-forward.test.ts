import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/stats/normal-quantile.js';
import { walkForward } from '../../src/stats/walk-forward.js';
import { integerIn, random } from '../support/random.js';
import { f64, noise } from '../support/series.js';

const NULL = Number.NaN;

describe('walkForward', () => {
  it('hand case: eight rows a second apart, labels of two, three tests', () => {
    const available = f64(0, 1, 2, 3, 4, 5, 6, 7);
    const folds = walkForward(
      available,
      available.map((t) => t + 2),
      { folds: 3 },
    );
    // parts 01 | 23 | 45 | 67; decided at 2, 4, 6: labels must have ended by then
    expect(folds.map((fold) => [...fold.test])).toEqual([
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    expect(folds.map((fold) => [...fold.train])).toEqual([[0], [0, 1, 2], [0, 1, 2, 3, 4]]);
    expect(folds.map((fold) => fold.decidedAt)).toEqual([2, 4, 6]);
    const gap = walkForward(
      available,
      available.map((t) => t + 2),
      { folds: 3, embargo: 1 },
    );
    expect(gap.map((fold) => [...fold.train])).toEqual([[], [0, 1], [0, 1, 2, 3]]);
    const rolling = walkForward(
      available,
      available.map((t) => t + 2),
      { folds: 3, trainSpan: 4 },
    );
    expect(rolling.map((fold) => [...fold.train])).toEqual([[0], [0, 1, 2], [2, 3, 4]]);
  });

  it('M29: no train row’s label overlaps a test row’s, nor was unknown when the model was decided', () => {
    const next = random(4);
    for (let run = 0; run < 40; run++) {
      const n = integerIn(next, 1, 120);
      let now = 0;
      const available = Float64Array.from({ length: n }, () => {
        now += integerIn(next, 0, 3);
        return now;
      });
      const end = available.map((t) => (next() < 0.1 ? NULL : t + integerIn(next, 0, 30)));
      const embargo = integerIn(next, 0, 5);
      const folds = walkForward(available, end, { folds: integerIn(next, 1, 6), embargo });
      const tested = folds.flatMap((fold) => [...fold.test]);
      expect(new Set(tested).size).toBe(tested.length);
      for (const { train, test, decidedAt } of folds) {
        const first = Math.min(...Array.from(test, (row) => available[row]!));
        expect(decidedAt).toBe(first);
        for (const row of train) {
          expect(available[row]).toBeLessThan(first);
          expect(end[row]! + embargo).toBeLessThanOrEqual(first);
        }
        for (const row of [...train, ...test]) expect(end[row]).not.toBeNaN();
      }
    }
  });

  it('a purge takes what overlaps and nothing else', () => {
    const available = Float64Array.from({ length: 60 }, (_, i) => i);
    const end = available.map((t) => t + 7);
    const [first] = walkForward(available, end, { folds: 2 });
    // decided at 20: rows 0 … 13 have ended
    expect(first!.train.length).toBe(14);
  });

  it('rows of one time stay on one side of a cut', () => {
    // a panel of three instruments: part 1 would start at row 4, inside time 1
    const available = f64(0, 0, 0, 1, 1, 1, 2, 2, 2);
    const folds = walkForward(
      available,
      available.map((t) => t + 1),
      { folds: 1 },
    );
    expect([...folds[0]!.test]).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...folds[0]!.train]).toEqual([0, 1, 2]);
  });

  it('M29: what is fitted on train rows does not move when test rows do', () => {
    const n = 200;
    const available = Float64Array.from({ length: n }, (_, i) => i);
    const [fold] = walkForward(
      available,
      available.map((t) => t + 3),
      { folds: 1 },
    );
    const feature = noise(1, n);
    const changed = feature.map((x, row) => (row >= fold!.decidedAt ? x * 100 : x));
    const threshold = (x: Float64Array): number => {
      const mean = fold!.train.reduce((sum, row) => sum + x[row]!, 0) / fold!.train.length;
      const square = fold!.train.reduce((sum, row) => sum + (x[row]! - mean) ** 2, 0) / fold!.train.length;
      return mean + Math.sqrt(square) * normalQuantile(0.9);
    };
    expect(threshold(changed)).toBe(threshold(feature));
    expect(fold!.train.length).toBeGreaterThan(90);
  });

  it('later rows do not move earlier folds’ train rows', () => {
    const available = Float64Array.from({ length: 40 }, (_, i) => i);
    const end = available.map((t) => t + 2);
    const known = end.map((t) => (t > 25 ? NULL : t));
    const train = (labels: Float64Array): number[] => [
      ...walkForward(available.slice(0, 20), labels.slice(0, 20), { folds: 3 })[1]!.train,
    ];
    expect(train(known)).toEqual(train(end));
  });

  it('few rows, none, and nulls', () => {
    expect(walkForward(f64(), f64())).toEqual([]);
    expect(walkForward(f64(NULL, NULL), f64(1, 2))).toEqual([]);
    const one = walkForward(f64(5), f64(6), { folds: 1 });
    expect(one.map((fold) => [...fold.train, -1, ...fold.test])).toEqual([[-1, 0]]);
    // all at one time: nothing is before the test
    expect(
      walkForward(f64(1, 1, 1, 1), f64(2, 2, 2, 2), { folds: 2 }).flatMap((fold) => [...fold.train]),
    ).toEqual([]);
  });

  it('refuses rows out of order and labels that end before they start', () => {
    expect(() => walkForward(f64(1, 0), f64(2, 2))).toThrow('available_at 0 must not fall below 1');
    expect(() => walkForward(f64(1), f64(0))).toThrow('label end 0 must not lie before available_at 1');
    expect(() => walkForward(f64(1), f64(1, 2))).toThrow('label ends 2 rows must be as many');
    expect(() => walkForward(f64(1), f64(1), { embargo: -1 })).toThrow('walk-forward embargo -1');
    expect(() => walkForward(f64(1), f64(1), { trainSpan: 0 })).toThrow('walk-forward train span 0');
    expect(() => walkForward(f64(1), f64(1), { folds: 0 })).toThrow('walk-forward folds 0');
  });
});
