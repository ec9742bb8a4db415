import { expect, it } from 'vitest';
import type { FeeTier } from '../../src/core/fee-ladder.js';
import { type OwnFill, volumeFees } from '../../src/core/volume-fees.js';
import { vectors } from '../support/vectors.js';

interface Case {
  readonly ladder: readonly FeeTier[];
  readonly fills: readonly OwnFill[];
  readonly expect: { readonly fee: number[]; readonly trailing: number[]; readonly total: number };
}

it.each(vectors<Case>('volume-fees'))('$note', ({ ladder, fills, expect: want }) => {
  const { fee, trailing, total } = volumeFees(fills, ladder);
  expect({ fee: [...fee], trailing: [...trailing], total }).toEqual(want);
});
