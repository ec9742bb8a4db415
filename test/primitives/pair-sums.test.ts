import { describe, expect, it } from 'vitest';
import { decodeF64 } from '../../src/core/exact.js';
import { openGpu } from '../../src/gpu/device.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { correlationInterval } from '../../src/stats/correlation-interval.js';
import { correlationOf, fisherBound, fisherError, fisherP } from '../../src/stats/correlation-of-sums.js';
import { lagTable, type PairSums, pairLags, pairScratch, pairSums } from '../../src/stats/pair-sums.js';
import { describeGpu } from '../support/gpu.js';
import { random } from '../support/random.js';

const sumsOf = (x: Float64Array, y: Float64Array, given?: number): PairSums => {
  const out: PairSums = { n: 0, xx: 0, yy: 0, xy: 0, windows: 0 };
  pairSums(x, 0, y, 0, x.length, lagTable(x.length, given), pairScratch(x.length), out);
  return out;
};

/** Series that sums lose digits on: large means, outliers, few distinct values, trends, nulls, almost the same. */
const HARD: readonly (readonly [string, (next: () => number, i: number, before: number) => number])[] = [
  ['even', (next) => 2 * next() - 1],
  ['a large mean', (next) => 1e9 + next()],
  ['outliers', (next) => (next() < 0.01 ? 1e6 : next())],
  ['three values', (next) => Math.floor(3 * next())],
  ['a random walk', (next, _, before) => (before || 0) + next() - 0.5],
  ['a fifth known', (next, i) => (i % 5 === 0 ? next() : Number.NaN)],
  ['some unknown', (next) => (next() < 0.2 ? Number.NaN : next())],
  ['tiny', (next) => 1e-200 * next()],
  ['constant', () => 0.1],
];

const hardPairs = (rows: number): { name: string; x: Float64Array; y: Float64Array }[] => {
  const next = random(17);
  const series = HARD.map(([name, make]) => {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = make(next, i, values[i - 1]!);
    return { name, values };
  });
  const noisy = series[0]!.values.map((x) => x + 1e-7 * next());
  return [
    ...series.flatMap((a) => series.map((b) => ({ name: `${a.name}, ${b.name}`, x: a.values, y: b.values }))),
    { name: 'almost the same', x: series[0]!.values, y: noisy },
    { name: 'turned over', x: series[0]!.values, y: noisy.map((x) => -x) },
  ];
};

describe('sums of pairs', () => {
  it.each(hardPairs(300).map((pair) => [pair.name, pair] as const))(
    'give the correlation and the interval of the stats: %s',
    (_, { x, y }) => {
      const keep = Array.from(x, (a, i) => !Number.isNaN(a) && !Number.isNaN(y[i]!));
      const sums = sumsOf(x, y);
      expect(sums.n).toBe(keep.filter(Boolean).length);
      if (sums.n < 4) return;
      const lags = pairLags(sums.n, undefined);
      const complete = (values: Float64Array) => values.filter((_, i) => keep[i]);
      const want = correlationInterval(complete(x), complete(y), { lags, minPairs: 4 });
      const scale = Math.sqrt(sums.xx) * Math.sqrt(sums.yy);
      const rho = correlationOf(sums.xy, scale);
      const error = fisherError(rho, sums.n, scale, sums.windows, lags);
      const got = [
        rho,
        fisherBound(rho, error, 0.95, -1),
        fisherBound(rho, error, 0.95, 1),
        fisherP(rho, error),
      ];
      [want.rho, want.lo, want.hi, want.p].forEach((value, i) => {
        if (Number.isNaN(value)) expect(got[i]).toBeNaN();
        else expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(value)));
      });
    },
  );

  it('allow for every lag up to the number of pairs', () => {
    expect(Array.from(lagTable(4, 3))).toEqual([0, 0, 1, 2, 3]);
    expect(pairLags(100, undefined)).toBe(4);
    expect(pairLags(1e9, undefined)).toBe(63);
  });
});

describeGpu('sums of pairs on the GPU', () => {
  it('have the bits of the host for every pair and number of lags', async () => {
    const rows = 130;
    const pairs = hardPairs(rows);
    const gpu = await openGpu({ adapter: 'any' });
    const executor = createExecutor(gpu, { poison: true });
    const joined = (series: 'x' | 'y') =>
      Float64Array.from(pairs.flatMap((pair) => Array.from(pair[series])));
    const text = `
//#import pair-sums
@group(0) @binding(0) var<storage, read> x: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> y: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> lags: array<u32>;
@group(0) @binding(3) var<storage, read_write> counts: array<u32>;
@group(0) @binding(4) var<storage, read_write> sums: array<vec2<u32>>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  let found = pair_sums(&x, &y, &lags, PairRows(${rows}u * gid.x, ${rows}u * gid.x, ${rows}u));
  counts[gid.x] = found.n;
  sums[4u * gid.x] = found.xx;
  sums[4u * gid.x + 1u] = found.yy;
  sums[4u * gid.x + 2u] = found.xy;
  sums[4u * gid.x + 3u] = found.windows;
}`;
    try {
      for (const given of [undefined, 0, 1, 63]) {
        const { reads } = await executor.execute(
          {
            buffers: {
              x: { bytes: pairs.length * rows * 8, usage: 'storage' },
              y: { bytes: pairs.length * rows * 8, usage: 'storage' },
              lags: { bytes: (rows + 1) * 4, usage: 'storage' },
              counts: { bytes: pairs.length * 4, usage: 'storage' },
              sums: { bytes: pairs.length * 32, usage: 'storage' },
            },
            uploads: [
              { buffer: 'x', data: joined('x'), encode: 'f64' },
              { buffer: 'y', data: joined('y'), encode: 'f64' },
              { buffer: 'lags', data: lagTable(rows, given), encode: 'raw' },
            ],
            dispatches: [
              {
                ...{ shader: 'pairs', entry: 'main', constants: {} },
                bind: ['x', 'y', 'lags', 'counts', 'sums'],
                groups: [pairs.length, 1, 1],
              },
            ],
            reads: [
              { name: 'counts', buffer: 'counts', words: pairs.length },
              { name: 'sums', buffer: 'sums', words: pairs.length * 8 },
            ],
          },
          { pairs: { text } },
        );
        const sums = decodeF64(reads.sums!);
        pairs.forEach(({ name, x, y }, i) => {
          const want = sumsOf(x, y, given);
          const got = [reads.counts![i], ...sums.subarray(4 * i, 4 * i + 4)];
          expect(got, `${name}, lags ${given}`).toEqual([want.n, want.xx, want.yy, want.xy, want.windows]);
        });
      }
    } finally {
      await executor.close();
      await gpu.close();
    }
  });
});
