import { expect } from 'vitest';

type Cell = number | bigint;

/**
 * Both cells of each pair are the same, to the bit unless told otherwise. Vitest is told of the first that are not, and
 * of no others: `expect` takes a microsecond a cell.
 */
export function expectCells(
  column: string,
  rows: number,
  pair: (i: number) => readonly [got: Cell, want: Cell],
  same: (got: Cell, want: Cell) => boolean = Object.is,
): void {
  for (let i = 0; i < rows; i++) {
    const [got, want] = pair(i);
    if (!same(got, want)) expect.fail(`${column}[${i}] is ${got}, not ${want}`);
  }
}
