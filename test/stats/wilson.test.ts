import { expect, it } from 'vitest';
import { normalQuantile } from '../../src/stats/normal-quantile.js';
import { wilson } from '../../src/stats/wilson.js';
import { expectClose, vectors } from '../support/vectors.js';

interface Case {
  readonly successes: number;
  readonly n: number;
  readonly level: number;
  readonly z: number;
  readonly absolute: number;
  readonly expect: { readonly lo: number; readonly hi: number };
}

it.each(vectors<Case>('wilson'))('$note', ({ successes, n, level, z, absolute, expect: want, note }) => {
  expectClose([normalQuantile((1 + level) / 2)], [z], note);
  const { lo, hi } = wilson(successes, n, level);
  expect(Math.abs(lo - want.lo)).toBeLessThanOrEqual(absolute);
  expect(Math.abs(hi - want.hi)).toBeLessThanOrEqual(absolute);
});
