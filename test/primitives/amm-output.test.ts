import { expect, it } from 'vitest';
import { ammOutput } from '../../src/core/amm-output.js';
import { type Cell, expectClose, vectors } from '../support/vectors.js';

interface Case {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly fee: number;
  readonly expect: Cell;
}

it.each(vectors<Case>('amm-output'))('$note', ({ x, y, dx, fee, expect: want, note }) => {
  expectClose([ammOutput(x, y, dx, fee)], [want], note);
});

it('keeps x·y without a fee and raises it with one', () => {
  expect((1000 + 37) * (800 - ammOutput(1000, 800, 37, 0))).toBeCloseTo(800_000, 6);
  expect((1000 + 37) * (800 - ammOutput(1000, 800, 37, 0.003))).toBeGreaterThan(800_050);
});

it('refuses inputs and fees out of range', () => {
  expect(() => ammOutput(1, 1, -1, 0)).toThrow('AMM input -1 must be finite and at least 0');
  expect(() => ammOutput(1, 1, 1, 1)).toThrow('AMM fee 1 must be at least 0 and below 1');
});
