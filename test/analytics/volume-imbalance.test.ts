import { describe, expect, it } from 'vitest';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { bigAt, divideBig, type ExactColumn } from '../../src/core/exact.js';
import { compareResults } from '../../src/engine/compare.js';
import { run } from '../../src/engine/run.js';
import { caseName, MARKETS } from '../support/cases.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { marketRows } from '../support/markets.js';

const MINUTE = 60_000_000;

/** The definition in BigInt over plain rows: shares nothing with the engine but the trades. */
function bruteBars(list: readonly TradeRow[], width: number) {
  const bars = new Map<number, TradeRow[]>();
  for (const row of list) {
    const start = Math.floor(row.t / width) * width;
    bars.set(start, [...(bars.get(start) ?? []), row]);
  }
  return [...bars].map(([start, rows]) => {
    const sum = (side: string | undefined, of: (row: TradeRow) => bigint): bigint =>
      rows
        .filter((row) => side === undefined || row.side === side)
        .reduce((total, row) => total + of(row), 0n);
    const lots = (row: TradeRow): bigint => BigInt(row.lots);
    return {
      start,
      trades: rows.length,
      open: rows[0]!.k,
      close: rows.at(-1)!.k,
      high: Math.max(...rows.map((row) => row.k)),
      low: Math.min(...rows.map((row) => row.k)),
      buy: sum('B', lots),
      sell: sum('S', lots),
      unknown: sum('U', lots),
      notional: sum(undefined, (row) => BigInt(row.k) * lots(row)),
      notionalDelta:
        sum('B', (row) => BigInt(row.k) * lots(row)) - sum('S', (row) => BigInt(row.k) * lots(row)),
      square: sum(undefined, (row) => BigInt(row.k) ** 2n * lots(row)),
      available: Math.max(start + width, ...rows.map((row) => row.a ?? 0)),
    };
  });
}

describe('bars against the definition in BigInt', () => {
  it.each(MARKETS.map((m) => [caseName({ params: {}, market: m }), m] as const))('%s', async (_, market) => {
    const lists = marketRows(market);
    const frame = frameOf(lists, market);
    const { tables } = await run(volumeImbalance, frame, { every: '1m' }, { backend: 'cpu' });
    const { columns: c, rows } = tables.bars!.table;
    const exact = (name: string, i: number): bigint => bigAt(c[name] as ExactColumn, i);
    const plain = (name: string, i: number): number => (c[name] as Float64Array)[i]!;
    let i = 0;
    let widest = 0n;
    lists.forEach((list, s) => {
      const base = frame.instruments[s]!.base;
      for (const bar of bruteBars(list, MINUTE)) {
        const volume = bar.buy + bar.sell + bar.unknown;
        expect(plain('instrument', i)).toBe(s);
        expect(plain('time', i)).toBe(bar.start);
        expect(plain('trades', i)).toBe(bar.trades);
        expect(
          [plain('open', i), plain('high', i), plain('low', i), plain('close', i)].map((k) => k + base),
        ).toEqual([bar.open, bar.high, bar.low, bar.close]);
        expect(exact('buy_volume', i)).toBe(bar.buy);
        expect(exact('sell_volume', i)).toBe(bar.sell);
        expect(exact('unknown_volume', i)).toBe(bar.unknown);
        expect(exact('volume', i)).toBe(volume);
        expect(exact('delta', i)).toBe(bar.buy - bar.sell);
        expect(exact('notional', i)).toBe(bar.notional);
        expect(exact('notional_delta', i)).toBe(bar.notionalDelta);
        expect(plain('notional_imbalance', i)).toBe(divideBig(bar.notionalDelta, bar.notional));
        // Σ q k² about the base, from the one about zero: S2 - 2 b S1 + b² S0
        const about = bar.square - 2n * BigInt(base) * bar.notional + BigInt(base) ** 2n * volume;
        expect(exact('tick2_lots', i)).toBe(about);
        if (about > widest) widest = about;
        expect(plain('vwap', i)).toBe(divideBig(bar.notional, volume * 100n));
        const known = bar.buy + bar.sell;
        expect(plain('vi', i)).toBe(known === 0n ? Number.NaN : divideBig(bar.buy - bar.sell, known));
        expect(plain('vi_low', i)).toBe(divideBig(bar.buy - bar.sell - bar.unknown, volume));
        expect(plain('vi_high', i)).toBe(divideBig(bar.buy - bar.sell + bar.unknown, volume));
        expect(plain('coverage', i)).toBe(divideBig(known, volume));
        expect(plain('available_at', i)).toBe(bar.available);
        // variance in ticks², as the exact integer V S2 - S1² over V²
        const variance = divideBig(volume * bar.square - bar.notional ** 2n, volume ** 2n);
        expect(Math.abs(plain('sigma', i) - Math.sqrt(variance) / 100)).toBeLessThanOrEqual(
          1e-12 * Math.sqrt(variance),
        );
        i++;
      }
    });
    expect(i).toBe(rows);
    if (market.maxLots && market.maxLots > 2n ** 61n) expect(widest > 2n ** 64n).toBe(true);
  });

  it('sums pass 53, 64 and 96 bits exactly', async () => {
    const lots = 2n ** 62n - 1n;
    const list = Array.from(
      { length: 700 },
      (_, i): TradeRow => ({ t: MINUTE * 1000 + i, k: i === 0 ? 0 : 65_535, lots, side: i % 2 ? 'B' : 'S' }),
    );
    // rows are spread over less than a millisecond, so all share one bar
    const { tables } = await run(volumeImbalance, frameOf([list]), {}, { backend: 'cpu', tileRows: 64 });
    const { columns } = tables.bars!.table;
    expect(bigAt(columns.buy_volume as ExactColumn, 0)).toBe(350n * lots);
    expect(bigAt(columns.volume as ExactColumn, 0)).toBe(700n * lots);
    expect(bigAt(columns.tick2_lots as ExactColumn, 0)).toBe(699n * lots * 65_535n ** 2n);
    expect(699n * lots * 65_535n ** 2n > 2n ** 96n).toBe(true);
    expect((columns.vi as Float64Array)[0]).toBe(0);
  });
});

describe('roll-up', () => {
  it.each(MARKETS.map((m) => [caseName({ params: {}, market: m }), m] as const))(
    '12 × 5 minutes are the hour: %s',
    async (_, market) => {
      const frame = frameOf(marketRows(market), market);
      const both = await run(volumeImbalance, frame, { every: '5m,1h' }, { backend: 'cpu' });
      const hours = await run(volumeImbalance, frame, { every: '1h' }, { backend: 'cpu' });
      const rolled = { ...both, tables: { bars: both.tables['bars-1h']! } };
      expect(compareResults(rolled, hours).worst).toBeUndefined();
    },
  );

  it('widths without a common multiple share their greatest common divisor', async () => {
    const frame = frameOf(marketRows({ seed: 3 }));
    const many = await run(volumeImbalance, frame, { every: '90s,7m,1d' }, { backend: 'cpu' });
    for (const every of ['90s', '7m', '1d']) {
      const one = await run(volumeImbalance, frame, { every }, { backend: 'cpu' });
      expect(
        compareResults({ ...many, tables: { bars: many.tables[`bars-${every}`]! } }, one).worst,
      ).toBeUndefined();
    }
  });

  it('bars wider than the time unit can count in one word: a short capture stamped in µs, daily and weekly', async () => {
    const midnight = Date.UTC(2024, 7, 9) * 1000;
    const list = [-3, -1, 0, 2].map((us): TradeRow => ({ t: midnight + us, k: 5, lots: 1, side: 'B' }));
    const { tables } = await run(
      volumeImbalance,
      frameOf([list], { unit: 1 }),
      { every: '1d' },
      { backend: 'cpu' },
    );
    expect([...(tables.bars!.table.columns.trades as Uint32Array)]).toEqual([2, 2]);
    expect([...(tables.bars!.table.columns.time as Float64Array)]).toEqual([
      midnight - 86_400_000_000,
      midnight,
    ]);
    const week = await run(
      volumeImbalance,
      frameOf([list], { unit: 1 }),
      { every: '1w' },
      { backend: 'cpu' },
    );
    expect([...(week.tables.bars!.table.columns.trades as Uint32Array)]).toEqual([4]);
  });
});

describe('parameters', () => {
  const frame = frameOf([[{ t: MINUTE, k: 1, lots: 1, side: 'B' }]], { unit: 1_000_000 });
  it.each([
    [{ every: '0m' }, 'volume-imbalance every 0m must be a duration such as 1m, a multiple of 1ms'],
    [{ every: '1.5m' }, 'volume-imbalance every 1.5m must be a duration'],
    [{ every: '' + '-1m' }, 'volume-imbalance every -1m must be a duration'],
    [{ anchor: 'lunch' }, 'volume-imbalance anchor lunch must be whole seconds'],
    [{ evry: '1m' }, 'volume-imbalance parameter evry is unknown; known: every, anchor'],
    [{ every: '500ms' }, 'every 500ms must be a multiple of 1s'],
  ])('%j', async (params, message) => {
    await expect(run(volumeImbalance, frame, params as object, { backend: 'cpu' })).rejects.toThrow(message);
  });
});
