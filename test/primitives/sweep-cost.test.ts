import { expect, it } from 'vitest';
import { type SweepCost, sweepCost } from '../../src/core/sweep-cost.js';
import { type Cell, expectClose, fromCells, vectors } from '../support/vectors.js';

interface Case {
  readonly side: 1 | -1;
  readonly prices: readonly number[];
  readonly sizes: readonly Cell[];
  readonly mid: Cell;
  readonly quantity: number;
  readonly expect: Readonly<Record<keyof SweepCost, Cell>>;
}

it.each(vectors<Case>('sweep-cost'))(
  '$note',
  ({ side, prices, sizes, mid, quantity, expect: want, note }) => {
    const got = sweepCost(side, prices, fromCells(sizes), mid ?? Number.NaN, quantity);
    for (const name of Object.keys(want) as (keyof SweepCost)[])
      expectClose([got[name]], [want[name]], `${note}: ${name}`);
  },
);

const asks = [101, 102, 104];
const sizes = [2, 3, 5];

it('cost is convex in Q', () => {
  const cost = Array.from({ length: 21 }, (_, i) => sweepCost(1, asks, sizes, 100.5, i / 2).cost);
  for (let i = 1; i + 1 < cost.length; i++)
    expect(cost[i + 1]! - cost[i]!).toBeGreaterThanOrEqual(cost[i]! - cost[i - 1]!);
});

it('a sell into the mirrored book costs the same', () => {
  const bids = asks.map((price) => 201 - price);
  for (const quantity of [0, 1, 6, 10, 11]) {
    const [buy, sell] = [
      sweepCost(1, asks, sizes, 100.5, quantity),
      sweepCost(-1, bids, sizes, 100.5, quantity),
    ];
    expect(sell.cost + 0).toEqual(buy.cost);
    expect(sell.slippageBps).toEqual(buy.slippageBps);
    expect([sell.levels, sell.unfilled]).toEqual([buy.levels, buy.unfilled]);
  }
});

it('refuses a quantity that is none', () => {
  expect(() => sweepCost(1, asks, sizes, 100.5, -1)).toThrow(
    'sweep quantity -1 must be finite and at least 0',
  );
});
