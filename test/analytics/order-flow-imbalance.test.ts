import { describe, expect, it } from 'vitest';
import { orderFlowImbalance } from '../../src/analytics/order-flow-imbalance/index.js';
import { CROSSED, GAP, LOCKED, OK } from '../../src/core/book-states.js';
import { bigAt, type ExactColumn } from '../../src/core/exact.js';
import { compareResults } from '../../src/engine/compare.js';
import { type Result, run } from '../../src/engine/run.js';
import { type BookRow, bookFrameOf } from '../support/book-frames.js';
import { caseName, MARKETS } from '../support/cases.js';
import { marketRowsOf } from '../support/market-rows.js';
import { integerIn, random } from '../support/random.js';

const MINUTE = 60_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;

const cpu = (frame: ReturnType<typeof bookFrameOf>, params: object, options = {}): Promise<Result> =>
  run(orderFlowImbalance, frame, params, { backend: 'cpu', ...options });

interface Rules {
  readonly levels: number;
  readonly first?: 'zero';
  readonly sameTs?: 'last';
  readonly crossed?: 'keep';
}

/** The definition in BigInt over plain rows: events by row and level, null where there is none. */
function bruteEvents(all: readonly BookRow[], { levels, first, sameTs, crossed }: Rules) {
  const list = all.filter((row, i) => sameTs !== 'last' || all[i + 1]?.t !== row.t);
  const open = (row: BookRow | undefined): boolean =>
    row !== undefined && [OK, LOCKED, ...(crossed === 'keep' ? [CROSSED] : [])].includes(row.state);
  return list.map((now, i) => {
    const last = list[i - 1];
    const e = Array.from({ length: levels }, (_, m): bigint | null => {
      const [bid, ask, bid0, ask0] = [now.bids[m], now.asks[m], last?.bids[m], last?.asks[m]];
      if (!open(now) || !bid || !ask) return null;
      if (!open(last)) return first === 'zero' ? 0n : null;
      if (!bid0 || !ask0) return null;
      const when = (condition: boolean, lots: number): bigint => (condition ? BigInt(lots) : 0n);
      return (
        when(bid[0] >= bid0[0], bid[1]) -
        when(bid[0] <= bid0[0], bid0[1]) -
        when(ask[0] <= ask0[0], ask[1]) +
        when(ask[0] >= ask0[0], ask0[1])
      );
    });
    const mid = (row: BookRow): number => row.bids[0]![0] + row.asks[0]![0];
    return { now, e, moved: open(now) && open(last) ? mid(now) - mid(last!) : 0 };
  });
}

/** Σ e, events and the change of bid + ask, by bar and level. */
function bruteBars(list: readonly BookRow[], rules: Rules, width: number) {
  const bars = new Map<
    number,
    { sum: bigint[]; events: number[]; moved: number[]; seen: number; last: number }
  >();
  let known = 0;
  for (const { now, e, moved } of bruteEvents(list, rules)) {
    const start = Math.floor(now.t / width) * width;
    const zeros = () => Array.from({ length: rules.levels }, () => 0);
    const bar = bars.get(start) ?? {
      sum: zeros().map(BigInt),
      events: zeros(),
      moved: zeros(),
      seen: 0,
      last: 0,
    };
    bars.set(start, bar);
    e.forEach((value, m) => {
      if (value === null) return;
      bar.sum[m]! += value;
      bar.events[m]!++;
      bar.moved[m]! += moved;
    });
    bar.seen++;
    for (const row of list) if (row.t <= now.t) known = Math.max(known, row.a ?? row.t, row.t);
    bar.last = known;
  }
  return bars;
}

describe('bars and events against the definition in BigInt', () => {
  const RULES: readonly Rules[] = [
    { levels: 4 },
    { levels: 9, first: 'zero', crossed: 'keep' },
    { levels: 2, sameTs: 'last' },
    { levels: 1, sameTs: 'last', first: 'zero' },
  ];
  it.each(
    MARKETS.flatMap((m, i) =>
      RULES.filter((_, r) => i < 2 || r === i % 4).map((rules) => [m, rules] as const),
    ).map(([market, params]) => [caseName({ params: { ...params }, market }), market, params] as const),
  )('%s', async (_, market, rules) => {
    const lists = marketRowsOf(orderFlowImbalance, {}, market).book!;
    const { tables } = await cpu(bookFrameOf(lists, market), { ...rules, every: '1m', events: true });
    const { columns: c, rows } = tables.bars!.table;
    let i = 0;
    lists.forEach((list, s) => {
      for (const [start, bar] of bruteBars(list, rules, MINUTE))
        for (let m = 0; m < rules.levels; m++, i++) {
          const none = bar.events[m] === 0;
          expect(
            [c.instrument, c.time, c.level, c.events, c.observations].map((x) => (x as Float64Array)[i]),
          ).toEqual([s, start, m + 1, bar.events[m], bar.seen]);
          expect(bigAt(c.ofi_sum as ExactColumn, i)).toBe(bar.sum[m]);
          expect((c.ofi as Float64Array)[i]).toBe(none ? Number.NaN : Number(bar.sum[m]));
          expect((c.mid_change as Float64Array)[i]! + 0).toBe(none ? Number.NaN : bar.moved[m]! / 200 + 0);
          expect((c.available_at as Float64Array)[i]).toBe(Math.max(start + MINUTE, bar.last));
        }
    });
    expect(i).toBe(rows);
    const e = tables.events!.table.columns.e as Float64Array;
    const want = lists.flatMap((list) => bruteEvents(list, rules).flatMap((event) => event.e));
    expect(Array.from(e, (value) => (Number.isNaN(value) ? null : BigInt(value)))).toEqual(want);
  });
});

const quote = (t: number, bids: BookRow['bids'], asks: BookRow['asks'], state = OK): BookRow => ({
  ...{ t: T0 + t, state, bids, asks },
});

describe('identities', () => {
  it('level 1 of many is order-flow imbalance of the best quotes', async () => {
    const frame = bookFrameOf(marketRowsOf(orderFlowImbalance, {}, { seed: 21 }).book!);
    const one = (await cpu(frame, { every: '1m', levels: 1 })).tables.bars!.table;
    const many = (await cpu(frame, { every: '1m', levels: 8 })).tables.bars!.table;
    const sums = (many.columns.ofi_sum as ExactColumn).values.filter((_, i) => i % 8 === 0);
    expect(sums).toEqual((one.columns.ofi_sum as ExactColumn).values);
    expect(sums.some((value) => value !== 0)).toBe(true);
  });

  it('at constant prices the sum is the change of the queues', async () => {
    const next = random(5);
    const list = Array.from({ length: 500 }, (_, i) =>
      quote(i * 700_000, [[100, integerIn(next, 1, 900)]], [[103, integerIn(next, 1, 900)]]),
    );
    const { tables } = await cpu(bookFrameOf([list]), { every: '1m', levels: 1 });
    const total = (tables.bars!.table.columns.ofi_sum as ExactColumn).values.reduce((a, b) => a + b, 0);
    const [first, last] = [list[0]!, list.at(-1)!];
    expect(total).toBe(last.bids[0]![1] - first.bids[0]![1] - (last.asks[0]![1] - first.asks[0]![1]));
    expect(tables.bars!.table.rows).toBe(6);
  });

  it('wider bars are the sums of narrow ones', async () => {
    const frame = bookFrameOf(marketRowsOf(orderFlowImbalance, {}, { seed: 22 }).book!);
    const both = await cpu(frame, { every: '1m,1h', levels: 3 });
    const hours = await cpu(frame, { every: '1h', levels: 3 });
    const tables = { bars: both.tables['bars-1h']!, events: both.tables.events! };
    expect(compareResults({ ...both, tables }, hours).worst).toBeUndefined();
  });
});

describe('state between runs', () => {
  const lists = marketRowsOf(orderFlowImbalance, {}, { seed: 23, received: true }).book!;
  it.each([
    { levels: 3 },
    { levels: 12, first: 'zero', crossed: 'keep' },
    { levels: 2, sameTs: 'last' },
  ] as const)('a second night goes on from the first, whatever its base and its depth: %j', async (rules) => {
    const cutAt = T0 + 24 * 60 * MINUTE;
    const params = { every: '1m', events: true, ...rules };
    const whole = await cpu(bookFrameOf(lists), params);
    const early = await cpu(bookFrameOf(lists.map((list) => list.filter((row) => row.t < cutAt))), params);
    const late = await cpu(bookFrameOf(lists.map((list) => list.filter((row) => row.t >= cutAt))), params, {
      carry: early.carry,
    });
    const all = whole.tables.events!.table.columns;
    const parts = [early, late].map(({ tables }) => tables.events!.table.columns);
    expect(parts.map(({ e }) => (e as Float64Array).length).every((n) => n > 100)).toBe(true);
    lists.forEach((_, s) => {
      for (const name of ['e', 'available_at']) {
        const of = (columns: typeof all) =>
          [...(columns[name] as Float64Array)].filter((_, i) => (columns.instrument as Uint32Array)[i] === s);
        expect(parts.flatMap(of)).toEqual(of(all));
      }
    });
  });
});

describe('large and odd inputs', () => {
  it('sizes just below 2^52 lots sum exactly, larger ones are refused', async () => {
    const q = 2 ** 52 - 1;
    const list = Array.from({ length: 40 }, (_, i) => quote(i, [[100 + i, q]], [[200 + i, q]]));
    const { tables } = await cpu(bookFrameOf([list]), { levels: 1 });
    // every bid is better by its whole queue, every ask leaves a whole queue behind
    expect(bigAt(tables.bars!.table.columns.ofi_sum as ExactColumn, 0)).toBe(39n * 2n * BigInt(q));
    await expect(cpu(bookFrameOf([[quote(0, [[1, 2 ** 52]], [[2, 1]])]]), {})).rejects.toThrow(
      'book size of lots 4503599627370496 must be below 2^52',
    );
  });

  it('a sampled book is flagged', async () => {
    const frame = bookFrameOf([[quote(0, [[1, 1]], [[2, 1]])]]);
    const flag = async (step?: number) =>
      (await cpu({ ...frame, ...(step ? { step } : {}) }, { levels: 1 })).tables.bars!.table.columns.sampled;
    expect(await flag()).toEqual(Uint32Array.of(0));
    expect(await flag(100_000)).toEqual(Uint32Array.of(1));
  });

  it('a book that is never there has observations and no flow', async () => {
    const frame = bookFrameOf([[0, 1, 2].map((t) => quote(t, [], [], GAP))]);
    const { columns } = (await cpu(frame, { levels: 1 })).tables.bars!.table;
    expect(columns.ofi).toEqual(Float64Array.of(Number.NaN));
    expect(columns.observations).toEqual(Uint32Array.of(3));
  });

  it.each([
    [{ levels: 0 }, 'order-flow-imbalance levels 0 must be at least 1'],
    [{ sameTs: 'first' }, 'order-flow-imbalance sameTs first must be one of message, last'],
    [{ maxAge: '0s' }, 'order-flow-imbalance maxAge 0s must be a duration such as 5s'],
  ])('%j', async (params, message) => {
    await expect(cpu(bookFrameOf([[]]), params)).rejects.toThrow(message);
  });
});
