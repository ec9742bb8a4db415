import { it } from 'vitest';
import { impactRate } from '../../src/analytics/strategy-sweep/money.js';
import { RATE_UNIT } from '../../src/analytics/strategy-sweep/rules.js';
import { expectClose, vectors } from '../support/vectors.js';

interface Case {
  readonly y: number;
  readonly sigma: number;
  readonly lots: number;
  readonly volume: number;
  readonly expect: number;
}

it.each(vectors<Case>('impact-rate'))('$note', ({ y, sigma, lots, volume, expect: want, note }) => {
  // √V is in 2^-5
  expectClose([impactRate(y * sigma * RATE_UNIT, lots, 32 * Math.sqrt(volume)) / RATE_UNIT], [want], note);
});
