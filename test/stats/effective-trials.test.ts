import { describe, expect, it } from 'vitest';
import { averageLinkage, type Linkage } from '../../src/stats/average-linkage.js';
import { correlationMatrix } from '../../src/stats/correlation-matrix.js';
import { effectiveTrials } from '../../src/stats/effective-trials.js';
import { pearson } from '../../src/stats/pearson.js';
import { sampleMoments } from '../../src/stats/sample-moments.js';
import { silhouetteCut } from '../../src/stats/silhouette-cut.js';
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

/** Symmetric, 0 on the diagonal. */
const matrix = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    return i === j ? 0 : entry(Math.min(i, j), Math.max(i, j));
  });

/** Clusters of a tree cut to `clusters`, numbered by first appearance. */
function cutTo({ parent, order }: Linkage, n: number, clusters: number): number[] {
  const joined = new Set(order.subarray(0, n - clusters));
  const labels: number[] = [];
  let next = 0;
  for (let i = 0; i < n; i++) labels.push(joined.has(i) ? labels[parent[i]!]! : next++);
  return labels;
}

describe('averageLinkage', () => {
  it('hand case: a chain is joined by means', () => {
    // 0 and 1 join at 0.1; to 2 their mean distance is (0.2 + 0.9)/2 = 0.55
    const tree = averageLinkage(
      matrix(3, (i, j) => (i === 0 && j === 1 ? 0.1 : i === 1 ? 0.2 : 0.9)),
      3,
    );
    expect([...tree.order]).toEqual([1, 2]);
    expect([...tree.parent]).toEqual([0, 0, 0]);
    expect(tree.height[1]).toBe(0.1);
    expect(tree.height[2]).toBeCloseTo(0.55, 15);
  });

  it('means are by members: three against one counts three times', () => {
    // 0, 1, 2 join at 0.1; 3 sees them at 0.2, 0.7, 0.7: mean 1.6/3, where a mean of cluster means is 0.575 or 0.45
    const tree = averageLinkage(
      matrix(4, (i, j) => (j < 3 ? 0.1 : i === 0 ? 0.2 : 0.7)),
      4,
    );
    expect([...tree.order]).toEqual([1, 2, 3]);
    expect(tree.height[3]).toBeCloseTo(1.6 / 3, 15);
  });

  it('equals joining the closest pair first, on random distances', () => {
    const next = random(5);
    for (let run = 0; run < 60; run++) {
      const n = integerIn(next, 1, 14);
      const drawn = Array.from({ length: n * n }, () => next());
      const distance = matrix(n, (i, j) => drawn[i * n + j]!);
      const tree = averageLinkage(distance.slice(), n);
      for (let k = 1; k <= n; k++) expect(cutTo(tree, n, k)).toEqual(closestFirst(distance, n, k));
    }
  });

  it('ends where all are alike, and for none', () => {
    const tree = averageLinkage(
      matrix(9, () => 0.5),
      9,
    );
    for (const k of [1, 4, 9]) expect(new Set(cutTo(tree, 9, k)).size).toBe(k);
    expect([...averageLinkage(f64(), 0).order]).toEqual([]);
  });
});

/** The definition, a mean over members for every pair of clusters at every step. */
function closestFirst(distance: Float64Array, n: number, count: number): number[] {
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const between = (a: number[], b: number[]): number =>
    a.reduce((sum, i) => sum + b.reduce((part, j) => part + distance[i * n + j]!, 0), 0) /
    (a.length * b.length);
  while (clusters.length > count) {
    let pair: [number[], number[]] = [[], []];
    let least = Number.POSITIVE_INFINITY;
    for (const a of clusters)
      for (const b of clusters)
        if (a[0]! < b[0]! && between(a, b) < least) {
          least = between(a, b);
          pair = [a, b];
        }
    const [a, b] = pair;
    clusters = [...clusters.filter((c) => c !== a && c !== b), [...a, ...b].sort((x, y) => x - y)];
  }
  clusters.sort((a, b) => a[0]! - b[0]!);
  return Array.from({ length: n }, (_, i) => clusters.findIndex((c) => c.includes(i)));
}

/** The definition, item by item. */
function silhouettesOf(distance: Float64Array, labels: readonly number[]): number[] {
  const n = labels.length;
  return labels.map((label, i) => {
    const to = (other: number): number[] =>
      [...labels.keys()].filter((j) => j !== i && labels[j] === other).map((j) => distance[i * n + j]!);
    const mean = (values: number[]): number => values.reduce((x, y) => x + y, 0) / values.length;
    if (to(label).length === 0) return 0;
    const a = mean(to(label));
    const b = Math.min(...[...new Set(labels)].filter((other) => other !== label).map((l) => mean(to(l))));
    return Math.max(a, b) === 0 ? 0 : (b - a) / Math.max(a, b);
  });
}

describe('silhouetteCut', () => {
  it('hand case: 0, 1, 10 and 11 on a line are two pairs', () => {
    const at = [0, 1, 10, 11];
    const distance = matrix(4, (i, j) => at[j]! - at[i]!);
    const found = silhouetteCut(distance.slice(), 4, averageLinkage(distance.slice(), 4), 0.25);
    expect([...found.labels]).toEqual([0, 0, 1, 1]);
    // 0 is 1 from its pair and (10 + 11)/2 from the other; 1 is (9 + 10)/2 from it
    for (const [i, want] of [9.5 / 10.5, 8.5 / 9.5, 8.5 / 9.5, 9.5 / 10.5].entries())
      expect(found.silhouettes[i]).toBeCloseTo(want, 14);
    // 0.9 in the mean
    const none = silhouetteCut(distance.slice(), 4, averageLinkage(distance.slice(), 4), 0.91);
    expect([none.clusters, ...none.labels, ...none.silhouettes]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  /** Of the cuts of a tree by the definition, the one of the largest mean silhouette. */
  function bestCut(distance: Float64Array, n: number, tree: Linkage): number[] {
    let best: number[] = new Array(n).fill(0);
    let most = 0.25;
    for (let k = n - 1; k >= 2; k--) {
      const labels = cutTo(tree, n, k);
      const { mean } = sampleMoments(Float64Array.from(silhouettesOf(distance, labels)));
      if (mean > most + 1e-12) {
        most = mean;
        best = labels;
      }
    }
    return best;
  }

  it('is the best of all cuts by the definition, on random points', () => {
    const next = random(17);
    let counts = 0;
    for (let run = 0; run < 80; run++) {
      const n = integerIn(next, 3, 24);
      const groups = integerIn(next, 1, 6);
      const x = Array.from({ length: n }, () => 4 * integerIn(next, 0, groups) + next());
      const y = Array.from({ length: n }, () => next());
      const distance = matrix(n, (i, j) => Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!));
      const tree = averageLinkage(distance.slice(), n);
      const best = bestCut(distance, n, tree);
      const found = silhouetteCut(distance.slice(), n, tree, 0.25);
      expect([...found.labels]).toEqual(best);
      counts += found.clusters;
      if (found.clusters > 1)
        silhouettesOf(distance, best).forEach((value, i) => {
          expect(found.silhouettes[i]).toBeCloseTo(value, 12);
        });
    }
    expect(counts).toBeGreaterThan(160);
  });

  it('is so too where a cluster swallows one item after another, and where items are the same', () => {
    const next = random(23);
    const copies = Array.from({ length: 60 }, () => integerIn(next, 0, 9) ** 2);
    const shells = Array.from({ length: 60 }, (_, i) => 1.07 ** i + next() / 10);
    for (const at of [copies, shells, [...copies.slice(30), ...shells.slice(40).map((x) => 200 + x)]]) {
      const n = at.length;
      const distance = matrix(n, (i, j) => Math.abs(at[j]! - at[i]!));
      const tree = averageLinkage(distance.slice(), n);
      const found = silhouetteCut(distance.slice(), n, tree, 0.25);
      expect([...found.labels]).toEqual(bestCut(distance, n, tree));
      expect(found.clusters).toBeGreaterThan(1);
      for (const [i, value] of silhouettesOf(distance, [...found.labels]).entries())
        expect(found.silhouettes[i]).toBeCloseTo(value, 12);
    }
  });
});

describe('effectiveTrials', () => {
  it.each([
    [2, 30, 0.8],
    [6, 8, 0.8],
    [12, 5, 0.7],
    [25, 8, 0.9],
  ])('recovers %i planted groups of %i', (groups, size, rho) => {
    const found = effectiveTrials(sweep(groups, size, rho));
    expect([found.effective, found.clusters, found.trials]).toEqual([groups, groups, groups * size]);
    expect([...found.labels]).toEqual(Array.from({ length: groups * size }, (_, k) => Math.floor(k / size)));
    expect(found.silhouette).toBeGreaterThan(0.4);
  });

  it('finds groups that all correlate with one another, where a fixed bound on correlation sees one', () => {
    const market = noise(77, 500);
    const trials = sweep(9, 6, 0.9).map((own) => combine([Math.sqrt(0.7), market], [Math.sqrt(0.3), own]));
    const found = effectiveTrials(trials);
    // 0.7 between groups, 0.97 inside
    expect(found.meanCorrelation).toBeGreaterThan(0.65);
    expect(found.effective).toBe(9);
  });

  it('independent trials count each, alone and beside a group', () => {
    expect(effectiveTrials(sweep(20, 1, 0)).effective).toBe(20);
    expect(effectiveTrials(sweep(200, 1, 0)).effective).toBeGreaterThan(190);
    const found = effectiveTrials([...sweep(1, 30, 0.85), ...sweep(41, 1, 0).slice(31)]);
    expect(Math.abs(found.effective - 11)).toBeLessThanOrEqual(1);
  });

  it('trials that are all alike count once, also where rounding tells them apart', () => {
    const one = noise(7, 100);
    for (const count of [2, 3, 40]) {
      const copies = Array.from({ length: count }, (_, k) => one.map((x) => (1 + k / 7) * x));
      expect(effectiveTrials(copies).effective).toBe(1);
    }
    // a mirror is another trial
    expect(effectiveTrials([one, one.map((x) => -x)]).effective).toBe(2);
    expect(effectiveTrials([one, one.map((x) => 2 * x), one.map((x) => -x)]).effective).toBe(2);
  });

  it('copies change nothing, beside others or of all', () => {
    const alone = sweep(20, 1, 0);
    const copies = [2, 3, 5].map((size) => alone[7]!.map((x) => size * x));
    const found = effectiveTrials([...alone, ...copies]);
    expect([found.effective, found.trials]).toEqual([20, 23]);
    expect([...found.labels.subarray(20)]).toEqual(new Array(3).fill(found.labels[7]));
    // one that all follow makes no clusters of pairs: ρ̄ = ½, so 15½ of 30
    const market = noise(77, 4000);
    const alike = sweep(30, 1, 0, 4000).map((own) => combine([1, market], [1, own]));
    const once = effectiveTrials(alike);
    expect(Math.abs(once.effective - 15.5)).toBeLessThan(1);
    const { trials: _, labels: __, ...twice } = effectiveTrials([...alike, ...alike.toReversed()]);
    expect(once).toMatchObject(twice);
  });

  it('lies between one and the number of trials', () => {
    const next = random(31);
    for (let run = 0; run < 200; run++) {
      const rows = integerIn(next, 2, 12);
      const factors = Array.from({ length: 3 }, (_, k) => noise(1000 + 3 * run + k, rows));
      const trials = Array.from({ length: integerIn(next, 1, 20) }, (_, k) =>
        combine([integerIn(next, -1, 1), factors[k % 3]!], [next(), noise(5000 + 20 * run + k, rows)]),
      );
      const { effective, trials: counted } = effectiveTrials(trials);
      expect(counted).toBe(trials.length);
      expect(effective).toBeGreaterThanOrEqual(1);
      expect(effective).toBeLessThanOrEqual(counted);
    }
  });

  it('hand case without structure: ρ̄ = ½ makes 3½ trials of six', () => {
    // rows of a Hadamard matrix of order 8 are orthogonal: each pair of the sums has correlation ½
    const row = (k: number): Float64Array =>
      Float64Array.from({ length: 8 }, (_, t) => ([1, 2, 4].filter((b) => b & k & t).length % 2 ? -1 : 1));
    const trials = [1, 2, 3, 4, 5, 6].map((k) => combine([1, row(k)], [1, row(7)]));
    const found = effectiveTrials(trials);
    expect(found.meanCorrelation).toBeCloseTo(0.5, 12);
    // ½ + ½·6 = 3.5, to the next whole number
    expect([found.clusters, found.effective]).toEqual([1, 4]);
    expect(effectiveTrials(trials.slice(0, 5)).effective).toBe(3);
  });

  it('does not depend on the order of the trials', () => {
    const trials = sweep(5, 4, 0.7);
    const turned = effectiveTrials(trials.toReversed());
    expect(turned.effective).toBe(effectiveTrials(trials).effective);
    expect(turned.meanCorrelation).toBeCloseTo(effectiveTrials(trials).meanCorrelation, 12);
  });

  it('leaves out trials that are null or never move', () => {
    const trials = [noise(1, 50), new Float64Array(50).fill(Number.NaN), new Float64Array(50), noise(2, 50)];
    const found = effectiveTrials(trials);
    expect([...found.labels]).toEqual([0, -1, -1, 0]);
    expect([found.trials, found.effective]).toEqual([2, 2]);
  });

  it('one trial is one, none is none', () => {
    const one = effectiveTrials([noise(1, 50)]);
    expect([one.trials, one.clusters, one.effective]).toEqual([1, 1, 1]);
    expect(one.meanCorrelation).toBeNaN();
    const none = effectiveTrials([]);
    expect([none.trials, none.clusters, none.effective]).toEqual([0, 0, 0]);
  });

  it('refuses bad input in one line', () => {
    expect(() => effectiveTrials([f64(1, 2), f64(1)])).toThrow('trial 1 rows must be as many');
    expect(() => effectiveTrials([f64(1, Number.POSITIVE_INFINITY)])).toThrow('must be finite or null');
  });
});
