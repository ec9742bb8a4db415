import { expect, it } from 'vitest';
import { asOfQuotes } from '../../src/core/side-rules/as-of-quotes.js';
import { tradeSpreads } from '../../src/core/trade-spreads.js';
import { frameOf } from '../support/frames.js';
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

it('M20: the realised spread looks τ of time ahead, not τ rows', () => {
  const SECOND = 1_000_000;
  // a trade at 10 s, bought at 100.05; quotes come irregularly: four within a second, then one
  const frame = frameOf([[{ t: 10 * SECOND, k: 10_005, lots: 1, side: 'B' }]]);
  const mids = [100, 100.01, 99, 98, 100.02, 97];
  const quotes = {
    offsets: Uint32Array.of(0, mids.length),
    time: Float64Array.of(9, 10.2, 10.4, 10.6, 14.9, 15.5).map((at) => at * SECOND),
    sum: Float64Array.from(mids, (mid) => Math.round(200 * mid)),
    scale: Uint8Array.of(2),
  };
  const midAt = (lag: number) => [...asOfQuotes(frame, quotes, { lag })].map((row) => mids[row]!);
  const tau = 5 * SECOND;
  const { effective, realised, impact } = tradeSpreads([1], [100.05], midAt(0), midAt(-tau));
  // H6: the mid of 14.9 s stands at 15 s; five rows on it would be 97
  expect([effective[0], realised[0], impact[0]].map((bps) => Math.round(bps! * 1e9) / 1e9)).toEqual([
    10, 6, 4,
  ]);
});
