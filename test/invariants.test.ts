import { describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import type { AnyAnalytic } from '../src/core/analytic.js';
import { isExact } from '../src/core/exact.js';
import { compareColumns } from '../src/engine/compare.js';
import { type ResultTable, run } from '../src/engine/run.js';
import type { BookRow } from './support/book-frames.js';
import { caseName, casesOf } from './support/cases.js';
import { expectCells } from './support/cells.js';
import type { TradeRow } from './support/frames.js';
import { leaky } from './support/leaky.js';
import { framesOf, knownAt, type MarketRows, mapLists, marketRowsOf } from './support/market-rows.js';
import type { MarketOptions } from './support/markets.js';
import { MIRROR, PER_TRADE, TURNED } from './support/mirror.js';

type Params = Readonly<Record<string, unknown>>;

const runRows = async (
  analytic: AnyAnalytic,
  rows: MarketRows,
  c: { params: Params; market: MarketOptions },
) => (await run(analytic, framesOf(rows, c.market), { ...c.params }, { backend: 'cpu' })).tables;

type Cell = number | bigint;

/** As printed: -0 is 0, and a sum may be a number in one run and a BigInt in the other. */
const sameCell = (a: Cell | undefined, b: Cell): boolean => a === b || String(a) === String(b);
type CellAt = (i: number) => Cell;

/** Cells of a column; ticks as absolute, so that bases may differ. */
function cellsOf(table: ResultTable, name: string): CellAt {
  const column = table.table.columns[name]!;
  if (isExact(column)) return (i) => column.wide?.get(i) ?? column.values[i]!;
  if (table.spec.columns[name]!.dtype !== 'tick') return (i) => column[i]!;
  const instrument = table.table.columns.instrument as Uint32Array;
  return (i) => table.instruments[instrument[i]!]!.base + column[i]!;
}

/** Columns that a reader sees, and cells of each row by its key: undefined where not known by `until`. */
function rowsOf(
  table: ResultTable,
  until: number,
): { names: string[]; rows: Map<string, (Cell | undefined)[]> } {
  const { columns } = table.table;
  const available = columns.available_at as Float64Array;
  const key = table.spec.key.map((name) => cellsOf(table, name));
  // moments about the base, and receipts of rows not yet available, are internal
  const names = Object.keys(table.spec.columns).filter((name) => !table.spec.columns[name]!.hidden);
  const cells = names.map((name) => {
    const known = name.endsWith('_available_at') ? columns[name] : columns[`${name}_available_at`];
    return { at: cellsOf(table, name), known: known as Float64Array | undefined };
  });
  const rows = new Map<string, (Cell | undefined)[]>();
  for (let i = 0; i < table.table.rows; i++) {
    // a null is of what is not over yet
    if (!(available[i]! <= until)) continue;
    rows.set(
      key.map((at) => at(i)).join('|'),
      cells.map(({ at, known }) => (known && known[i]! > until ? undefined : at(i))),
    );
  }
  return { names, rows };
}

/** Values available by t that data known by t does not give, or gives differently. */
async function leaks(analytic: AnyAnalytic, c: { params: Params; market: MarketOptions }): Promise<string[]> {
  const rows = marketRowsOf(analytic, c.params, c.market);
  const full = await runRows(analytic, rows, c);
  const times = Object.values(rows)
    .flat(2)
    .map(knownAt)
    .sort((a, b) => a - b);
  const found: string[] = [];
  for (const share of [0.15, 0.4, 0.6, 0.85, 0.97]) {
    const until = times[Math.floor(times.length * share)]!;
    const prefix = await runRows(
      analytic,
      mapLists(rows, (list) => list.filter((row) => knownAt(row) <= until)),
      c,
    );
    for (const name of Object.keys(full)) {
      const got = rowsOf(prefix[name]!, until).rows;
      const { names, rows: later } = rowsOf(full[name]!, until);
      for (const [key, want] of later) {
        const cells = got.get(key);
        for (const [c, value] of want.entries())
          if (value !== undefined && !sameCell(cells?.[c], value))
            found.push(`${name}.${names[c]} at ${key}: ${cells?.[c]}, later ${value}`);
      }
    }
  }
  return found;
}

/** The market seen from the other side: buyers are sellers, and a book's prices are turned over. */
const swapped = (row: TradeRow | BookRow | { oi: number }) => {
  if ('side' in row) return { ...row, side: row.side === 'B' ? 'S' : row.side === 'S' ? 'B' : 'U' };
  if (!('bids' in row)) return row;
  const turned = (levels: BookRow['bids']) => levels.map(([tick, lots]) => [200_000 - tick, lots] as const);
  return { ...row, bids: turned(row.asks), asks: turned(row.bids) };
};

/** Four times every size: a power of two, so that roundings scale too and sums that cancel still compare. */
const quadrupled = (row: TradeRow | BookRow | { oi: number }) => {
  if ('lots' in row) return { ...row, lots: BigInt(row.lots) * 4n };
  if ('oi' in row) return { ...row, oi: row.oi * 4 };
  const levels = (side: BookRow['bids']) => side.map(([tick, lots]) => [tick, lots * 4] as const);
  return { ...row, bids: levels(row.bids), asks: levels(row.asks) };
};

/** Factor of a column where sizes are `times` as large: volumes grow, what is divided by volume shrinks, the rest stays. */
const sizeFactor = (dtype: string, unit: string, times: number): number => {
  if (unit.endsWith('/ size')) return 1 / times;
  const size = dtype === 'lots' || dtype === 'money' || unit === 'contracts' || /size|lot/.test(unit);
  return size ? times : 1;
};

const values = (table: ResultTable, name: string): { big: bigint[] | undefined; f64: ArrayLike<number> } => {
  const column = table.table.columns[name]!;
  if (!isExact(column)) return { big: undefined, f64: column };
  return { big: Array.from(column.values, (v, i) => column.wide?.get(i) ?? BigInt(v)), f64: column.values };
};

/** Of integers exactly, of numbers to 1e-12; a null stays one, and no distance to infinity is small. */
const near = (got: Cell, want: Cell): boolean =>
  typeof want === 'bigint' || Number.isNaN(want)
    ? Object.is(got, want)
    : Math.abs(Number(got) - want) <= 1e-12 * Math.abs(want);

for (const analytic of registry.values())
  describe(analytic.name, () => {
    const cases = casesOf(analytic.name);

    it.each(cases.map((c) => [caseName(c), c] as const))('prefix invariance: %s', async (_, c) => {
      expect(await leaks(analytic, c)).toEqual([]);
    });

    it.each(cases.map((c) => [caseName(c), c] as const))('side mirror: %s', async (_, c) => {
      const rows = marketRowsOf(analytic, c.params, c.market);
      const plain = await runRows(analytic, rows, c);
      const mirror = await runRows(
        analytic,
        mapLists(rows, (list) => list.map(swapped) as never),
        c,
      );
      for (const [name, table] of Object.entries(plain)) {
        // a table of one bar width of several names it
        const output = `${analytic.name}.${name.replace(/-\d+[a-z]+$/, '')}`;
        if (TURNED.has(output)) continue;
        const other = mirror[name]!;
        expect(other.table.rows).toBe(table.table.rows);
        for (const column of Object.keys(table.spec.columns)) {
          if (TURNED.has(`${output}.${column}`)) continue;
          const [from, sign] = MIRROR[`${analytic.name}.${column}`] ?? MIRROR[column] ?? [column, 1];
          const got = values(other, column);
          const want = values(table, from);
          expectCells(column, table.table.rows, (i) =>
            // + 0 turns -0 into 0
            want.big
              ? [got.big![i]!, want.big[i]! * BigInt(sign)]
              : [got.f64[i]! + 0, want.f64[i]! * sign + 0],
          );
        }
      }
    });

    it('scale: sizes × 4 leave ratios and prices, and multiply volumes by 4', async () => {
      const c = { ...cases[0]!, market: { seed: 11 } };
      const rows = marketRowsOf(analytic, c.params, c.market);
      const plain = await runRows(analytic, rows, c);
      const scaled = await runRows(
        analytic,
        mapLists(rows, (list) => list.map(quadrupled) as never),
        c,
      );
      for (const [name, table] of Object.entries(plain))
        for (const [column, spec] of Object.entries(table.spec.columns)) {
          const got = values(scaled[name]!, column);
          const want = values(table, column);
          const factor = sizeFactor(spec.dtype, spec.unit, 4);
          expectCells(
            column,
            table.table.rows,
            (i) =>
              want.big ? [got.big![i]!, want.big[i]! * BigInt(factor)] : [got.f64[i]!, want.f64[i]! * factor],
            near,
          );
        }
    });

    it('split: a trade cut in pieces of equal time leaves every volume', async () => {
      const c = { ...cases[0]!, market: { seed: 12, received: true } };
      const rows = marketRowsOf(analytic, c.params, c.market);
      const pieces = (row: TradeRow): TradeRow[] =>
        !('lots' in row) || BigInt(row.lots) < 3n
          ? [row]
          : [
              { ...row, lots: 1 },
              { ...row, lots: BigInt(row.lots) - 2n },
              { ...row, lots: 1 },
            ];
      const plain = await runRows(analytic, rows, c);
      const split = await runRows(
        analytic,
        mapLists(rows, (list) => list.flatMap(pieces as never)),
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
