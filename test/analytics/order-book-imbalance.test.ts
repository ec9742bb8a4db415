import { describe, expect, it } from 'vitest';
import { orderBookImbalance } from '../../src/analytics/order-book-imbalance/index.js';
import { CROSSED, LOCKED, OK, ONE_SIDED } from '../../src/core/book-states.js';
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
  run(orderBookImbalance, frame, params, { backend: 'cpu', ...options });
const rowsOf = (market: (typeof MARKETS)[number]) => marketRowsOf(orderBookImbalance, {}, market).book!;

interface Rules {
  readonly levels: readonly number[];
  readonly bands: readonly number[];
  readonly weights?: 'harmonic' | 'linear' | 'exponential';
  readonly oneSided?: 'extreme' | 'zero';
  readonly crossed?: 'keep';
  readonly measure?: 'notional';
}

/** Imbalances, spread, mid and depths of one row, by the definition. */
function stateOf(row: BookRow, { levels, bands, weights, oneSided, crossed, measure }: Rules) {
  const both = [OK, LOCKED, ...(crossed ? [CROSSED] : [])].includes(row.state) && row.bids[0] && row.asks[0];
  const one = row.state === ONE_SIDED && oneSided && (row.bids[0] || row.asks[0]);
  if (!both && !one) return undefined;
  const weight = (l: number, L: number): number =>
    weights === 'harmonic'
      ? 1 / l
      : weights === 'linear'
        ? L - l + 1
        : weights
          ? Math.exp(-0.5 * (l - 1))
          : 1;
  const ofLevels = levels.map((L) => {
    const sum = (side: BookRow['bids']): number =>
      side.slice(0, L).reduce((total, [, q], i) => total + weight(i + 1, L) * q, 0);
    const [b, a] = [sum(row.bids), sum(row.asks)];
    return oneSided === 'zero' && !both ? 0 : (b - a) / (b + a);
  });
  const used = levels.map((L) => Math.min(L, row.bids.length, row.asks.length));
  if (!both) return { ofLevels, used };
  const mid = row.bids[0]![0] + row.asks[0]![0];
  const ofBands = bands.map((band) => {
    // 2 |p - m| ≤ 2 x m, all times 10^7, in BigInt
    const inside = ([p]: readonly [number, number]): boolean => {
      const distance = BigInt(Math.abs(2 * p - mid));
      return distance * 10_000_000n <= BigInt(mid) * BigInt(Math.round(band * 1000));
    };
    const [bids, asks] = [row.bids, row.asks].map((side) => side.slice(0, 20).filter(inside)) as unknown as [
      BookRow['bids'],
      BookRow['asks'],
    ];
    const size = (side: BookRow['bids']): bigint => side.reduce((sum, [, q]) => sum + BigInt(q), 0n);
    const worth = (side: BookRow['bids']): number =>
      measure ? side.reduce((sum, [p, q]) => sum + p * q, 0) : Number(size(side));
    const obi = (worth(bids) - worth(asks)) / (worth(bids) + worth(asks));
    return { obi, bids: size(bids), asks: size(asks) };
  });
  return { ofLevels, used, ofBands, mid, spread: row.asks[0]![0] - row.bids[0]![0] };
}

type State = NonNullable<ReturnType<typeof stateOf>>;
interface Part {
  readonly lasts: number;
  readonly state: State | undefined;
  /** Whether it covers the start of the bar. */
  readonly starts: boolean;
  readonly closed: number;
  readonly known: number;
}

/** Every state's time in each bar it lasts in; of unusable ones only where they begin. */
function partsOf(list: readonly BookRow[], rules: Rules, width: number): Map<number, Part[]> {
  const bars = new Map<number, Part[]>();
  let known = 0;
  list.forEach((row, i) => {
    known = Math.max(known, row.t, row.a ?? row.t);
    const next = list[i + 1];
    if (!next || next.t === row.t) return;
    const state = stateOf(row, rules);
    const then = Math.max(known, next.t, next.a ?? next.t);
    for (let bar = Math.floor(row.t / width) * width; bar < next.t; bar += width) {
      const lasts = Math.min(next.t, bar + width) - Math.max(row.t, bar);
      const part = { lasts, state, starts: row.t <= bar, closed: next.t, known: then };
      bars.set(bar, [...(bars.get(bar) ?? []), part]);
      if (!state) break;
    }
  });
  return bars;
}

const close = (got: number, want: number, at: string): void => {
  if (Number.isNaN(want)) expect(got, at).toBeNaN();
  else expect(Math.abs(got - want), at).toBeLessThanOrEqual(1e-12);
};

describe('bars against the definition', () => {
  const RULES: readonly Rules[] = [
    { levels: [1, 3, 20], bands: [0.5, 1.5, 250] },
    { levels: [2, 5], bands: [1], weights: 'harmonic', oneSided: 'extreme', crossed: 'keep' },
    { levels: [1, 4], bands: [2, 10_000], weights: 'linear', oneSided: 'zero', measure: 'notional' },
    { levels: [6], bands: [0.001], weights: 'exponential' },
  ];
  const CASES = MARKETS.flatMap((market, i) =>
    RULES.filter((_, r) => i < 2 || r === i % 4).map((rules) => ({ market, rules })),
  );
  it.each(CASES.map((c) => [caseName({ params: { ...c.rules }, market: c.market }), c] as const))(
    '%s',
    async (_, { market, rules }) => {
      const every = market.unit === 1_000_000 ? 3_600_000_000 : MINUTE;
      const lists = rowsOf(market);
      const result = await cpu(bookFrameOf(lists, market), { every, ...rules });
      const [bars, levels, bands] = ['bars', 'levels', 'bands'].map((name) => result.tables[name]!.table);
      let b = 0;
      lists.forEach((list, s) => {
        for (const [bar, parts] of partsOf(list, rules, every)) {
          const f64 = (table: typeof bars, name: string, i: number) =>
            (table!.columns[name] as Float64Array)[i]!;
          const whole = (table: typeof bars, name: string, i: number) =>
            bigAt(table!.columns[name] as ExactColumn, i);
          const usable = parts.filter(({ state }) => state);
          const sided = parts.filter(({ state }) => state?.ofBands);
          const time = (some: typeof parts): number => some.reduce((sum, { lasts }) => sum + lasts, 0);
          const total = (some: typeof parts, of: (state: State) => bigint): bigint =>
            some.reduce((sum, { state, lasts }) => sum + of(state!) * BigInt(lasts), 0n);
          const mean = (some: typeof parts, of: (state: State) => number): number =>
            some.reduce((sum, { state, lasts }) => sum + of(state!) * lasts, 0) / time(some);
          expect([f64(bars, 'instrument', b), f64(bars, 'time', b)]).toEqual([s, bar]);
          expect(f64(bars, 'covered', b)).toBe(time(usable) / every);
          expect(whole(bars, 'spread_sum', b)).toBe(total(sided, ({ spread }) => BigInt(spread!)));
          expect(whole(bars, 'mid_sum', b)).toBe(total(sided, ({ mid }) => BigInt(mid!)));
          expect(f64(bars, 'two_sided_time', b)).toBe(time(sided));
          const { closed, known } = parts.at(-1)!;
          const available = closed >= bar + every ? Math.max(bar + every, known) : Number.NaN;
          expect(f64(bars, 'available_at', b)).toBe(available);
          rules.levels.forEach((L, j) => {
            const i = b * rules.levels.length + j;
            expect(f64(levels, 'levels', i)).toBe(L);
            close(
              f64(levels, 'obi', i),
              mean(usable, ({ ofLevels }) => ofLevels[j]!),
              `obi[${i}]`,
            );
            const start = parts[0]!.starts ? (parts[0]!.state?.ofLevels[j] ?? Number.NaN) : Number.NaN;
            close(f64(levels, 'obi_start', i), start, `obi_start[${i}]`);
            close(
              f64(levels, 'obi_last', i),
              usable.at(-1)?.state?.ofLevels[j] ?? Number.NaN,
              `obi_last[${i}]`,
            );
            const used = usable.map(({ state }) => state!.used[j]!);
            expect(f64(levels, 'n_levels', i)).toBe(used.length ? Math.min(...used) : Number.NaN);
            expect(f64(levels, 'available_at', i)).toBe(available);
          });
          rules.bands.forEach((band, j) => {
            const i = b * rules.bands.length + j;
            expect(f64(bands, 'band', i)).toBe(band);
            expect(whole(bands, 'bid_sum', i)).toBe(total(sided, ({ ofBands }) => ofBands![j]!.bids));
            expect(whole(bands, 'ask_sum', i)).toBe(total(sided, ({ ofBands }) => ofBands![j]!.asks));
            const held = sided.filter(({ state }) => !Number.isNaN(state!.ofBands![j]!.obi));
            close(
              f64(bands, 'obi', i),
              mean(held, ({ ofBands }) => ofBands![j]!.obi),
              `band obi[${i}]`,
            );
            expect(f64(bands, 'obi_time', i)).toBe(time(held));
          });
          b++;
        }
      });
      expect(b).toBe(bars!.rows);
    },
  );
});

const quote = (t: number, bids: BookRow['bids'], asks: BookRow['asks'], state = OK): BookRow => ({
  ...{ t: T0 + t, state, bids, asks },
});

describe('identities', () => {
  it('M09: 10 against 2 for 100 events is 2/3', async () => {
    const list = Array.from({ length: 101 }, (_, i) => quote(i * 600_000, [[100, 10]], [[101, 2]]));
    const { columns, rows } = (await cpu(bookFrameOf([list]), { levels: 1 })).tables.levels!.table;
    expect(rows).toBe(1);
    // states are rounded to 2^-52
    expect(Math.abs((columns.obi as Float64Array)[0]! - 2 / 3)).toBeLessThanOrEqual(2 ** -53);
  });

  it('M26: turned over about its own mid, a book negates imbalances, swaps depths and keeps its mid', async () => {
    const lists = rowsOf({ seed: 31 });
    const turned = lists.map((list) =>
      list.map((row): BookRow => {
        if (!row.bids[0] || !row.asks[0]) return { ...row, bids: [], asks: [] };
        const twice = row.bids[0][0] + row.asks[0][0];
        const over = (side: BookRow['bids']) => side.map(([p, q]) => [twice - p, q] as const);
        return { ...row, bids: over(row.asks), asks: over(row.bids) };
      }),
    );
    const params = { every: '5m', bands: '0.5,1,2,250', crossed: 'keep', weights: 'linear' };
    const [plain, mirror] = await Promise.all([lists, turned].map((side) => cpu(bookFrameOf(side), params)));
    const of = (result: typeof plain, table: string, name: string) =>
      [...(result!.tables[table]!.table.columns[name] as Float64Array)].map((value) => value + 0);
    for (const [table, name] of [
      ['levels', 'obi'],
      ['levels', 'obi_start'],
      ['bands', 'obi'],
    ] as const) {
      expect(of(mirror, table, name)).toEqual(of(plain, table, name).map((value) => -value + 0));
      expect(of(plain, table, name).some((value) => value < 0)).toBe(true);
    }
    expect(of(mirror, 'bands', 'bid_depth')).toEqual(of(plain, 'bands', 'ask_depth'));
    expect(of(mirror, 'bars', 'mid')).toEqual(of(plain, 'bars', 'mid'));
    expect(of(mirror, 'bars', 'spread')).toEqual(of(plain, 'bars', 'spread'));
  });

  it('depth never falls as a band widens, and the weighted mid lies between the best prices', async () => {
    const params = { bands: '0.1,0.5,1,2,5,250', levels: 1, events: true };
    const { tables } = await cpu(bookFrameOf(rowsOf({ seed: 32 })), params);
    for (const side of ['bid_depth', 'ask_depth']) {
      const depth = tables.bands!.table.columns[side] as Float64Array;
      let grows = 0;
      for (let i = 0; i < depth.length; i++) {
        if (i % 6 === 0 || Number.isNaN(depth[i]!)) continue;
        expect(depth[i]!).toBeGreaterThanOrEqual(depth[i - 1]!);
        if (depth[i]! > depth[i - 1]!) grows++;
      }
      expect(grows).toBeGreaterThan(0);
    }
    const c = tables.states!.table.columns as Record<string, Float64Array>;
    const shown = [...c.mid!.keys()].filter((i) => !Number.isNaN(c.mid![i]!));
    expect(shown.length).toBeGreaterThan(100);
    for (const i of shown) {
      const half = c.spread![i]! / 2 + 1e-9;
      expect(Math.abs(c.weighted_mid![i]! - c.mid![i]!)).toBeLessThanOrEqual(half);
    }
  });

  it('wider bars are the sums of narrow ones', async () => {
    const frame = bookFrameOf(rowsOf({ seed: 33, received: true }));
    const both = await cpu(frame, { every: '1m,1h' });
    const hours = await cpu(frame, { every: '1h' });
    const tables = Object.fromEntries(
      ['bars', 'levels', 'bands'].map((name) => [name, both.tables[`${name}-1h`]!]),
    );
    expect(
      compareResults({ ...both, tables: { ...tables, states: both.tables.states! } }, hours).worst,
    ).toBeUndefined();
  });
});

describe('state between runs', () => {
  it('a second night goes on from the first: the state that lasts across is counted', async () => {
    const lists = rowsOf({ seed: 34 });
    const midnight = T0 + 24 * 60 * MINUTE;
    const params = { every: '1h', levels: '1,4', bands: '1,50', oneSided: 'extreme' };
    const part = (keep: (row: BookRow) => boolean) => bookFrameOf(lists.map((list) => list.filter(keep)));
    const whole = await cpu(
      part(() => true),
      params,
    );
    const early = await cpu(
      part(({ t }) => t < midnight),
      params,
    );
    const late = await cpu(
      part(({ t }) => t >= midnight),
      params,
      { carry: structuredClone(early.carry) },
    );
    for (const [table, names] of [
      ['bars', ['mid_sum', 'spread_sum']],
      ['bands', ['bid_sum', 'ask_sum', 'obi_low']],
      ['levels', ['obi_top', 'obi_middle', 'obi_low']],
    ] as const)
      for (const name of names) {
        const sum = (result: Result): bigint => {
          const { columns, rows } = result.tables[table]!.table;
          let total = 0n;
          for (let i = 0; i < rows; i++) total += bigAt(columns[name] as ExactColumn, i);
          return total;
        };
        expect(sum(early) + sum(late)).toBe(sum(whole));
        expect(sum(late)).not.toBe(0n);
      }
  });
});

describe('large and odd inputs', () => {
  it('depths beyond 2^53 lots are their nearest f64, and sums of them are exact', async () => {
    const q = 2 ** 53 - 1;
    const list = [
      quote(
        0,
        [
          [100, q],
          [99, q],
        ],
        [[101, 1]],
      ),
      quote(MINUTE, [[100, 1]], [[101, 1]]),
    ];
    const { columns } = (await cpu(bookFrameOf([list]), { bands: '1000' })).tables.bands!.table;
    expect(bigAt(columns.bid_sum as ExactColumn, 0)).toBe((2n ** 54n - 2n) * BigInt(MINUTE));
    expect(bigAt(columns.ask_sum as ExactColumn, 0)).toBe(BigInt(MINUTE));
  });

  it('a state that lasts for days in one bar, in windows, is summed exactly', async () => {
    const days = 5;
    const list = [quote(1, [[100, 5]], [[103, 2]]), quote(days * 1440 * MINUTE, [[1, 1]], [[2, 1]])];
    const { tables } = await cpu(bookFrameOf([list]), { every: '10d', levels: 1 });
    expect(tables.bars!.table.rows).toBe(1);
    expect(bigAt(tables.bars!.table.columns.spread_sum as ExactColumn, 0)).toBe(
      3n * (BigInt(days * 1440 * MINUTE) - 1n),
    );
    expect(Math.abs((tables.levels!.table.columns.obi as Float64Array)[0]! - 3 / 7)).toBeLessThanOrEqual(
      2 ** -53,
    );
  });

  it('sums do not depend on where the time is cut', async () => {
    const next = random(9);
    const list = Array.from({ length: 400 }, (_, i) =>
      quote(i * 977_000, [[100, integerIn(next, 1, 99)]], [[101, integerIn(next, 1, 99)]]),
    );
    const frame = bookFrameOf([list]);
    const want = await cpu(frame, { every: '1m' });
    const cuts = Array.from({ length: 399 }, (_, i) => i + 1);
    expect(compareResults(await cpu(frame, { every: '1m' }, { cuts }), want).worst).toBeUndefined();
  });

  const hours = [quote(0, [[100, 1]], [[101, 1]]), quote(300 * MINUTE, [[100, 1]], [[101, 1]])];
  it.each([
    [{ levels: '0,5' }, 'order-book-imbalance levels 0 must be whole numbers from 1 to 1000, such as 1,5,10'],
    [{ levels: '1,,2' }, 'order-book-imbalance levels must be whole numbers'],
    [{ levels: [1.5] }, 'order-book-imbalance levels 1.5 must be whole numbers'],
    [{ bands: '10,x' }, 'order-book-imbalance bands x must be distances in basis points'],
    [{ bands: '0.0005' }, 'order-book-imbalance bands 0.0005 must be distances in basis points'],
    [{ bands: 20_000 }, 'order-book-imbalance bands 20000 must be distances in basis points'],
    [{ levels: Array.from({ length: 33 }, (_, i) => i + 1) }, 'levels of 33 items must be 1 to 32 items'],
    [{ decay: -1 }, 'order-book-imbalance decay -1 must be at least 0'],
    [{ every: '1ms' }, 'order-book-imbalance bars of 1ms must be wider'],
  ])('%j', async (params, message) => {
    await expect(cpu(bookFrameOf([hours]), params)).rejects.toThrow(message);
  });
});
