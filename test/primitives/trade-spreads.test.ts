import { expect, it } from 'vitest';
import { tradeSpreads } from '../../src/core/trade-spreads.js';
import { random } from '../support/random.js';
import { type Cell, expectClose, fromCells, vectors } from '../support/vectors.js';

interface Case {
  readonly side: readonly number[];
  readonly price: readonly number[];
  readonly mid: readonly Cell[];
  readonly laterMid: readonly Cell[];
  readonly expect: Readonly<Record<'effective' | 'realised' | 'impact', readonly Cell[]>>;
}

it.each(vectors<Case>('trade-spreads'))('$note', ({ side, price, mid, laterMid, expect: want, note }) => {
  const got = tradeSpreads(side, price, fromCells(mid), fromCells(laterMid));
  for (const name of ['effective', 'realised', 'impact'] as const)
    expectClose(got[name], want[name], `${note}: ${name}`);
});

it('effective = realised + impact', () => {
  const next = random(6);
  const column = () => Array.from({ length: 500 }, () => 100 + next());
  const { effective, realised, impact } = tradeSpreads(
    column().map((value) => (value > 100.5 ? 1 : -1)),
    ...([column(), column(), column()] as const),
  );
  // each is below 200 bps, and made of differences of prices near 100
  for (const [i, value] of effective.entries())
    expect(Math.abs(value - realised[i]! - impact[i]!)).toBeLessThan(1e-10);
});
