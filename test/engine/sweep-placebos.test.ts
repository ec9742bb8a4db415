import { expect, it } from 'vitest';
import type { ResultTable } from '../../src/engine/result.js';
import { placebosOf } from '../../src/engine/sweep-placebos.js';
import { panelFrameOf } from '../support/panel-frames.js';

const DAY = 86_400_000_000;
const T0 = Date.UTC(2021, 0, 1) * 1000;

const tableOf = (columns: object): ResultTable => ({ table: { columns } }) as unknown as ResultTable;

it('the time-shift statistic is of positions held from the open on, a bar that stops them included', () => {
  const closes = [100, 110, 90, 120, 60, 80];
  const panel = panelFrameOf(
    [
      closes.map((c, i) => {
        const o = closes[i - 1] ?? 100;
        return { t: T0 + i * DAY, o, c, h: Math.max(o, c), l: Math.min(o, c), buy: 6, sell: 4 };
      }),
    ],
    DAY,
  );
  const { tick, multiplier } = panel.instruments[0]!;
  const price = tick.coef / 10 ** tick.scale;
  const multiple = multiplier.coef / 10 ** multiplier.scale;
  const time = closes.map((_, i) => T0 + i * DAY);
  // buys 3 at the open of bar 1 (100), keeps them over bar 2, is stopped inside bar 2 at 95; sells 2 at the open of bar 4
  // (120) and closes at the open of bar 5 (60)
  const tables = {
    equity: tableOf({ time, position: [0, 3, 0, 0, -2, 0] }),
    trades: tableOf({
      instrument: [0, 0, 0, 0],
      time: [1, 2, 4, 5].map((i) => time[i]),
      price: [100, 95, 120, 60].map((ticks) => ticks * price),
      position: [3, 0, -2, 0],
    }),
  };
  const returns = new Float64Array([0.1, -0.2, 0.3]);
  const { timeShift } = placebosOf(returns, tables, panel, 1000, { samples: 10, seed: 1 });
  // 3·(110 - 100) + 3·(90 - 110) - 2·(60 - 120), by capital and bar
  expect(timeShift.statistic).toBeCloseTo((price * multiple * (30 - 60 + 120)) / 1000 / 6, 15);
  expect(timeShift.placebos).toBe(10);
});
