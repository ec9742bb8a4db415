import { describe, expect, it } from 'vitest';
import { footprint } from '../../src/analytics/footprint/index.js';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import type { Table } from '../../src/core/columns.js';
import { bigAt, type ExactColumn } from '../../src/core/exact.js';
import { openTrades, type ResultTable, run } from '../../src/index.js';
import { haveData, realData } from '../ingest/support.js';
import { caseName, casesOf, MARKETS } from '../support/cases.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { type MarketOptions, market, marketRows } from '../support/markets.js';

const cpu = { backend: 'cpu' } as const;
const MINUTE = 60_000_000;
const big = (table: Table, column: string, i: number): bigint =>
  bigAt(table.columns[column] as ExactColumn, i);
const num = (table: Table, column: string, i: number): number => (table.columns[column] as Float64Array)[i]!;

/** One record a row, keyed as the table is; exact columns as text. */
const records = ({ table, spec }: ResultTable, columns: readonly string[]): Map<string, string> =>
  new Map(
    Array.from({ length: table.rows }, (_, i) => {
      const cell = (name: string): string => {
        const column = table.columns[name]!;
        return String('wide' in column ? bigAt(column, i) : column[i]);
      };
      return [spec.key.map(cell).join(), columns.map(cell).join()];
    }),
  );

interface Cell {
  buy: bigint;
  sell: bigint;
  buys: bigint;
  sells: bigint;
}

/** Rules in thousandths of a factor; partner and count by name. */
interface Oracle {
  readonly every: number;
  readonly ticks: number;
  readonly factor: bigint;
  readonly least: bigint;
  readonly stack: number;
  readonly partner: 'adjacent_price' | 'adjacent_traded' | 'same_price';
  readonly zero: 'ignore' | 'treat_as_inf' | 'min_one_lot';
  readonly edge: 'exclude' | 'zero';
  readonly count: boolean;
}

/** The definition on plain Maps, a dense walk over every price between a bar's lowest and highest. */
function byHand(lists: readonly (readonly TradeRow[])[], o: Oracle) {
  const cells = new Map<string, string>();
  const zones = new Map<string, string>();
  lists.forEach((list, s) => {
    const bars = new Map<number, Map<number, Cell>>();
    for (const trade of list) {
      const t0 = Math.floor(trade.t / o.every) * o.every;
      const bar = bars.get(t0) ?? new Map<number, Cell>();
      bars.set(t0, bar);
      const row = Math.floor(trade.k / o.ticks);
      const cell = bar.get(row) ?? { buy: 0n, sell: 0n, buys: 0n, sells: 0n };
      bar.set(row, cell);
      if (trade.side === 'B') {
        cell.buy += BigInt(trade.lots);
        cell.buys++;
      } else if (trade.side === 'S') {
        cell.sell += BigInt(trade.lots);
        cell.sells++;
      }
    }
    for (const [t0, bar] of bars) {
      const rows = [...bar.keys()].sort((a, b) => a - b);
      const [lowest, highest] = [rows[0]!, rows[rows.length - 1]!];
      const bought = (row: number): bigint => (o.count ? bar.get(row)?.buys : bar.get(row)?.buy) ?? 0n;
      const sold = (row: number): bigint => (o.count ? bar.get(row)?.sells : bar.get(row)?.sell) ?? 0n;
      const partnerOf = (row: number, step: 1 | -1): number | undefined => {
        if (o.partner === 'same_price') return row;
        let other = row + step;
        if (o.partner === 'adjacent_traded')
          while (other > lowest && other < highest && !bar.has(other)) other += step;
        return o.edge === 'exclude' && (other < lowest || other > highest) ? undefined : other;
      };
      const reaches = (own: bigint, opposite: bigint): boolean => {
        if (own < o.least || (opposite === 0n && o.zero === 'ignore')) return false;
        if (opposite === 0n && o.zero === 'treat_as_inf') return true;
        return own * 1000n >= o.factor * (opposite === 0n ? 1n : opposite);
      };
      const flagged = { buy: new Set<number>(), sell: new Set<number>() };
      for (const row of rows) {
        const [below, above] = [partnerOf(row, -1), partnerOf(row, 1)];
        if (below !== undefined && reaches(bought(row), sold(below))) flagged.buy.add(row);
        if (above !== undefined && reaches(sold(row), bought(above))) flagged.sell.add(row);
        const flags = [flagged.buy.has(row), flagged.sell.has(row)];
        const same = [reaches(bought(row), sold(row)), reaches(sold(row), bought(row))];
        const { buy, sell, buys, sells } = bar.get(row)!;
        cells.set([s, t0, row].join(), [buy, sell, buys, sells, ...[...flags, ...same].map(Number)].join());
      }
      for (const [side, of] of [
        [-1, flagged.sell],
        [1, flagged.buy],
      ] as const)
        for (const first of of) {
          if (of.has(first - 1)) continue;
          let last = first;
          while (of.has(last + 1)) last++;
          if (last - first + 1 < o.stack) continue;
          let [buy, sell] = [0n, 0n];
          for (let row = first; row <= last; row++) {
            buy += bar.get(row)!.buy;
            sell += bar.get(row)!.sell;
          }
          zones.set([s, t0, first, side].join(), [last, last - first + 1, buy, sell].join());
        }
    }
  });
  return { cells, zones };
}

const CELL = [
  'buy_volume',
  'sell_volume',
  'buy_trades',
  'sell_trades',
  'buy_flag',
  'sell_flag',
  'same_buy_flag',
  'same_sell_flag',
];
const ZONE = ['last_row', 'rows', 'buy_volume', 'sell_volume'];

describe('cells and zones against the definition on plain Maps', () => {
  const plain: Oracle = {
    every: 5 * MINUTE,
    ticks: 1,
    factor: 3000n,
    least: 1n,
    stack: 2,
    partner: 'adjacent_price',
    zero: 'ignore',
    edge: 'exclude',
    count: false,
  };
  const rules: readonly Partial<Oracle>[] = [
    {},
    { zero: 'treat_as_inf', edge: 'zero', factor: 1500n, stack: 1 },
    { zero: 'min_one_lot', least: 3n, ticks: 3 },
    { partner: 'adjacent_traded', factor: 1250n, every: 20 * MINUTE },
    { partner: 'adjacent_traded', zero: 'treat_as_inf', edge: 'zero', stack: 3 },
    { partner: 'same_price', factor: 1000n, ticks: 2 },
    { count: true, factor: 2000n, every: 60 * MINUTE },
  ];
  const markets: readonly MarketOptions[] = [
    ...MARKETS,
    { seed: 31, maxTick: 9, maxLots: 9n, rows: 4000 },
    { seed: 32, maxTick: 30, maxLots: 2n ** 55n, rows: 2000 },
  ];
  const all = markets.flatMap((options) => rules.map((rule) => ({ options, rule: { ...plain, ...rule } })));

  it.each(
    all.map(
      (c) =>
        [
          caseName({
            params: { ...c.rule, factor: Number(c.rule.factor), least: Number(c.rule.least) },
            market: c.options,
          }),
          c,
        ] as const,
    ),
  )('%s', async (_, { options, rule }) => {
    const want = byHand(marketRows(options), rule);
    const { tables } = await run(
      footprint,
      market(options),
      {
        every: `${rule.every / MINUTE}m`,
        rowTicks: rule.ticks,
        ratio: Number(rule.factor) / 1000,
        minVolume: Number(rule.least),
        measure: rule.count ? 'count' : 'volume',
        partner: rule.partner,
        zero: rule.zero,
        edge: rule.edge,
        stack: rule.stack,
      },
      cpu,
    );
    expect(records(tables.cells!, CELL)).toEqual(want.cells);
    expect(records(tables.zones!, ZONE)).toEqual(want.zones);
  });
});

describe('a footprint in the mirror', () => {
  it('of price and side swaps buy and sell flags, and zones', async () => {
    let flags = 0;
    let zones = 0;
    for (const { params, market: options } of casesOf('footprint').filter(
      ({ params: p }) => p.rowTicks === 1,
    )) {
      const lists = marketRows(options);
      const turned = lists.map((list) =>
        list.map(
          (row): TradeRow => ({
            ...row,
            k: 200_000 - row.k,
            side: row.side === 'B' ? 'S' : row.side === 'S' ? 'B' : 'U',
          }),
        ),
      );
      const { cells, zones: stacked } = (await run(footprint, frameOf(lists, options), params, cpu)).tables;
      const other = (await run(footprint, frameOf(turned, options), params, cpu)).tables;
      const name = (table: Table, i: number, row: string): string =>
        [num(table, 'instrument', i), num(table, 'time', i), row].join();
      const want = new Map<string, string>();
      for (let i = 0; i < cells!.table.rows; i++) {
        const { table } = cells!;
        flags += num(table, 'buy_flag', i) + num(table, 'sell_flag', i);
        want.set(
          name(table, i, String(200_000 - num(table, 'row', i))),
          [num(table, 'sell_flag', i), num(table, 'buy_flag', i), -big(table, 'delta', i)].join(),
        );
      }
      const got = new Map<string, string>();
      for (let i = 0; i < other.cells!.table.rows; i++) {
        const { table } = other.cells!;
        got.set(
          name(table, i, String(num(table, 'row', i))),
          [num(table, 'buy_flag', i), num(table, 'sell_flag', i), big(table, 'delta', i)].join(),
        );
      }
      expect(got).toEqual(want);
      const runs = (
        table: Table,
        turn: (row: number) => number,
        low: string,
        high: string,
        sign: number,
      ): string[] =>
        Array.from({ length: table.rows }, (_, i) =>
          [
            name(table, i, ''),
            turn(num(table, low, i)),
            turn(num(table, high, i)),
            sign * num(table, 'side', i),
          ].join(),
        ).sort();
      zones += stacked!.table.rows;
      expect(runs(other.zones!.table, (row) => row, 'first_row', 'last_row', 1)).toEqual(
        runs(stacked!.table, (row) => 200_000 - row, 'last_row', 'first_row', -1),
      );
    }
    expect(flags).toBeGreaterThan(1000);
    expect(zones).toBeGreaterThan(100);
  });
});

describe('sums', () => {
  const sumBy = (table: Table, key: (i: number) => string, column: string): Map<string, bigint> => {
    const sums = new Map<string, bigint>();
    for (let i = 0; i < table.rows; i++) sums.set(key(i), (sums.get(key(i)) ?? 0n) + big(table, column, i));
    return sums;
  };
  const bar = (table: Table) => (i: number) => `${num(table, 'instrument', i)},${num(table, 'time', i)}`;

  it.each(MARKETS.map((m) => [caseName({ params: {}, market: m }), m] as const))(
    'Σ B - Σ S over rows is the delta of the bar, and Σ rows its volume: %s',
    async (_, options) => {
      const frame = market(options);
      const cells = (await run(footprint, frame, { row: 0.07 }, cpu)).tables.cells!.table;
      const bars = (await run(volumeImbalance, frame, {}, cpu)).tables.bars!.table;
      for (const column of ['delta', 'volume'])
        expect(sumBy(cells, bar(cells), column)).toEqual(sumBy(bars, bar(bars), column));
    },
  );

  it('twelve bars of 5 minutes add up to the hour, row by row', async () => {
    const frame = market({ seed: 3, maxLots: 2n ** 60n });
    const HOUR = 60 * MINUTE;
    const row = (table: Table, i: number): string =>
      [
        num(table, 'instrument', i),
        Math.floor(num(table, 'time', i) / HOUR) * HOUR,
        num(table, 'row', i),
      ].join();
    const [fine, coarse] = await Promise.all(
      ['5m', '1h'].map(async (every) => (await run(footprint, frame, { every }, cpu)).tables.cells!.table),
    );
    for (const column of ['buy_volume', 'sell_volume', 'unknown_volume'])
      expect(sumBy(fine!, (i) => row(fine!, i), column)).toEqual(
        sumBy(coarse!, (i) => row(coarse!, i), column),
      );
  });
});

describe.skipIf(!haveData)('the USD-M capture, end to end', () => {
  it('gives every cell and zone that the definition gives', async () => {
    const { frame } = await openTrades([realData('binance-capture/usdm_ethusdt_20240808.gz')], {
      from: 'binance-capture',
      tick: '0.01',
    });
    const { offsets, instruments, columns } = frame;
    const lists = instruments.map(({ base }, s) =>
      Array.from({ length: offsets[s + 1]! - offsets[s]! }, (_, n): TradeRow => {
        const i = offsets[s]! + n;
        const word = (columns.size as Uint32Array)[i]!;
        return {
          t: frame.time.base + frame.time.unit * (columns.time as Uint32Array)[i]!,
          k: base + (columns.tick as Int32Array)[i]!,
          lots: word >>> 2,
          side: ([undefined, 'B', 'S'] as const)[word & 3] ?? 'U',
        };
      }),
    );
    const want = byHand(lists, {
      every: MINUTE,
      ticks: 10,
      factor: 3000n,
      least: 1n,
      stack: 3,
      partner: 'adjacent_price',
      zero: 'ignore',
      edge: 'exclude',
      count: false,
    });
    const { tables } = await run(footprint, frame, { rowTicks: 10 }, cpu);
    expect(records(tables.cells!, CELL)).toEqual(want.cells);
    expect(records(tables.zones!, ZONE)).toEqual(want.zones);
    expect(want.cells.size).toBeGreaterThan(100);
    expect(want.zones.size).toBeGreaterThan(0);
  });
});

describe('parameters', () => {
  const frame = frameOf([[{ t: 0, k: 1, lots: 1, side: 'B' }]]);
  it.each([
    [{ ratio: 0.5 }, 'footprint ratio 0.5 must be at least 1 as a factor'],
    [{ ratio: 3.0000001 }, 'footprint ratio 3.0000001 must have at most 6 decimals'],
    [{ ratio: 1001 }, 'footprint ratio 1001 must be at most 1000'],
    [{ minVolume: 0 }, 'footprint minVolume 0 must be at least 1'],
    [{ stack: 0 }, 'footprint stack 0 must be at least 1'],
    [{ every: '500ms' }, 'footprint every 500ms must be whole seconds'],
    [{ partner: 'diagonal' }, 'footprint partner diagonal must be one of adjacent_price'],
    [{ row: 1, rowTicks: 1 }, 'rowTicks 1 must not be given together with row'],
  ])('%j', async (params, message) => {
    await expect(run(footprint, frame, params as object, cpu)).rejects.toThrow(message);
  });
});
