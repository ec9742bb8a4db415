import { beforeAll, describe, expect, it } from 'vitest';
import { orderBookImbalance } from '../../src/analytics/order-book-imbalance/index.js';
import { orderFlowImbalance } from '../../src/analytics/order-flow-imbalance/index.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import { LOCKED, OK } from '../../src/core/book-states.js';
import type { Column, Frame } from '../../src/core/columns.js';
import { bigAt, type ExactColumn } from '../../src/core/exact.js';
import { bookFrame } from '../../src/engine/book-frame.js';
import { compareResults } from '../../src/engine/compare.js';
import { type ReplayedBooks, replayBooks } from '../../src/engine/replay.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { describeGpu } from '../support/gpu.js';

const LEVELS = 10;
const MINUTE = 60_000_000;
/** Basis points. */
const BAND = 5;

interface Level {
  readonly tick: number;
  readonly lots: bigint;
}
interface State {
  readonly ts: number;
  readonly usable: boolean;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** States as plain objects, from the replay itself rather than from the frame. */
function statesOf({ instruments }: ReplayedBooks): State[] {
  const { rows, columns, state } = instruments[0]!.states;
  return Array.from({ length: rows }, (_, i) => {
    const side = (name: string): Level[] =>
      Array.from({ length: LEVELS }, (_, l) => l + 1)
        .filter((l) => !Number.isNaN(columns[`${name}_lots_${l}`]![i]!))
        .map((l) => ({
          tick: columns[`${name}_tick_${l}`]![i]!,
          lots: BigInt(columns[`${name}_lots_${l}`]![i]!),
        }));
    const usable = state[i] === OK || state[i] === LOCKED;
    return { ts: columns.ts![i]!, usable, bids: side('bid'), asks: side('ask') };
  });
}

const barOf = (ts: number): number => Math.floor(ts / MINUTE) * MINUTE;

/** Order flow by bar and level, as `bar level`. */
function flowOf(states: readonly State[]): Map<string, bigint> {
  const out = new Map<string, bigint>();
  states.forEach((now, i) => {
    const last = states[i - 1];
    if (!last?.usable || !now.usable) return;
    for (let m = 0; m < LEVELS; m++) {
      const [b, a, b0, a0] = [now.bids[m], now.asks[m], last.bids[m], last.asks[m]];
      if (!b || !a || !b0 || !a0) continue;
      let e = 0n;
      if (b.tick >= b0.tick) e += b.lots;
      if (b.tick <= b0.tick) e -= b0.lots;
      if (a.tick <= a0.tick) e -= a.lots;
      if (a.tick >= a0.tick) e += a0.lots;
      const key = `${barOf(now.ts)} ${m + 1}`;
      out.set(key, (out.get(key) ?? 0n) + e);
    }
  });
  return out;
}

/** ∫ imbalance dt, ∫ bid depth dt within the band and covered time, by bar. */
function imbalanceOf(states: readonly State[], levels: number) {
  const bars = new Map<number, { obi: number; depth: bigint; covered: number }>();
  states.forEach(({ ts, usable, bids, asks }, i) => {
    const end = states[i + 1]?.ts ?? ts;
    if (!usable) return;
    const sum = (side: readonly Level[]): number =>
      side.slice(0, levels).reduce((total, { lots }) => total + Number(lots), 0);
    const obi = (sum(bids) - sum(asks)) / (sum(bids) + sum(asks));
    const mid = bids[0]!.tick + asks[0]!.tick;
    const near = bids.filter(({ tick }) => (mid - 2 * tick) * 10_000 <= BAND * mid);
    const depth = near.reduce((total, { lots }) => total + lots, 0n);
    for (let bar = barOf(ts); bar < end; bar += MINUTE) {
      const lasts = Math.min(end, bar + MINUTE) - Math.max(ts, bar);
      const sums = bars.get(bar) ?? { obi: 0, depth: 0n, covered: 0 };
      bars.set(bar, {
        obi: sums.obi + obi * lasts,
        depth: sums.depth + depth * BigInt(lasts),
        covered: sums.covered + lasts,
      });
    }
  });
  return bars;
}

const CAPTURES: Readonly<Record<string, readonly string[]>> = {
  'USD-M': ['usdm_ethusdt_20240808'],
  'COIN-M': ['coinm_ethusd_perp_20240808'],
  'spot, two files': ['spot_ethusdt_20240808', 'spot_ethusdt_20240809'],
};

describe.skipIf(!haveData)(`book and order-flow imbalance of captures, ${dataLine}`, () => {
  describe.each(Object.entries(CAPTURES))('%s', (name, files) => {
    let frame: Frame;
    let states: State[];
    beforeAll(async () => {
      const books = await replayBooks(
        files.map((file) => realData(`binance-capture/${file}.gz`)),
        { params: { levels: LEVELS, crossed: 'keep', oneSided: 'extreme' } },
      );
      expect(books.instruments).toHaveLength(1);
      states = statesOf(books);
      frame = bookFrame(books);
    });

    const f64 = (columns: Readonly<Record<string, Column>>, column: string, i: number): number =>
      (columns[column] as Float64Array)[i]!;

    it('order flow is that of plain loops over the states', async () => {
      const { tables } = await run(orderFlowImbalance, frame, { levels: LEVELS }, { backend: 'cpu' });
      const { columns, rows } = tables.bars!.table;
      const want = flowOf(states);
      let found = 0;
      for (let i = 0; i < rows; i++) {
        const sum = want.get(`${f64(columns, 'time', i)} ${f64(columns, 'level', i)}`);
        expect(f64(columns, 'ofi', i)).toBe(sum === undefined ? Number.NaN : Number(sum));
        if (sum !== undefined) found++;
      }
      expect(found).toBe(want.size);
      const total = [...want].reduce((sum, [key, e]) => sum + (key.endsWith(' 1') ? e : 0n), 0n);
      expect({ states: states.length, bars: rows / LEVELS, total }).toEqual(PINNED[name]!.flow);
    });

    it('book imbalance and depth are those of plain loops over the states', async () => {
      const params = { levels: '1,10', bands: [BAND] };
      const { tables } = await run(orderBookImbalance, frame, params, { backend: 'cpu' });
      const levels = tables.levels!.table.columns;
      const bands = tables.bands!.table.columns;
      const means = [1, 10].map((count, j) => {
        const want = imbalanceOf(states, count);
        let seen = 0;
        for (let i = j; i < tables.levels!.table.rows; i += 2) {
          const bar = want.get(f64(levels, 'time', i));
          if (!bar) continue;
          seen++;
          expect(Math.abs(f64(levels, 'obi', i) - bar.obi / bar.covered)).toBeLessThanOrEqual(1e-12);
          expect(f64(levels, 'covered_time', i)).toBe(bar.covered);
          expect(bigAt(bands.bid_sum as ExactColumn, (i - j) / 2)).toBe(bar.depth);
        }
        expect(seen).toBe(want.size);
        const [obi, covered] = [...want.values()].reduce(
          ([o, c], bar) => [o + bar.obi, c + bar.covered],
          [0, 0],
        );
        return (obi / covered).toFixed(9);
      });
      expect(means).toEqual(PINNED[name]!.means);
    });
  });
});

/** What loops and analytics agreed on. */
const PINNED: Readonly<Record<string, { flow: object; means: readonly string[] }>> = {
  'USD-M': { flow: { states: 6582, bars: 7, total: 219101n }, means: ['0.003883706', '0.024819513'] },
  'COIN-M': { flow: { states: 22889, bars: 7, total: -55096n }, means: ['0.008079010', '-0.050693320'] },
  'spot, two files': {
    flow: { states: 6469, bars: 12, total: -313727270n },
    means: ['-0.043824994', '-0.068654254'],
  },
};

describeGpu(`book and order-flow imbalance of captures, ${dataLine}`, () => {
  it.skipIf(!haveData).each(Object.entries(CAPTURES))('%s: equal to the CPU', async (_, files) => {
    const books = await replayBooks(files.map((file) => realData(`binance-capture/${file}.gz`)));
    for (const analytic of [orderFlowImbalance, orderBookImbalance] as readonly AnyAnalytic[]) {
      const [got, want] = await Promise.all(
        (['webgpu', 'cpu'] as const).map((backend) =>
          run(
            analytic,
            bookFrame(books),
            { events: true },
            { backend, ...(backend === 'cpu' ? {} : { adapter: 'any' }) },
          ),
        ),
      );
      expect(compareResults(got!, want!).worst).toBeUndefined();
    }
  });
});
