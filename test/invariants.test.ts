import { describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import type { AnyAnalytic } from '../src/core/analytic.js';
import { isExact } from '../src/core/exact.js';
import { compareColumns } from '../src/engine/compare.js';
import { type ResultTable, run } from '../src/engine/run.js';
import { caseName, casesOf } from './support/cases.js';
import { frameOf, type TradeRow } from './support/frames.js';
import { leaky } from './support/leaky.js';
import { type MarketOptions, marketRows } from './support/markets.js';

const runRows = async (
  analytic: AnyAnalytic,
  lists: readonly (readonly TradeRow[])[],
  c: { params: object; market: MarketOptions },
) => (await run(analytic, frameOf(lists, c.market), { ...c.params }, { backend: 'cpu' })).tables;

/** Column values of one row with its key, as text; ticks as absolute, so that bases may differ. */
function rowsOf(table: ResultTable, until: number): Map<string, Record<string, string>> {
  const { columns } = table.table;
  const out = new Map<string, Record<string, string>>();
  const cell = (name: string, i: number): string => {
    const column = columns[name]!;
    if (isExact(column)) return String(column.wide?.get(i) ?? column.values[i]);
    const base =
      table.spec.columns[name]!.dtype === 'tick'
        ? table.instruments[(columns.instrument as Uint32Array)[i]!]!.base
        : 0;
    return String(base + column[i]!);
  };
  const available = columns.available_at as Float64Array;
  for (let i = 0; i < table.table.rows; i++) {
    if (available[i]! > until) continue;
    const values: Record<string, string> = {};
    for (const [name, spec] of Object.entries(table.spec.columns)) {
      // moments about the base, and receipts of rows not yet available, are internal
      if (spec.hidden) continue;
      const own = columns[`${name}_available_at`] as Float64Array | undefined;
      if (name.endsWith('_available_at') && (columns[name] as Float64Array)[i]! > until) continue;
      if (own && own[i]! > until) continue;
      values[name] = cell(name, i);
    }
    out.set(table.spec.key.map((key) => cell(key, i)).join('|'), values);
  }
  return out;
}

/** Values available by t that data known by t does not give, or gives differently. */
async function leaks(analytic: AnyAnalytic, c: { params: object; market: MarketOptions }): Promise<string[]> {
  const lists = marketRows(c.market);
  const full = await runRows(analytic, lists, c);
  const known = (row: TradeRow): number => Math.max(row.t, row.a ?? row.t);
  const times = lists
    .flat()
    .map(known)
    .sort((a, b) => a - b);
  const found: string[] = [];
  for (const share of [0.15, 0.4, 0.6, 0.85, 0.97]) {
    const until = times[Math.floor(times.length * share)]!;
    const prefix = await runRows(
      analytic,
      lists.map((list) => list.filter((row) => known(row) <= until)),
      c,
    );
    for (const name of Object.keys(full)) {
      const got = rowsOf(prefix[name]!, until);
      for (const [key, want] of rowsOf(full[name]!, until))
        for (const [column, value] of Object.entries(want))
          if (got.get(key)?.[column] !== value)
            found.push(`${name}.${column} at ${key}: ${got.get(key)?.[column]}, later ${value}`);
    }
  }
  return found;
}

const swapped = (row: TradeRow): TradeRow => ({
  ...row,
  side: row.side === 'B' ? 'S' : row.side === 'S' ? 'B' : 'U',
});

/** What a column of the side-swapped run must hold: the value of which column, and its sign. */
const MIRROR: Readonly<Record<string, readonly [column: string, sign: 1 | -1]>> = {
  buy_volume: ['sell_volume', 1],
  sell_volume: ['buy_volume', 1],
  buy_trades: ['sell_trades', 1],
  sell_trades: ['buy_trades', 1],
  delta: ['delta', -1],
  cvd: ['cvd', -1],
  vi: ['vi', -1],
  vi_low: ['vi_high', -1],
  vi_high: ['vi_low', -1],
  count_imbalance: ['count_imbalance', -1],
};

/** Columns that count or weigh rows one by one, and so change when a trade is cut in pieces. */
const PER_TRADE = new Set(['trades', 'buy_trades', 'sell_trades', 'count_imbalance']);
/** Columns in units of size; all others are ratios, prices, counts or times. */
const sizeLike = (dtype: string, unit: string): boolean =>
  dtype === 'lots' || dtype === 'money' || unit === 'size' || unit.includes('lot');

const values = (table: ResultTable, name: string): { big: bigint[] | undefined; f64: ArrayLike<number> } => {
  const column = table.table.columns[name]!;
  if (!isExact(column)) return { big: undefined, f64: column };
  return { big: Array.from(column.values, (v, i) => column.wide?.get(i) ?? BigInt(v)), f64: column.values };
};

for (const analytic of registry.values())
  describe(analytic.name, () => {
    const cases = casesOf(analytic.name);

    it.each(cases.map((c) => [caseName(c), c] as const))('prefix invariance: %s', async (_, c) => {
      expect(await leaks(analytic, c)).toEqual([]);
    });

    it.each(cases.map((c) => [caseName(c), c] as const))('side mirror: %s', async (_, c) => {
      const lists = marketRows(c.market);
      const plain = await runRows(analytic, lists, c);
      const mirror = await runRows(
        analytic,
        lists.map((list) => list.map(swapped)),
        c,
      );
      for (const [name, table] of Object.entries(plain)) {
        const other = mirror[name]!;
        expect(other.table.rows).toBe(table.table.rows);
        for (const column of Object.keys(table.spec.columns)) {
          const [from, sign] = MIRROR[column] ?? [column, 1];
          const got = values(other, column);
          const want = values(table, from);
          for (let i = 0; i < table.table.rows; i++) {
            if (want.big) expect(got.big![i], column).toBe(want.big[i]! * BigInt(sign));
            // + 0 turns -0 into 0
            else expect(got.f64[i]! + 0, column).toBe(want.f64[i]! * sign + 0);
          }
        }
      }
    });

    it('scale: sizes × 3 leave ratios and prices, and multiply volumes by 3', async () => {
      const c = { ...cases[0]!, market: { seed: 11 } };
      const lists = marketRows(c.market);
      const plain = await runRows(analytic, lists, c);
      const scaled = await runRows(
        analytic,
        lists.map((list) => list.map((row) => ({ ...row, lots: BigInt(row.lots) * 3n }))),
        c,
      );
      for (const [name, table] of Object.entries(plain))
        for (const [column, spec] of Object.entries(table.spec.columns)) {
          const got = values(scaled[name]!, column);
          const want = values(table, column);
          const factor = sizeLike(spec.dtype, spec.unit) ? 3 : 1;
          for (let i = 0; i < table.table.rows; i++) {
            if (want.big) expect(got.big![i], column).toBe(want.big[i]! * BigInt(factor));
            else if (!Number.isNaN(want.f64[i]!))
              expect(Math.abs(got.f64[i]! - want.f64[i]! * factor), column).toBeLessThanOrEqual(
                1e-12 * Math.abs(want.f64[i]! * factor),
              );
          }
        }
    });

    it('split: a trade cut in pieces of equal time leaves every volume', async () => {
      const c = { ...cases[0]!, market: { seed: 12, received: true } };
      const lists = marketRows(c.market);
      const pieces = (row: TradeRow): TradeRow[] =>
        BigInt(row.lots) < 3n
          ? [row]
          : [
              { ...row, lots: 1 },
              { ...row, lots: BigInt(row.lots) - 2n },
              { ...row, lots: 1 },
            ];
      const plain = await runRows(analytic, lists, c);
      const split = await runRows(
        analytic,
        lists.map((list) => list.flatMap(pieces)),
        c,
      );
      for (const [name, table] of Object.entries(plain))
        for (const [column, { accuracy }] of Object.entries(table.spec.columns)) {
          if (PER_TRADE.has(column)) continue;
          const misses = compareColumns(
            split[name]!.table.columns[column],
            table.table.columns[column],
            accuracy,
          );
          expect(misses.count, column).toBe(0);
        }
    });
  });

describe('the prefix test itself', () => {
  it('fails an analytic that looks ahead', async () => {
    expect((await leaks(leaky, { params: {}, market: { seed: 1 } })).length).toBeGreaterThan(0);
  });
});
