import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import { type AuditOptions, auditSides, type SideAudit } from '../../src/engine/audit-sides.js';
import { auditRow, auditTables } from '../../src/engine/audit-tables.js';
import { type OpenOptions, openTrades } from '../../src/engine/open.js';
import { openQuotes } from '../../src/engine/open-quotes.js';
import { isValid, type PresentedTable } from '../../src/table/presented.js';
import { dataLine, haveData, realData, rowsOf, scratch } from '../ingest/support.js';
import { integerIn, random } from '../support/random.js';

const { write } = scratch();
const T0 = 1_700_000_040_000;
let files = 0;
const csv = (head: string, rows: readonly (readonly unknown[])[]): string =>
  write(`a${files++}.csv`, [head, ...rows.map((row) => row.join(','))].join('\n'));

async function audit(
  trades: string,
  quotes: string | undefined,
  options: AuditOptions = {},
  reading: OpenOptions = {},
): Promise<
  SideAudit & {
    row: (rule: string, s?: number) => ReturnType<typeof auditRow>;
    tables: ReturnType<typeof auditTables>;
  }
> {
  const { frame } = await openTrades([trades], reading);
  const found = auditSides(
    frame,
    quotes === undefined ? undefined : (await openQuotes([quotes], frame)).quotes,
    options,
  );
  return {
    ...found,
    row: (rule, s = 0) =>
      auditRow(found.instruments[s]!.rules.find((r) => r.rule === rule)!, frame.instruments[s]!),
    tables: auditTables(found, frame.instruments),
  };
}

const cell = (table: PresentedTable, name: string, row: number): number | string | null => {
  const column = table.columns.find((c) => c.name === name)!;
  if (!isValid(column, row)) return null;
  const { data } = column;
  if (data.type === 'symbol') return data.values[data.codes[row]!]!;
  if (data.type === 'f64') return data.values[row]!;
  throw new TypeError(name);
};

/** Nine buys of one lot above the mid, and a sell of a hundred above it too. */
const m11 = {
  trades: csv(
    'ts,price,size,side',
    Array.from({ length: 10 }, (_, i) => [T0 + i, 10.02, i < 9 ? 1 : 100, i < 9 ? 'buy' : 'sell']),
  ),
  quotes: csv('ts,bid,ask', [[T0 - 1, 10.0, 10.02]]),
};

describe('audit of sides', () => {
  it('prints both errors: accuracy 0.9, yet delta is -91 and inferred 109', async () => {
    const found = await audit(m11.trades, m11.quotes);
    expect(found.row('quote')).toMatchObject({
      ...{ trades: 10, classified: 10, correct: 9, classifiedShare: 1, accuracy: 0.9, volumeShare: 1 },
      ...{ volume: 109, delta: -91, inferredDelta: 109, deltaError: 200, maxDeltaError: 200 },
      ...{ buyBuy: 9, buySell: 0, buyUnknown: 0, sellBuy: 1, sellSell: 0, sellUnknown: 0 },
      // one bar: B 9 of B̂ 109, S 100 of Ŝ 0
      ...{ bars: 1, barsRight: 9 / 109, volumeAccuracy: 9 / 109 },
    });
    // a price that never changes tells the tick rule nothing
    expect(found.row('tick')).toMatchObject({
      classified: 0,
      accuracy: Number.NaN,
      inferredDelta: 0,
      deltaError: 91,
    });
    expect(found.instruments[0]).toMatchObject({ trades: 10, unflagged: 0, flagCoverage: 1 });
  });

  it('leaves trades without a flag out of the scores, and bars that hold one out of bulk classification', async () => {
    const trades = csv('ts,price,size,side', [
      ...Array.from({ length: 5 }, (_, i) => [
        T0 + i * 60_000,
        10 + ((i * 7) % 3),
        4,
        i % 2 ? 'buy' : 'sell',
      ]),
      [T0 + 4 * 60_000 + 1, 10, 12, ''],
      [T0 + 5 * 60_000, 13, 4, 'buy'],
    ]);
    const found = await audit(trades, undefined, { window: 2 });
    expect(found.instruments[0]).toMatchObject({ trades: 7, unflagged: 1, flagCoverage: 24 / 36 });
    expect(found.row('tick')).toMatchObject({ trades: 6, volume: 24 });
    // prices 10, 11, 12, 10, 11, 10 | 13: six bars, a σ from the fourth on, of which the fifth has an unknown trade
    expect(found.bars.rows).toBe(6);
    expect(found.row('bvc').bars).toBe(1);
    expect(found.byRule.map(({ rule }) => rule)).toEqual(['tick', 'bvc']);
  });

  it('bulk classification of a bar, by hand', async () => {
    // closes 5, 4, 4, 5, 6: earlier changes -1, 0, 1, so σ = 1 and ΔP/σ = 1 in the last bar, of 60 bought and 40 sold
    const closes = [5, 4, 4, 5];
    const trades = csv('ts,price,size,side', [
      ...closes.map((price, i) => [T0 + i * 60_000, price, 1, 'buy']),
      [T0 + 4 * 60_000, 5, 40, 'sell'],
      [T0 + 5 * 60_000 - 1, 6, 60, 'buy'],
    ]);
    const found = await audit(trades, undefined, { window: 3 });
    const row = found.row('bvc');
    expect(row).toMatchObject({ bars: 1, volume: 100, delta: 20, trades: Number.NaN, accuracy: Number.NaN });
    expect(row.inferredDelta).toBeCloseTo(2 * 84.1344746068543 - 100, 10);
    expect(row.barsRight).toBeCloseTo((60 + (100 - 84.1344746068543)) / 100, 12);
    const { bars } = found.tables;
    const last = bars.rows - 1;
    expect(cell(bars, 'rule', last)).toBe('bvc');
    expect(cell(bars, 'inferred_buy', last)).toBeCloseTo(84.1344746068543, 10);
    expect(cell(bars, 'buy_error', last)).toBeCloseTo(24.1344746068543, 10);
    expect(cell(bars, 'delta_error', last)).toBeCloseTo(2 * 24.1344746068543, 10);
    // the warm-up is null, not 0
    expect(cell(bars, 'inferred_buy', 1)).toBeNull();
    expect(cell(bars, 'delta_error', 1)).toBeNull();
  });

  it('scores by instrument, in units of its own lots', async () => {
    const trades = csv('ts,symbol,price,size,side', [
      [T0, 'A', 10, 0.001, 'buy'],
      [T0 + 1, 'A', 11, 0.002, 'buy'],
      [T0 + 2, 'A', 10, 0.004, 'buy'],
      [T0, 'B', 10, 100, 'sell'],
      [T0 + 1, 'B', 9, 300, 'sell'],
    ]);
    const found = await audit(trades, undefined);
    expect(found.row('tick', 0)).toMatchObject({
      ...{ trades: 3, classified: 2, correct: 1, delta: 0.007, inferredDelta: -0.002, deltaError: -0.009 },
    });
    expect(found.row('tick', 1)).toMatchObject({
      delta: -400,
      inferredDelta: -300,
      deltaError: 100,
      maxDeltaError: 100,
    });
    const { scores } = found.tables;
    expect(scores.rows).toBe(4);
    expect([0, 1, 2, 3].map((i) => `${cell(scores, 'instrument', i)} ${cell(scores, 'rule', i)}`)).toEqual([
      ...['A tick', 'A bvc', 'B tick', 'B bvc'],
    ]);
    expect(cell(scores, 'max_delta_error', 0)).toBe(0.009);
    expect(cell(scores, 'accuracy', 1)).toBeNull();
  });

  it('bars add up to the scores by trade', async () => {
    const next = random(3);
    let price = 1000;
    const trades = csv(
      'ts,price,size,side',
      Array.from({ length: 500 }, (_, i) => {
        price += integerIn(next, -1, 1);
        return [T0 + i * 700, price, integerIn(next, 1, 9), ['buy', 'sell', ''][integerIn(next, 0, 2)]];
      }),
    );
    const quotes = csv(
      'ts,bid,ask',
      Array.from({ length: 500 }, (_, i) => [T0 + i * 690, 998 + integerIn(next, -5, 5), 1004]),
    );
    const found = await audit(trades, quotes, { every: 10_000_000, window: 5 });
    for (const rule of ['tick', 'quote', 'lee-ready']) {
      const sides = found.byRule.find((r) => r.rule === rule)!.sides;
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      expect(sum(sides.buy) - sum(sides.sell)).toBe(found.row(rule).inferredDelta);
      expect(sum(found.bars.buy) - sum(found.bars.sell)).toBe(found.row(rule).delta);
    }
  });

  it('needs flags, and options in range', async () => {
    const bare = csv('ts,price,size', [[T0, 1, 1]]);
    await expect(audit(bare, undefined)).rejects.toThrow(
      'trades with a side 0 must be at least 1: there is nothing to compare with',
    );
    await expect(audit(m11.trades, undefined, { window: 1 })).rejects.toThrow(
      'audit window 1 must be at least 2',
    );
    await expect(audit(m11.trades, undefined, { minPeriods: 51 })).rejects.toThrow(
      'audit min periods 51 must be 2 to 50, the window',
    );
    await expect(audit(m11.trades, undefined, { every: 0.5 })).rejects.toThrow(
      /^audit every 0\.5 must be whole microseconds/,
    );
  });
});

describe.skipIf(!haveData)(`audit of sides, ${dataLine}`, () => {
  const capture = realData('binance-capture/usdm_ethusdt_20240808.gz');

  it('USD-M capture: every rule, to the last trade', async () => {
    const found = await audit(capture, capture, { every: 5_000_000, window: 20 });
    // by a Python script over the capture's messages: Decimal prices, trades sorted by (T, t), bookTickers by (T, u),
    // the quote found by bisection, the mid as a Decimal; Φ and σ by mpmath with 40 digits
    expect(found.row('tick')).toMatchObject({
      ...{ trades: 14_076, classified: 14_074, correct: 13_244, accuracy: 13_244 / 14_074 },
      ...{ volumeAccuracy: 8_502_838 / 9_163_887, delta: 756.18, inferredDelta: 742.511 },
      ...{ deltaError: -13.669, maxDeltaError: 209.947 },
    });
    for (const rule of ['quote', 'lee-ready'])
      expect(found.row(rule)).toMatchObject({
        ...{
          classified: 14_076,
          correct: 14_070,
          inferredDelta: 754.872,
          deltaError: -1.308,
          maxDeltaError: 1.76,
        },
      });
    const bulk = found.row('bvc');
    expect(bulk).toMatchObject({ bars: 49, delta: 350.939 });
    expect(bulk.inferredDelta).toBeCloseTo(516.189538242037, 9);
    expect(bulk.barsRight).toBeCloseTo(0.83124289845235, 12);
    expect(bulk.maxDeltaError).toBeCloseTo(758.304890712299, 9);
    const first = [...found.byRule.at(-1)!.sides.buy].findIndex((lots) => !Number.isNaN(lots));
    expect(found.bars.time[first]).toBe(344_632_272 * 5_000_000);
    expect(found.byRule.at(-1)!.sides.buy[first]! / 1000).toBeCloseTo(22.25942124245714, 12);
  });

  it('the same trades without their flags: filled in by the quote rule, the volumes of that script', async () => {
    const { frame } = await openTrades([capture]);
    const stripped = csv(
      'ts,price,size,id',
      rowsOf(frame).map(({ time, price, size }, i) => [time, price, size, i]),
    );
    const { frame: filled } = await openTrades([stripped], { sides: { rule: 'quote', quotes: [capture] } });
    expect([...filled.sides!.flagCoverage]).toEqual([0]);
    const lots = { [SIDE_BUY]: 0, [SIDE_SELL]: 0 } as Record<number, number>;
    for (const { size, side } of rowsOf(filled)) lots[side]! += Math.round(Number(size) * 1000);
    // V 9164.948 and delta 754.872 give B and S
    expect(lots).toEqual({ [SIDE_BUY]: 4_959_910, [SIDE_SELL]: 4_205_038 });
  });
});
