import { expect, it } from 'vitest';
import { strategySweep } from '../../src/analytics/strategy-sweep/index.js';
import type { ResultTable } from '../../src/engine/result.js';
import { run } from '../../src/engine/run.js';
import { placebosOf } from '../../src/engine/sweep-placebos.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { PLAIN, T0, walkRows } from '../support/strategy-walks.js';

const DAY = 86_400_000_000;

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
    equity: tableOf({ time, position: [0, 3, 0, 0, -2, 0], equity: time.map(() => 1000) }),
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
  // six bars have five shifts
  expect(timeShift.placebos).toBe(5);
});

const SETS = { ...PLAIN, theta: '0.3', stop: '0.4', target: '0.6', trades: true, equity: true };

const placebo = async (rows: readonly BarRow[], params: object) => {
  const frame = panelFrameOf([rows], DAY);
  const { tables } = await run(strategySweep, frame, { ...SETS, ...params }, { backend: 'cpu' });
  const column = (table: string, name: string) => tables[table]!.table.columns[name] as Float64Array;
  const options = { samples: 50, seed: 1 };
  const { timeShift } = placebosOf(new Float64Array([0.1, -0.2]), tables, frame, 1000, options);
  return { column, timeShift, total: timeShift.statistic * 1000 * rows.length };
};

it('end to end: without costs and gaps it is the profit, had nothing been stopped inside a bar', async () => {
  const rows = walkRows(3, 600);
  const { column, total } = await placebo(rows, {});
  const [time, side] = [column('trades', 'time'), column('trades', 'side')];
  let missed = 0;
  let atOnce = 0;
  column('trades', 'reason').forEach((why, i) => {
    // stops and targets
    if (why !== 4 && why !== 5) return;
    const close = rows[(time[i]! - T0) / DAY]!.c / 100;
    missed -= side[i]! * column('trades', 'quantity')[i]! * (close - column('trades', 'price')[i]!);
    if (time[i - 1] === time[i]) atOnce++;
  });
  const profit = column('equity', 'equity').at(-1)! - 1000;
  // of bars that filled the entry too
  expect(atOnce).toBeGreaterThan(10);
  expect(Math.abs(missed)).toBeGreaterThan(1);
  expect(total).toBeCloseTo(profit + missed, 4);
});

it('end to end: an open that ruins takes the position over before the bar moves', async () => {
  const calm = walkRows(91, 60);
  const held = (await placebo(calm, { stop: '0', target: '0' })).column('equity', 'position');
  const last = held.findIndex((position, t) => position < 0 && held[t + 1]! < 0);
  // fifty times the price, from which it falls far: what a short would earn by, were it there
  const { o } = calm[last + 1]!;
  const ruined = calm.map((row, t) => (t <= last ? row : { ...row, o: 50 * o, h: 50 * o, c: o, l: o }));
  const { column, total } = await placebo(ruined, { stop: '0', target: '0' });
  expect(column('equity', 'equity').at(-1)).toBe(0);
  const before = await placebo(calm.slice(0, last + 1), { stop: '0', target: '0' });
  expect(before.total).not.toBe(0);
  expect(total).toBeCloseTo(before.total, 9);
});

it.each([
  ['no price', Number.NaN],
  ['the last price', 110],
])('a position over a bar without a trade and with %s is worth what it was at the last close', (_, last) => {
  const bars = [
    [100, 100],
    [100, 110],
    [last, last],
    [110, 165],
  ].map(([o, c], i) => ({
    ...{ t: T0 + i * DAY, o: o!, c: c!, h: Math.max(o!, c!), l: Math.min(o!, c!) },
    ...(i === 2 ? {} : { buy: 6, sell: 4 }),
  }));
  const panel = panelFrameOf([bars], DAY, { tick: '1' });
  const time = bars.map(({ t }) => t);
  // buys 1 at the open of bar 1, sells it at that of bar 3
  const tables = {
    equity: tableOf({ time, position: [0, 1, 1, 0], equity: [1000, 1010, 1010, 1010] }),
    trades: tableOf({ instrument: [0, 0], time: [time[1], time[3]], price: [100, 110], position: [1, 0] }),
  };
  const { timeShift } = placebosOf(new Float64Array([0.1]), tables, panel, 1000, { samples: 9, seed: 1 });
  // 100 and 110 earn 10 and 0; moved by 1, 2 and 3 bars 0 + 55, 50 + 0 and 0 + 11: with 0 in place of 110 one would reach 10
  expect(timeShift.statistic).toBeCloseTo(10 / 1000 / 4, 15);
  expect([timeShift.p, timeShift.placebos]).toEqual([1, 3]);
});
