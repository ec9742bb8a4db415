import { expect, it } from 'vitest';
import { imbalanceRegression } from '../../src/analytics/imbalance-regression/index.js';
import { orderBookImbalance } from '../../src/analytics/order-book-imbalance/index.js';
import { orderFlowImbalance } from '../../src/analytics/order-flow-imbalance/index.js';
import { BOOK_STATES } from '../../src/core/book-states.js';
import type { Frame } from '../../src/core/columns.js';
import { openBook } from '../../src/engine/open-book.js';
import { openInputs } from '../../src/engine/open-inputs.js';
import { withBook } from '../../src/engine/panel-book.js';
import { run } from '../../src/engine/run.js';
import { importFiles } from '../dataset/support.js';
import { tileFrames } from '../support/needs.js';
import { panelFrameOf } from '../support/panel-frames.js';
import { random } from '../support/random.js';
import { scratch } from '../support/scratch.js';

const T0 = 1_704_067_200_000_000;
const { path, write } = scratch();
let made = 0;

type Cells = readonly (string | number)[];
const csv = (name: string, rows: readonly Cells[]): string =>
  write(name, `${rows.map((row) => row.join(',')).join('\n')}\n`);

/** A dataset of one instrument. */
async function dataset(
  kind: 'book_delta' | 'book_snapshot',
  symbol: string,
  names: Cells,
  rows: readonly Cells[],
): Promise<string> {
  const to = path(`dataset-${made++}`);
  await importFiles(to, 'csv', [csv(`${symbol}.csv`, [['ts', ...names], ...rows])], { kind });
  return to;
}

const deltas = (symbol: string, rows: readonly Cells[]): Promise<string> =>
  dataset('book_delta', symbol, ['side', 'price', 'size', 'flags'], rows);

const snapshots = (symbol: string, levels: number, rows: readonly Cells[]): Promise<string> => {
  const cells = ['bid_price', 'bid_size', 'ask_price', 'ask_size'];
  const names = Array.from({ length: levels }, (_, l) => cells.map((cell) => `${cell}_${l + 1}`)).flat();
  return dataset('book_snapshot', symbol, names, rows);
};

/** The same two levels, at times in seconds. */
const still = (symbol: string, seconds: readonly number[]): Promise<string> =>
  snapshots(
    symbol,
    2,
    seconds.map((second) => [T0 + second * 1e6, 100, 1, 101, 1, 99, 2, 102, 2]),
  );

/** Bars of one second from `first` on. */
const bars = (count: number, first = 0): Frame =>
  panelFrameOf(
    [Array.from({ length: count }, (_, i) => ({ t: T0 + (first + i) * 1e6, o: 1, h: 1, l: 1, c: 1 }))],
    1e6,
  );

it('snapshots of two levels say nothing of what lies deeper: a band beyond them is not complete', async () => {
  const to = await still('ABC', [0, 1, 2]);
  const { frame } = await openBook([to], { levels: 20 });
  expect(frame.strides!.bid_tick).toBe(2);
  const { tables } = await run(orderBookImbalance, frame, { bands: '60,500' }, { backend: 'cpu' });
  const { band, complete, bid_depth } = tables.bands!.table.columns as Record<string, Float64Array>;
  expect([...band!]).toEqual([60, 500]);
  expect([...complete!]).toEqual([1, 0]);
  expect([...bid_depth!]).toEqual([1, 3]);
});

it('a snapshot as old as allowed still counts, one of a µs more is stale, whether or not another follows', async () => {
  const to = await still('AGES', [0, 5, 10.000002]);
  const { frame } = await openBook([to], { levels: 500, maxAge: 5_000_000 });
  const { time, available, state } = frame.columns as Record<string, Float64Array>;
  expect([...time!].map((t) => t - T0)).toEqual([0, 5_000_000, 10_000_001, 10_000_002]);
  expect(available).toEqual(time);
  expect([...state!].map((code) => BOOK_STATES[code])).toEqual(['ok', 'ok', 'stale', 'ok']);
  // the bar known when the second snapshot is just as old as allowed, with and without the third
  const early = await openBook([to], { levels: 500, maxAge: 5_000_000 }, { until: T0 + 10e6 });
  for (const book of [frame, early.frame])
    expect((withBook(bars(1, 9), book, { levels: 500 }).columns.spread as Float64Array)[0]).toBeCloseTo(
      1e4 / 100.5,
      10,
    );
});

it('snapshots are samples, and cannot be repaired', async () => {
  const to = await still('ABC', [0, 1, 2]);
  const { frame } = await openBook([to], { levels: 2 });
  const { tables } = await run(orderFlowImbalance, frame, { levels: 2 }, { backend: 'cpu' });
  expect([...new Set(tables.bars!.table.columns.sampled as Uint32Array)]).toEqual([1]);
  await expect(openBook([to], { levels: 2, repair: true })).rejects.toThrow(
    'crossed repair needs book changes',
  );
});

/** Changes of one venue: a snapshot of 100 and 102, the ask at 101 half a second later, the bid gone and back. */
const changes = (): Promise<string> =>
  deltas(
    'XYZ',
    [
      [0.2, 1, 100, 5, 3],
      [0.2, -1, 102, 6, 1],
      [0.7, -1, 101, 1, 0],
      [2.5, -1, 101, 0, 0],
      [2.9, -1, 101, 2, 0],
      [9.5, 1, 99, 4, 0],
    ].map(([second, ...cells]) => [T0 + second! * 1e6, ...cells]),
  );

it('changes on a grid: states at its times alone, each of what was known then', async () => {
  const to = await changes();
  const { frame } = await openBook([to], { levels: 2, maxAge: 3_000_000, every: 1_000_000 });
  const { time, available, state, ask_tick, ask_lots } = frame.columns as Record<string, Float64Array>;
  expect([...time!].map((t) => (t - T0) / 1e6)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(available).toEqual(time);
  // the last change before 9 is of 2.9: more than three seconds old from 6 on
  expect([...state!].map((code) => BOOK_STATES[code])).toEqual([
    ...['ok', 'ok', 'ok', 'ok', 'ok'],
    ...['stale', 'stale', 'stale', 'stale'],
    // of 9.5, after which nothing comes: the grid goes on until that is stale, too
    ...['ok', 'ok', 'ok', 'stale'],
  ]);
  expect([0, 1, 2].map((row) => [ask_tick![row]! + frame.instruments[0]!.base, ask_lots![row]])).toEqual([
    [101, 1],
    [101, 1],
    [101, 2],
  ]);
});

it('for bars alone depth is measured as the book passes: what 60 levels of every event say, in memory of one', async () => {
  const next = random(5);
  const level = (second: number, ahead: number, flags: number) => {
    const side = next() < 0.5 ? 1 : -1;
    // 10 bps of the mid are ten ticks
    const price = 10_000 - side * (1 + Math.floor(next() * 25));
    return [T0 + second * 1e6, side, price, next() < ahead ? 0 : 1 + Math.floor(next() * 9), flags];
  };
  const rows = [
    ...Array.from({ length: 60 }, () => level(0, 0, 1)),
    ...Array.from({ length: 400 }, (_, i) => level(0.05 * (i + 1), 0.6, 0)),
  ];
  const to = await deltas('DEEP', rows);
  const seen: number[] = [];
  for (const levels of [2, 5, 60]) {
    const grid = (await openBook([to], { levels, every: 1_000_000 })).frame;
    expect(grid.strides!.bid_tick).toBe(1);
    const events = (await openBook([to], { levels })).frame;
    expect([events.strides!.bid_tick, events.columns.depth]).toEqual([levels, undefined]);
    const [few, all] = [grid, events].map((book) => withBook(bars(20), book, { levels }).columns);
    expect(few).toEqual(all);
    const depth = few!.depth as Float64Array;
    seen.push(depth.filter((lots) => lots > 0).length);
  }
  // the fewer levels, the more often the band is not seen whole
  expect(seen[2]).toBe(20);
  expect(seen[1]).toBeGreaterThan(0);
  expect(seen[1]).toBeLessThan(20);
  expect(seen[0]).toBeLessThan(seen[1]!);
});

/** Snapshots of one second each of `levels` levels, steps of at most four ticks of a mid of 10,000: ten of them are the band. */
function walking(symbol: string, levels: number, count: number): Promise<string> {
  const next = random(7);
  const rows = Array.from({ length: count }, (_, i) => {
    const best = [10_000 - Math.floor(3 * next()), 10_000 + Math.floor(3 * next())];
    return [
      T0 + Math.round((i + next()) * 1e6),
      ...Array.from({ length: levels }, (_, l) =>
        best.flatMap((price, side): (string | number)[] => {
          if (l > 0) best[side] = price + (side === 0 ? -1 : 1) * (1 + Math.floor(4 * next()));
          return next() < 0.02 ? ['', ''] : [best[side]!, 1 + Math.floor(9 * next())];
        }),
      ).flat(),
    ];
  });
  return snapshots(symbol, levels, rows);
}

it('of snapshots, too', async () => {
  const to = await walking('STEPS', 8, 40);
  const seen: number[] = [];
  for (const levels of [1, 4, 8, 20]) {
    const one = (await openBook([to], { levels, every: 1_000_000 })).frame;
    expect(one.strides!.bid_tick).toBe(1);
    const all = (await openBook([to], { levels })).frame;
    expect([all.strides!.bid_tick, all.columns.depth]).toEqual([Math.min(levels, 8), undefined]);
    const [few, deep] = [one, all].map((book) => withBook(bars(50), book, { levels }).columns);
    expect(few).toEqual(deep);
    seen.push((few!.depth as Float64Array).filter((lots) => lots > 0).length);
  }
  expect(seen[1]).toBeGreaterThan(seen[0]!);
  expect(seen[2]).toBeGreaterThan(seen[1]!);
  expect(seen[3]).toBe(seen[2]);
});

it('more snapshots than memory is meant to hold are an error in one line', async () => {
  const to = await walking('MANY', 3, 40);
  // 4 · 3 + 4 cells a state, and 4 + 4 where bars look at them
  const held = async (every: number | undefined, mostCells: number) => {
    const request = { levels: 3, ...(every === undefined ? {} : { every }) };
    return (await openBook([to], request, { mostCells })).frame.rows;
  };
  expect(await held(undefined, 640)).toBe(40);
  expect(await held(1_000_000, 320)).toBe(40);
  await expect(held(undefined, 639)).rejects.toThrow(
    /^book snapshots 40 states must be at most 39: ask for fewer levels, fewer instruments or a shorter time$/,
  );
  await expect(held(1_000_000, 319)).rejects.toThrow(
    /^book snapshots 40 states must be at most 39: ask for fewer instruments or a shorter time$/,
  );
});

it('what bars see does not change when more of the book comes', async () => {
  const next = random(6);
  let second = 0.3;
  const rows: (string | number)[][] = [
    [T0, 1, 9_999, 3, 1],
    [T0, -1, 10_001, 4, 1],
  ];
  for (let i = 0; i < 30; i++) {
    // some pauses are longer than the age, some changes come at whole seconds
    second += next() < 0.3 ? 1 + Math.floor(8 * next()) : 0.5;
    rows.push([T0 + second * 1e6, next() < 0.5 ? 1 : -1, 10_000, 0, 0]);
    rows.push([T0 + second * 1e6, 1, 9_990 + Math.floor(8 * next()), 1 + Math.floor(9 * next()), 0]);
  }
  const to = await deltas('GROWS', rows);
  const count = Math.ceil(second) + 20;
  const shown = async (maxAge: number, until?: number) => {
    const { frame } = await openBook([to], { levels: 60, maxAge, every: 1e6 }, until ? { until } : {});
    const { spread, depth } = withBook(bars(count), frame, { levels: 60, maxAge }).columns;
    return [spread, depth] as Float64Array[];
  };
  for (const maxAge of [2_000_000, 5_000_000]) {
    const full = await shown(maxAge);
    expect(new Set(full[1]!.map((lots) => (Number.isNaN(lots) ? -1 : Math.min(lots, 1))))).toEqual(
      new Set([-1, 1]),
    );
    for (let known = 1; known <= count; known += 3) {
      const part = await shown(maxAge, T0 + known * 1e6 + 1);
      for (const [c, column] of full.entries())
        expect(part[c]!.slice(0, known)).toEqual(column.slice(0, known));
    }
  }
});

it('beside trades of another name a book is found by symbol, and bars know it', async () => {
  const to = await changes();
  const trades = csv('trades.csv', [
    ['ts', 'price', 'size', 'side', 'symbol'],
    ...[0.5, 1.5, 2.6, 3.5].map((second) => [T0 + second * 1e6, 101, 1, 'buy', 'other:XYZ']),
  ]);
  const params = { every: '1s', bookAge: '2s' };
  const { inputs, unmatched } = await openInputs(imbalanceRegression, [trades], params, {
    book: [to],
    match: 'symbol',
  });
  expect(unmatched).toEqual([]);
  const { spread } = (await tileFrames(imbalanceRegression, inputs, params)).panel!.columns as Record<
    string,
    Float64Array
  >;
  const bps = (1e4 * 1) / 100.5;
  expect([...spread!]).toEqual([bps, bps, bps, bps].map((value) => expect.closeTo(value, 10)));
});
