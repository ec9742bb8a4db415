import { describe, expect, it } from 'vitest';
import type { Block, BlockColumn } from '../../src/dataset/block.js';
import { repeats } from '../../src/dataset/repeats.js';

const bands = (percentages: readonly number[], depth: (i: number) => number): Block => ({
  ...{ rows: percentages.length, ts: new Float64Array(percentages.length).fill(1e15) },
  ...{ seq: undefined, source: undefined, record: undefined },
  columns: new Map<string, BlockColumn>([
    ['percentage', Float64Array.from(percentages)],
    ['depth', Float64Array.from(percentages, (_, i) => depth(i))],
  ]),
});

describe('repeats', () => {
  it('tells duplicates from conflicts; -0 is 0 and null is null', () => {
    const block = bands([0.2, 0.4, 0.2, 0.4, 0, -0], (i) => (i === 3 ? 9 : Number.NaN));
    expect([...repeats('depth_bands', block)!]).toEqual([0, 0, 1, 2, 0, 1]);
  });

  it('takes time in proportion to the rows, whatever values they have', () => {
    // a scan of all earlier rows for each takes longer than a test may
    const n = 600_000;
    const fractions = Array.from({ length: n }, (_, i) => (i + 1) / 2 ** 20);
    expect(
      repeats(
        'depth_bands',
        bands(fractions, () => 1),
      ),
    ).toBeUndefined();
  });
});
