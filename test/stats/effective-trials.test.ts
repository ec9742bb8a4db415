import { describe, expect, it } from 'vitest';
import { averageLinkage } from '../../src/stats/average-linkage.js';
import { correlationMatrix } from '../../src/stats/correlation-matrix.js';
import { effectiveTrials } from '../../src/stats/effective-trials.js';
import { pearson } from '../../src/stats/pearson.js';
import { integerIn, random } from '../support/random.js';
import { combine, f64, noise } from '../support/series.js';

/** `groups` common factors, each behind `size` trials with correlation `rho` inside a group. */
const sweep = (groups: number, size: number, rho: number, n = 500): Float64Array[] =>
  Array.from({ length: groups * size }, (_, k) =>
    combine([Math.sqrt(rho), noise(900 + Math.floor(k / size), n)], [Math.sqrt(1 - rho), noise(1 + k, n)]),
  );

describe('correlationMatrix', () => {
  it('holds Pearson’s correlation of every pair, across block bounds', () => {
    for (const [count, n] of [
      [1, 10],
      [5, 511],
      [6, 512],
      [7, 1025],
    ] as const) {
      const series = Array.from({ length: count }, (_, k) =>
        combine([1, noise(k + 1, n)], [0.3 * k, noise(99, n)]),
      );
      const matrix = correlationMatrix(series);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < count; j++)
          expect(matrix[i * count + j]).toBeCloseTo(i === j ? 1 : pearson(series[i]!, series[j]!, 2), 13);
    }
  });

  it('is null for a series without variance', () => {
    const matrix = correlationMatrix([f64(1, 2, 4), f64(3, 3, 3)]);
    expect([...matrix]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('averageLinkage', () => {
  const matrix = (n: number, entry: (i: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, at) => {
      const i = Math.floor(at / n);
      const j = at % n;
      return i === j ? 1 : entry(Math.min(i, j), Math.max(i, j));
    });

  it('hand case: a chain is not one cluster', () => {
    // similarities 01: 0.9, 12: 0.8, 02: 0.1. 0 and 1 join at 0.9; to 2 their mean is (0.8 + 0.1)/2 = 0.45
    const chain = matrix(3, (i, j) => (i === 0 && j === 1 ? 0.9 : i === 1 ? 0.8 : 0.1));
    expect([...averageLinkage(chain.slice(), 3, 0.5)]).toEqual([0, 0, 1]);
    expect([...averageLinkage(chain.slice(), 3, 0.45)]).toEqual([0, 0, 0]);
    expect([...averageLinkage(chain.slice(), 3, 0.95)]).toEqual([0, 1, 2]);
  });

  it('means are by members: three against one counts three times', () => {
    // 0, 1, 2 join at 0.9; 3 sees them at 0.9, 0.3, 0.3: mean 0.5, where a mean of cluster means would be 0.45 or 0.6
    const uneven = matrix(4, (i, j) => (j < 3 ? 0.9 : i === 0 ? 0.9 - 1e-9 : 0.3));
    expect([...averageLinkage(uneven.slice(), 4, 0.501)]).toEqual([0, 0, 0, 1]);
    expect([...averageLinkage(uneven.slice(), 4, 0.499)]).toEqual([0, 0, 0, 0]);
  });

  it('equals joining the closest pair first, on random similarities', () => {
    const next = random(5);
    for (let run = 0; run < 60; run++) {
      const n = integerIn(next, 1, 14);
      const drawn = Array.from({ length: n * n }, () => 2 * next() - 1);
      const similarity = matrix(n, (i, j) => drawn[i * n + j]!);
      const threshold = next();
      expect([...averageLinkage(similarity.slice(), n, threshold)]).toEqual(
        closestFirst(similarity, n, threshold),
      );
    }
  });

  it('ends where all are alike, and for none', () => {
    expect([
      ...averageLinkage(
        matrix(9, () => 0.5),
        9,
        0.5,
      ),
    ]).toEqual(new Array(9).fill(0));
    expect([
      ...averageLinkage(
        matrix(9, () => 0.5),
        9,
        0.51,
      ),
    ]).toEqual([...new Array(9).keys()]);
    expect([...averageLinkage(f64(), 0, 0.5)]).toEqual([]);
  });
});

/** The definition, a mean over members for every pair of clusters at every step. */
function closestFirst(similarity: Float64Array, n: number, threshold: number): number[] {
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const between = (a: number[], b: number[]): number =>
    a.reduce((sum, i) => sum + b.reduce((part, j) => part + similarity[i * n + j]!, 0), 0) /
    (a.length * b.length);
  for (;;) {
    let pair: [number[], number[]] | undefined;
    let most = threshold;
    for (const a of clusters)
      for (const b of clusters)
        if (a[0]! < b[0]! && between(a, b) >= most) {
          most = between(a, b);
          pair = [a, b];
        }
    if (!pair) break;
    const [a, b] = pair;
    clusters = [...clusters.filter((c) => c !== a && c !== b), [...a, ...b].sort((x, y) => x - y)];
  }
  clusters.sort((a, b) => a[0]! - b[0]!);
  return Array.from({ length: n }, (_, i) => clusters.findIndex((c) => c.includes(i)));
}

describe('effectiveTrials', () => {
  it('recovers planted groups', () => {
    const found = effectiveTrials(sweep(6, 8, 0.8));
    expect(found.clusters).toBe(6);
    expect([...found.labels]).toEqual(Array.from({ length: 48 }, (_, k) => Math.floor(k / 8)));
    expect(found.trials).toBe(48);
  });

  it('independent trials count each, copies once', () => {
    expect(effectiveTrials(sweep(20, 1, 0)).clusters).toBe(20);
    const one = noise(7, 100);
    const copies = effectiveTrials([one, one.slice(), one.map((x) => 3 * x)]);
    expect(copies.clusters).toBe(1);
    expect(copies.interpolated).toBeCloseTo(1, 12);
    expect(effectiveTrials([one, noise(8, 100)], 1).clusters).toBe(2);
    // a mirror is another trial
    expect(effectiveTrials([one, one.map((x) => -x)]).clusters).toBe(2);
  });

  it('hand case of the interpolation: ρ̄ = ½ makes 2½ trials of four', () => {
    // four corners of a cube's columns: a·b = ½ for each pair of these sums of orthogonal columns
    const base = [
      f64(1, -1, 1, -1, 1, -1, 1, -1),
      f64(1, 1, -1, -1, 1, 1, -1, -1),
      f64(1, 1, 1, 1, -1, -1, -1, -1),
    ];
    const common = f64(1, -1, -1, 1, -1, 1, 1, -1);
    const fourth = f64(1, -1, -1, 1, 1, -1, -1, 1);
    const trials = [...base, fourth].map((own) => combine([1, own], [1, common]));
    const found = effectiveTrials(trials, 0.6);
    expect(found.meanCorrelation).toBeCloseTo(0.5, 12);
    expect(found.interpolated).toBeCloseTo(2.5, 12);
    expect(found.clusters).toBe(4);
    expect(effectiveTrials(trials, 0.49).clusters).toBe(1);
  });

  it('does not depend on the order of the trials', () => {
    const trials = sweep(5, 4, 0.7);
    const turned = effectiveTrials(trials.toReversed());
    expect(turned.clusters).toBe(effectiveTrials(trials).clusters);
    expect(turned.meanCorrelation).toBeCloseTo(effectiveTrials(trials).meanCorrelation, 12);
  });

  it('leaves out trials that are null or never move', () => {
    const trials = [noise(1, 50), new Float64Array(50).fill(Number.NaN), new Float64Array(50), noise(2, 50)];
    const found = effectiveTrials(trials);
    expect([...found.labels]).toEqual([0, -1, -1, 1]);
    expect(found.trials).toBe(2);
  });

  it('one trial is one, none is none', () => {
    const one = effectiveTrials([noise(1, 50)]);
    expect([one.trials, one.clusters, one.interpolated]).toEqual([1, 1, 1]);
    expect(one.meanCorrelation).toBeNaN();
    const none = effectiveTrials([]);
    expect([none.trials, none.clusters, none.interpolated]).toEqual([0, 0, 0]);
  });

  it('refuses bad input in one line', () => {
    expect(() => effectiveTrials([f64(1, 2)], 0)).toThrow('cluster threshold 0 must lie in (0, 1]');
    expect(() => effectiveTrials([f64(1, 2), f64(1)])).toThrow('trial 1 rows must be as many');
    expect(() => effectiveTrials([f64(1, Number.POSITIVE_INFINITY)])).toThrow('must be finite or null');
  });
});
