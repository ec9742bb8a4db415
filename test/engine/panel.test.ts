import { describe, expect, it } from 'vitest';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import type { Frame, Instrument } from '../../src/core/columns.js';
import type { Decimal } from '../../src/core/decimal.js';
import { bigAt, type ExactColumn, exactColumn, setBig } from '../../src/core/exact.js';
import { panelOf, panelOfBars } from '../../src/engine/panel.js';
import { panelLots } from '../../src/engine/panel-lots.js';
import { run } from '../../src/engine/run.js';
import { widenBars } from '../../src/engine/widen-bars.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';

const MINUTE = 60_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;
const bar = (minute: number, c: number, more: Partial<BarRow> = {}): BarRow => ({
  ...{ t: T0 + minute * MINUTE, o: c, h: c + 1, l: c - 1, c, buy: 3, sell: 2 },
  ...more,
});
const values = (frame: Frame, name: string): number[] => [...(frame.columns[name] as Float64Array)];
const nan = Number.NaN;

describe('a panel of bars', () => {
  it('has a row for every bar from the first to the last of each instrument', () => {
    const frame = panelFrameOf([[bar(0, 10), bar(3, 12)], [], [bar(5, 20)]], MINUTE);
    expect([...frame.offsets]).toEqual([0, 4, 4, 5]);
    expect(values(frame, 'time').map((t) => (t - T0) / MINUTE)).toEqual([0, 1, 2, 3, 5]);
    expect(frame.step).toBe(MINUTE);
  });

  it('knows nothing of a bar that was not observed, and that an empty one was quiet', () => {
    const list = [[bar(0, 10), bar(2, 12)]];
    const unknown = panelFrameOf(list, MINUTE);
    expect(values(unknown, 'volume')).toEqual([5, nan, 5]);
    expect(values(unknown, 'trades')).toEqual([1, nan, 1]);
    const empty = panelFrameOf(list, MINUTE, { absent: 'empty' });
    expect(values(empty, 'volume')).toEqual([5, 0, 5]);
    expect(values(empty, 'buy_volume')).toEqual([3, 0, 3]);
    expect(values(empty, 'close')).toEqual([10, nan, 12]);
  });

  it('has no price where nothing was traded, whatever the venue carries on', () => {
    const frame = panelFrameOf([[bar(0, 10), bar(1, 10, { buy: 0, sell: 0 })]], MINUTE);
    expect(values(frame, 'close')).toEqual([10, nan]);
    expect(values(frame, 'volume')).toEqual([5, 0]);
  });

  it('is known when all bars before are: an absent bar with the next one, none earlier than its predecessor', () => {
    const late = { a: T0 + 10 * MINUTE };
    const frame = panelFrameOf([[bar(0, 10, late), bar(2, 12), bar(12, 13)]], MINUTE);
    const known = values(frame, 'available_at').map((t) => (t - T0) / MINUTE);
    expect(known).toEqual([10, 10, 10, ...Array.from({ length: 10 }, () => 13)]);
  });

  it('refuses bars off the grid and repeated ones, in one line', () => {
    expect(() => panelFrameOf([[bar(0, 10), bar(0.5, 11)]], MINUTE)).toThrow(
      /bar at .* must lie whole bars of 1m/,
    );
    expect(() => panelFrameOf([[bar(1, 10), bar(1, 11)]], MINUTE)).toThrow(/must lie whole bars/);
    expect(() => panelFrameOf([[bar(0, 1), bar(30_000_000, 1)]], MINUTE)).toThrow(/must be at most 21000000/);
  });
});

describe('a panel of trades', () => {
  const trade = (seconds: number, k: number, lots: number, side: 'B' | 'S' | 'U'): TradeRow => ({
    ...{ t: T0 + seconds * 1_000_000, k, lots, side },
  });
  const frame = frameOf([[trade(0, 100, 5, 'B'), trade(59, 103, 2, 'S'), trade(185, 101, 4, 'U')]]);

  it('has the bars of volume-imbalance, prices counted from 0', async () => {
    const panel = panelOfBars((await run(volumeImbalance, frame, { every: '1m' })).tables.bars!);
    expect(values(panel, 'open')).toEqual([100, nan, nan, 101]);
    expect(values(panel, 'high')).toEqual([103, nan, nan, 101]);
    expect(values(panel, 'volume')).toEqual([7, 0, 0, 4]);
    expect(values(panel, 'unknown_volume')).toEqual([0, 0, 0, 4]);
    expect(values(panel, 'trades')).toEqual([2, 0, 0, 1]);
    // 1.00 · 0.005 + 1.03 · 0.002, 1.01 · 0.004
    expect(values(panel, 'notional')).toEqual([0.00706, 0, 0, 0.00404]);
    // k from the first trade: 3 · 2, 1 · 4
    expect((panel.columns.tick_lots as ExactColumn).values[0]).toBe(6);
    expect((panel.columns.tick2_lots as ExactColumn).values[0]).toBe(18);
  });
});

describe('volumes of a panel', () => {
  const lot = { coef: 1, scale: 8 };
  const column = (...cells: bigint[]): ExactColumn => {
    const out = exactColumn(cells.length);
    cells.forEach((cell, i) => {
      setBig(out, i, cell);
    });
    return out;
  };

  const abc = (unit: Decimal): Instrument => ({ ...frameOf([[]]).instruments[0]!, symbol: 'ABC', lot: unit });

  it('stay as they are while their total is an exact f64, and are refused beyond', () => {
    const most = [column(2n ** 52n), column(2n ** 52n - 1n), column(0n)] as const;
    const lots = panelLots(most, 0, 1, abc(lot));
    expect(lots.lot).toEqual(lot);
    expect([...lots.buy]).toEqual([2 ** 52]);
    expect(() => panelLots([most[0], most[0], most[2]], 0, 1, abc(lot))).toThrow(
      'ABC volume in units of 0.00000001 9007199254740992 must add up to less than 2^53',
    );
    expect(() => panelLots([column(2n ** 60n), column(0n), column(0n)], 0, 1, abc(lot))).toThrow('2^53');
  });

  it('are counted in a declared unit, rounded half up, whatever comes later', () => {
    const cells = [12_345_678_901_234_550n, 90_000_000_000_000_000n] as const;
    const unit = { coef: 1, scale: 6 };
    const lots = panelLots([column(...cells), column(49n, 50n), column(0n, 0n)], 0, 2, abc(lot), unit);
    expect(lots.lot).toEqual(unit);
    expect([...lots.buy]).toEqual([123_456_789_012_346, 900_000_000_000_000]);
    expect([...lots.sell]).toEqual([0, 1]);
    const coarse = { coef: 5, scale: 0 };
    expect([...panelLots([column(10n ** 9n), column(0n), column(0n)], 0, 1, abc(lot), coarse).buy]).toEqual([
      2,
    ]);
  });

  it('take their moments from a panel whose lots are others', () => {
    const moments = [column(7n), column(9n)] as const;
    const bars = (unit?: Decimal) =>
      panelOf(
        {
          instruments: [abc(lot)],
          ...{ offsets: Uint32Array.of(0, 1), every: MINUTE, absent: 'empty' as const },
          ...{ time: Float64Array.of(T0), available: Float64Array.of(T0 + MINUTE) },
          prices: {
            ...{ open: Float64Array.of(1), high: Float64Array.of(1) },
            ...{ low: Float64Array.of(1), close: Float64Array.of(1) },
          },
          volumes: [column(500n), column(0n), column(0n)],
          ...{ trades: Float64Array.of(1), notional: Float64Array.of(1), moments },
        },
        unit,
      );
    expect(bigAt(bars().columns.tick_lots as ExactColumn, 0)).toBe(7n);
    expect(bars({ coef: 1, scale: 6 }).columns.tick_lots).toBeUndefined();
  });
});

describe('wider bars', () => {
  it('add up whole bars only', async () => {
    const minutes = [0, 1, 2, 3, 4, 5, 7, 8, 9].map((m) => bar(m, 10 + m, { buy: m, sell: 1, notional: m }));
    const frame = panelFrameOf([minutes], MINUTE, { absent: 'empty' });
    expect(frame.rows).toBe(10);
    const exact = (name: (row: BarRow) => number): ExactColumn => ({
      values: Float64Array.from(minutes, name),
      wide: undefined,
    });
    const of = (name: (row: BarRow) => number): Float64Array => Float64Array.from(minutes, name);
    const wide = widenBars(
      {
        ...{
          instruments: frame.instruments,
          offsets: Uint32Array.of(0, 9),
          every: MINUTE,
          absent: 'unknown',
        },
        ...{ time: of(({ t }) => t), available: of(({ t }) => t + MINUTE) },
        prices: {
          open: of(({ o }) => o),
          high: of(({ h }) => h),
          low: of(({ l }) => l),
          close: of(({ c }) => c),
        },
        volumes: [exact(({ buy }) => buy!), exact(({ sell }) => sell!), exact(() => 0)],
        ...{ trades: of(() => 1), notional: of(({ notional }) => notional!) },
      },
      5 * MINUTE,
    );
    // minute 6 is missing, so the second five minutes are unknown
    expect([...wide.time]).toEqual([T0]);
    expect([wide.prices.open[0], wide.prices.high[0], wide.prices.low[0], wide.prices.close[0]]).toEqual([
      10, 15, 9, 14,
    ]);
    expect(wide.volumes.map(({ values: [first] }) => first)).toEqual([10, 5, 0]);
    expect([wide.trades[0], wide.notional[0], wide.available[0]]).toEqual([5, 10, T0 + 5 * MINUTE]);
  });
});
