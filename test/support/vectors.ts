import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Hand-worked cases of one function: data/golden/vectors/<its file>.json; null is NaN. */
export const vectors = <Case>(name: string): (Case & { readonly note: string })[] =>
  JSON.parse(readFileSync(new URL(`../../data/golden/vectors/${name}.json`, import.meta.url), 'utf8'));

export type Cell = number | null;

export const fromCells = (cells: readonly Cell[]): number[] => cells.map((cell) => cell ?? Number.NaN);

/** The tolerance of f64 on the host: 1e-12 relative; null is null and 0 is 0. */
export function expectClose(got: ArrayLike<number>, want: readonly Cell[], note: string): void {
  expect(got.length, note).toBe(want.length);
  want.forEach((cell, i) => {
    if (cell === null) expect(got[i], `${note}, ${i}`).toBeNaN();
    else
      expect(Math.abs(got[i]! - cell), `${note}, ${i}: ${got[i]}`).toBeLessThanOrEqual(
        1e-12 * Math.abs(cell),
      );
  });
}
