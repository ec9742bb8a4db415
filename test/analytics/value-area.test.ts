import { describe, expect, it } from 'vitest';
import { valueArea } from '../../src/analytics/value-area/index.js';
import { volumeProfile } from '../../src/analytics/volume-profile/index.js';
import { bigAt, type ExactColumn } from '../../src/core/exact.js';
import { run } from '../../src/engine/run.js';
import { caseName, casesOf } from '../support/cases.js';
import { frameOf } from '../support/frames.js';
import { goldenCases, goldenInputs, shownColumn } from '../support/golden.js';
import { market } from '../support/markets.js';

describe('invariants of every rule', () => {
  it.each(casesOf('value-area').map((c) => [caseName(c), c] as const))(
    '%s',
    async (_, { params, market: options }) => {
      const frame = market(options);
      const { tables } = await run(valueArea, frame, params, { backend: 'cpu' });
      const { columns: c, rows } = tables.areas!.table;
      const at = (name: string, i: number): number => (c[name] as Float64Array)[i]!;
      const big = (name: string, i: number): bigint => bigAt(c[name] as ExactColumn, i);
      const share = BigInt(Math.round(((params.share as number | undefined) ?? 0.7) * 1e6));
      for (let i = 0; i < rows; i++) {
        expect(at('low_row', i)).toBeLessThanOrEqual(at('val_row', i));
        expect(at('val_row', i)).toBeLessThanOrEqual(at('poc_row', i));
        expect(at('poc_row', i)).toBeLessThanOrEqual(at('vah_row', i));
        expect(at('vah_row', i)).toBeLessThanOrEqual(at('high_row', i));
        // contained ≥ target, unless everything is contained already
        expect(big('contained_volume', i) * 1_000_000n >= share * big('volume', i)).toBe(true);
        expect(big('contained_volume', i) <= big('volume', i)).toBe(true);
      }
      // Σ volume of the areas = Σ volume of the profile rows = Σ lots
      const { row, rowTicks, rounding, session } = params as Record<string, never>;
      const profile = await run(
        volumeProfile,
        frame,
        { row, rowTicks, rounding, session },
        { backend: 'cpu' },
      );
      const sum = (column: ExactColumn): bigint =>
        Array.from(column.values, (_, i) => bigAt(column, i)).reduce((a, b) => a + b, 0n);
      expect(sum(c.volume as ExactColumn)).toBe(
        sum(profile.tables.rows!.table.columns.volume as ExactColumn),
      );
    },
  );
});

describe('a value area far from the next price', () => {
  it('steps over 50 million empty rows', async () => {
    const frame = frameOf([
      [
        { t: 0, k: 0, lots: 9, side: 'B' },
        { t: 1000, k: 50_000_000, lots: 4, side: 'S' },
      ],
    ]);
    const { tables } = await run(valueArea, frame, { rowTicks: 1, share: 1 }, { backend: 'cpu' });
    const c = tables.areas!.table.columns;
    expect([c.val, c.poc, c.vah].map((column) => (column as Float64Array)[0])).toEqual([0, 0, 500_000]);
  });
});

describe('parameters', () => {
  const frame = frameOf([[{ t: 0, k: 1, lots: 1, side: 'B' }]]);
  it.each([
    [{ share: 0 }, 'value-area share 0 must be at least 0.000001'],
    [{ share: 1.01 }, 'value-area share 1.01 must be at most 1'],
    [{ share: 0.1234567891 }, 'value-area share 0.1234567891 must have at most 9 decimals'],
    [{ step: 'three_rows' }, 'value-area step three_rows must be one of one_row, two_row_whole'],
  ])('%j', async (params, message) => {
    await expect(run(valueArea, frame, params as object, { backend: 'cpu' })).rejects.toThrow(message);
  });
});

it('M05: a result names its rule, and the rules do not agree on X1', async () => {
  const found = new Map<string, string>();
  for (const golden of goldenCases('value-area').filter(({ note }) => note.startsWith('X1'))) {
    const result = await run(valueArea, goldenInputs(golden), golden.params, { backend: 'cpu' });
    const area = ['val', 'vah'].map((name) => shownColumn(result.tables.areas!, name)[0]);
    found.set(result.params.step!, area.join('-'));
  }
  expect(Object.fromEntries(found)).toEqual({
    one_row: '22-24',
    two_row_whole: '21-25',
    two_row_minimal: '22-25',
    greedy_by_volume: '22-24',
  });
});
