import { describe, expect, it } from 'vitest';
import { type Frame, rowTime, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../../src/core/columns.js';
import { LotSum } from '../../src/core/lot-sum.js';
import type { AsOf, Quotes } from '../../src/core/quotes.js';
import { asOfQuotes } from '../../src/core/side-rules/as-of-quotes.js';
import { bulkVolume } from '../../src/core/side-rules/bulk-volume.js';
import { fillSides, sideCoverage } from '../../src/core/side-rules/fill-sides.js';
import { leeReady } from '../../src/core/side-rules/lee-ready.js';
import { quoteRule } from '../../src/core/side-rules/quote-rule.js';
import { scoreSides } from '../../src/core/side-rules/score-sides.js';
import { tickRule } from '../../src/core/side-rules/tick-rule.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { integerIn, random } from '../support/random.js';

const T0 = 1_700_000_000_000_000;
const letters = (side: Uint8Array): string => [...side].map((code) => 'UBS'[code]).join('');
const at = (ms: number, k: number, more: Partial<TradeRow> = {}): TradeRow => ({
  ...{ t: T0 + ms * 1000, k, lots: 1, side: 'U' },
  ...more,
});
const prices = (...ks: number[]): TradeRow[] => ks.map((k, i) => at(i, k));

interface QuoteRow {
  readonly ms: number;
  /** Decimals of two places. */
  readonly bid?: number;
  readonly ask?: number;
  readonly availableMs?: number;
}

/** Quotes in hundredths, as the reader would lay them out; a missing side has no mid. */
function quotesOf(instruments: readonly (readonly QuoteRow[])[], scale = 2): Quotes {
  const all = instruments.flat();
  const offsets = new Uint32Array(instruments.length + 1);
  instruments.forEach((list, s) => {
    offsets[s + 1] = offsets[s]! + list.length;
  });
  return {
    offsets,
    time: Float64Array.from(all, ({ ms }) => T0 + ms * 1000),
    sum: Float64Array.from(all, ({ bid, ask }) => (bid ?? Number.NaN) + (ask ?? Number.NaN)),
    scale: new Uint8Array(all.length).fill(scale),
    ...(all.some(({ availableMs }) => availableMs !== undefined)
      ? { available: Float64Array.from(all, ({ ms, availableMs }) => T0 + (availableMs ?? ms) * 1000) }
      : {}),
  };
}
const quoted = (frame: Frame, quotes: Quotes, asOf: AsOf = {}): string =>
  letters(quoteRule(frame, quotes, asOfQuotes(frame, quotes, asOf)).side);
const ready = (frame: Frame, quotes: Quotes, asOf: AsOf = {}): string =>
  letters(leeReady(frame, quotes, asOfQuotes(frame, quotes, asOf)).side);

describe('tick rule', () => {
  it('takes the last change at an equal price, and knows nothing before the first', () => {
    expect(letters(tickRule(frameOf([prices(10, 10, 11, 11, 10, 10, 12, 9, 9)])).side)).toBe('UUBBSSBSS');
  });

  it('starts anew at each instrument', () => {
    expect(letters(tickRule(frameOf([prices(10, 11), prices(5, 5, 4)])).side)).toBe('UBUUS');
  });

  it('is known when the trades it rests on are', () => {
    const late = (ms: number, k: number, a: number): TradeRow => at(ms, k, { a: T0 + a * 1000 });
    const { known } = tickRule(frameOf([[late(0, 10, 9), late(1, 11, 1), late(2, 11, 2), late(3, 12, 3)]]));
    // the second needs the first, which came late; so does the third, through the second; the fourth does not
    expect([...known!].map((t) => (t - T0) / 1000)).toEqual([9, 9, 9, 3]);
  });
});

describe('quote rule', () => {
  const trades = frameOf([[at(10, 1001), at(20, 1003), at(30, 1002), at(40, 1002), at(50, 1002)]]);
  const quotes = quotesOf([
    [
      { ms: 5, bid: 1001, ask: 1003 },
      { ms: 40, bid: 1000, ask: 1002 },
      { ms: 45, bid: 1002 },
    ],
  ]);

  it('takes the last quote strictly before the trade; at the mid, and where a side is missing, it is unknown', () => {
    // mid 10.02 for the first four: the quote of 40 ms does not stand yet
    expect(quoted(trades, quotes)).toBe('SBUUU');
  });

  it('takes a quote of the same moment with `at`, an older one with a lag, none beyond the greatest age', () => {
    expect(quoted(trades, quotes, { at: 'at' })).toBe('SBUBU');
    expect(quoted(trades, quotes, { lag: 6000 })).toBe('UBUUB');
    // 5 ms before the first trade is not before 5 ms less the lag, but at it
    expect(quoted(trades, quotes, { lag: 5000 })).toBe('UBUUB');
    expect(quoted(trades, quotes, { lag: 5000, at: 'at' })).toBe('SBUUU');
    expect(quoted(trades, quotes, { maxAge: 20_000 })).toBe('SBUUU');
    expect(quoted(trades, quotes, { maxAge: 14_999 })).toBe('SUUUU');
  });

  it('compares integers: a mid of half a tick, of finer and of coarser decimals', () => {
    const one = frameOf([[at(10, 1001)]]);
    expect(quoted(one, quotesOf([[{ ms: 0, bid: 1001, ask: 1002 }]]))).toBe('S');
    expect(quoted(one, quotesOf([[{ ms: 0, bid: 1001, ask: 1001 }]]))).toBe('U');
    // 10.01 beside (10.0099 + 10.0100) / 2 and beside (10 + 10) / 2
    expect(quoted(one, quotesOf([[{ ms: 0, bid: 100099, ask: 100100 }]], 4))).toBe('B');
    expect(quoted(one, quotesOf([[{ ms: 0, bid: 10, ask: 10 }]], 0))).toBe('B');
    // twice the price passes 2^53 in the finer unit: one unit of 1e-15 still tells
    const near = (k: number): Frame => frameOf([[at(10, k)]], { tick: '0.000000000000001' });
    const mid = quotesOf([[{ ms: 0, bid: 6003, ask: 6003 }]], 3);
    expect(quoted(near(6_003_000_000_000_000), mid)).toBe('U');
    expect(quoted(near(6_003_000_000_000_001), mid)).toBe('B');
    expect(quoted(near(6_002_999_999_999_999), mid)).toBe('S');
  });

  it('joins each instrument with its own quotes', () => {
    const two = frameOf([[at(10, 1001)], [at(10, 500), at(20, 500)]]);
    expect(quoted(two, quotesOf([[], [{ ms: 10, bid: 499, ask: 500 }]]))).toBe('UUB');
  });

  it('is known when trade and quote are', () => {
    const frame = frameOf([[at(10, 1001), at(20, 1001, { a: T0 + 25_000 })]]);
    const late = quotesOf([[{ ms: 5, bid: 1000, ask: 1001, availableMs: 22 }]]);
    const { known } = quoteRule(frame, late, asOfQuotes(frame, late));
    expect([...known!].map((t) => (t - T0) / 1000)).toEqual([22, 25]);
  });
});

describe('Lee-Ready', () => {
  it('asks the tick rule at the mid only', () => {
    const frame = frameOf([prices(1000, 1002, 1001, 1001, 1003)]);
    const quotes = quotesOf([
      [
        { ms: 0, bid: 1000, ask: 1002 },
        { ms: 3, bid: 1004 },
      ],
    ]);
    // no quote, above, at the mid after a down-tick, again, one-sided quote
    expect(ready(frame, quotes)).toBe('UBSSU');
    expect(quoted(frame, quotes)).toBe('UBUUU');
  });
});

describe('Lee-Ready availability', () => {
  it('waits for the trades behind the tick rule at the mid, and only there', () => {
    const late = (ms: number, k: number, a: number): TradeRow => at(ms, k, { a: T0 + a * 1000 });
    const frame = frameOf([[late(1, 1003, 90), late(2, 1001, 2), late(3, 1000, 3)]]);
    const quotes = quotesOf([[{ ms: 0, bid: 1000, ask: 1002 }]]);
    const { side, known } = leeReady(frame, quotes, asOfQuotes(frame, quotes));
    expect(letters(side)).toBe('BSS');
    expect([...known!].map((t) => (t - T0) / 1000)).toEqual([90, 90, 3]);
  });
});

describe('rules against loops over plain decimals', () => {
  /** Everything anew for each trade, by decimal numbers of ticks and half ticks; no state, no pointers. */
  function oracle(
    trades: readonly TradeRow[],
    quotes: readonly QuoteRow[],
    rule: string,
    asOf: AsOf,
  ): string {
    return trades
      .map((trade, i) => {
        let tick = 'U';
        for (let j = i; j > 0 && tick === 'U'; j--)
          if (trades[j]!.k !== trades[j - 1]!.k) tick = trades[j]!.k > trades[j - 1]!.k ? 'B' : 'S';
        if (rule === 'tick') return tick;
        const moment = trade.t - (asOf.lag ?? 0);
        const standing = quotes.filter(({ ms }) => {
          const t = T0 + ms * 1000;
          return t < moment || (asOf.at === 'at' && t === moment);
        });
        const last = standing[standing.length - 1];
        if (!last || last.bid === undefined || last.ask === undefined) return 'U';
        if (trade.t - (T0 + last.ms * 1000) > (asOf.maxAge ?? Number.POSITIVE_INFINITY)) return 'U';
        const mid = (last.bid + last.ask) / 2;
        return trade.k > mid ? 'B' : trade.k < mid ? 'S' : rule === 'quote' ? 'U' : tick;
      })
      .join('');
  }

  it('agree on random markets, whatever the join', () => {
    const next = random(5);
    const seen = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const instruments = Array.from({ length: 3 }, () => {
        let k = 1000;
        const trades = Array.from({ length: integerIn(next, 0, 40) }, () => integerIn(next, 0, 60))
          .sort((a, b) => a - b)
          .map((ms) => {
            k += integerIn(next, -1, 1);
            return at(ms, k);
          });
        const quotes = Array.from({ length: integerIn(next, 0, 40) }, () => integerIn(next, 0, 60))
          .sort((a, b) => a - b)
          .map((ms): QuoteRow => {
            const bid = 1000 + integerIn(next, -4, 4);
            return next() < 0.1 ? { ms, bid } : { ms, bid, ask: bid + integerIn(next, 0, 3) };
          });
        return { trades, quotes };
      });
      if (instruments.every(({ trades }) => trades.length === 0)) continue;
      const frame = frameOf(instruments.map(({ trades }) => trades));
      const quotes = quotesOf(instruments.map((i) => i.quotes));
      const asOf: AsOf = {
        at: next() < 0.5 ? 'before' : 'at',
        lag: integerIn(next, 0, 5) * 1000,
        ...(next() < 0.5 ? { maxAge: integerIn(next, 0, 20) * 1000 } : {}),
      };
      const expected = (rule: string): string =>
        instruments.map((i) => oracle(i.trades, i.quotes, rule, asOf)).join('');
      expect(letters(tickRule(frame).side)).toBe(expected('tick'));
      expect(quoted(frame, quotes, asOf)).toBe(expected('quote'));
      expect(ready(frame, quotes, asOf)).toBe(expected('lee-ready'));
      for (const letter of expected('quote')) seen.add(letter);
    }
    expect([...seen].sort()).toEqual(['B', 'S', 'U']);
  });

  it('say the same of a trade whatever comes after it', () => {
    const next = random(6);
    const trades = Array.from({ length: 200 }, (_, i) => at(i, 1000 + integerIn(next, -3, 3)));
    const rows = Array.from(
      { length: 200 },
      (_, ms): QuoteRow => ({ ms, bid: 999 + integerIn(next, -3, 3), ask: 1002 }),
    );
    const whole = frameOf([trades]);
    for (const cut of [1, 2, 57, 199]) {
      const part = frameOf([trades.slice(0, cut)]);
      const known = quotesOf([rows.slice(0, cut)]);
      const all = quotesOf([rows]);
      expect(letters(tickRule(part).side)).toBe(letters(tickRule(whole).side).slice(0, cut));
      expect(quoted(part, known)).toBe(quoted(whole, all).slice(0, cut));
      expect(ready(part, known)).toBe(ready(whole, all).slice(0, cut));
    }
  });

  it('mirror: prices turned around turn every side', () => {
    const next = random(7);
    const trades = Array.from({ length: 100 }, (_, i) => at(i, 1000 + integerIn(next, -3, 3)));
    const rows = Array.from(
      { length: 100 },
      (_, ms): QuoteRow => ({ ms, bid: 999 + integerIn(next, -2, 2), ask: 1001 }),
    );
    const mirrored = frameOf([trades.map((row) => ({ ...row, k: 2000 - row.k }))]);
    const turned = quotesOf([rows.map(({ ms, bid, ask }) => ({ ms, bid: 2000 - ask!, ask: 2000 - bid! }))]);
    const swapped = (text: string): string => text.replace(/[BS]/g, (side) => (side === 'B' ? 'S' : 'B'));
    const frame = frameOf([trades]);
    expect(letters(tickRule(mirrored).side)).toBe(swapped(letters(tickRule(frame).side)));
    expect(ready(mirrored, turned)).toBe(swapped(ready(frame, quotesOf([rows]))));
  });
});

describe('bulk volume classification', () => {
  it('B = V·Φ(ΔP/σ): a change of one σ puts 84.13 % on the buy side', () => {
    // earlier changes -1, 0, 1: mean 0, σ (ddof 1) = 1; then ΔP = 1, V = 100
    const buy = bulkVolume([5, 4, 4, 5, 6], [1, 1, 1, 1, 100], { window: 3 });
    expect(buy[4]).toBeCloseTo(84.1344746068543, 12);
    // the first bar has no change, the others too few of them
    expect([...buy.slice(0, 4)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(bulkVolume([5, 4, 4, 5, 4], [1, 1, 1, 1, 100], { window: 3 })[4]).toBeCloseTo(
      100 - 84.1344746068543,
      12,
    );
    expect(bulkVolume([5, 4, 4, 5, 5], [1, 1, 1, 1, 100], { window: 3 })[4]).toBe(50);
  });

  it('is null where σ is 0, and never looks at its own or later bars', () => {
    expect(bulkVolume([1, 2, 3, 4, 9], [1, 1, 1, 1, 1], { window: 3 })[4]).toBeNaN();
    const next = random(8);
    const close = Array.from({ length: 50 }, () => integerIn(next, 90, 110));
    const volume = close.map(() => integerIn(next, 1, 50));
    const whole = bulkVolume(close, volume, { window: 10, minPeriods: 4 });
    for (const cut of [5, 6, 30])
      expect([
        ...bulkVolume(close.slice(0, cut), volume.slice(0, cut), { window: 10, minPeriods: 4 }),
      ]).toEqual([...whole.slice(0, cut)]);
    expect(whole.findIndex((value) => !Number.isNaN(value))).toBe(5);
    // σ of the last window alone: what came before it has no say
    const tail = bulkVolume(close.slice(-12), volume.slice(-12), { window: 10 });
    expect(tail[11]).toBe(whole[49]);
  });
});

describe('filling in', () => {
  const mixed = frameOf([
    [
      at(0, 10, { side: 'S', lots: 3 }),
      at(1, 11, { side: 'S', lots: 5 }),
      at(2, 12, { lots: 7 }),
      at(3, 9, { lots: 1 }),
    ],
  ]);

  it('touches unknown sides only, and keeps the sizes', () => {
    const filled = fillSides(mixed, tickRule(mixed));
    const size = [...(filled.columns.size as Uint32Array)];
    expect(size.map((word) => word & 3)).toEqual([SIDE_SELL, SIDE_SELL, SIDE_BUY, SIDE_SELL]);
    expect(size.map((word) => word >>> 2)).toEqual([3, 5, 7, 1]);
    expect((mixed.columns.size as Uint32Array)[2]! & 3).toBe(SIDE_UNKNOWN);
    expect(filled.columns.available).toBeUndefined();
    // 8 of 16 lots have a flag
    expect([...sideCoverage(mixed)]).toEqual([0.5]);
    expect([...sideCoverage(filled)]).toEqual([1]);
  });

  it('a filled row is available when its side is, others as before', () => {
    const quotes = quotesOf([[{ ms: -1, bid: 9, ask: 10, availableMs: 50 }]]);
    const filled = fillSides(mixed, quoteRule(mixed, quotes, asOfQuotes(mixed, quotes)));
    expect([...(filled.columns.available as Float64Array)].map((t) => (t - T0) / 1000)).toEqual([
      0, 1, 50, 50,
    ]);
    expect(rowTime(filled, 3)).toBe(T0 + 3000);
  });
});

describe('scores', () => {
  it('nine lots of one right and one of a hundred wrong: accuracy 0.9, and a delta of the other sign', () => {
    const trades = [
      ...Array.from({ length: 9 }, (_, i) => at(i, 10, { side: 'B' })),
      at(9, 10, { side: 'S', lots: 100 }),
    ];
    const size = frameOf([trades]).columns.size as Uint32Array;
    const score = scoreSides(size, undefined, new Uint8Array(10).fill(SIDE_BUY), 0, 10);
    expect(score.correct / score.classified).toBe(0.9);
    expect(score).toMatchObject({
      delta: -91n,
      inferredDelta: 109n,
      maxError: 200n,
      volume: 109n,
      volumeCorrect: 9n,
    });
    expect(score.confusion).toEqual({
      buy: { buy: 9, sell: 0, unknown: 0 },
      sell: { buy: 1, sell: 0, unknown: 0 },
    });
  });

  it('leaves trades without a flag out, counts a side left unknown once, and finds the worst error on the way', () => {
    const rows: TradeRow[] = [
      at(0, 10, { side: 'B', lots: 5 }),
      at(1, 10, { side: 'S', lots: 7 }),
      at(2, 10, { side: 'U', lots: 1000 }),
      at(3, 10, { side: 'B', lots: 2 }),
    ];
    const size = frameOf([rows]).columns.size as Uint32Array;
    // errors by trade: -10, then +7, then 0, then 0
    const said = Uint8Array.of(SIDE_SELL, SIDE_UNKNOWN, SIDE_BUY, SIDE_BUY);
    expect(scoreSides(size, undefined, said, 0, 4)).toMatchObject({
      ...{ trades: 3, classified: 2, correct: 1, volume: 14n, volumeClassified: 7n, volumeCorrect: 2n },
      ...{ delta: 0n, inferredDelta: -3n, maxError: 10n },
    });
  });

  it('sums lots beyond 2^53 exactly', () => {
    const big = 2n ** 60n + 1n;
    const frame = frameOf([
      [
        at(0, 10, { side: 'B', lots: big }),
        at(1, 10, { side: 'B', lots: 1 }),
        at(2, 10, { side: 'S', lots: big }),
      ],
    ]);
    const score = scoreSides(
      ...([frame.columns.size, frame.columns.sizeHi] as [Uint32Array, Uint32Array]),
      ...([Uint8Array.of(SIDE_SELL, SIDE_SELL, SIDE_BUY), 0, 3] as const),
    );
    expect(score).toMatchObject({
      delta: 1n,
      inferredDelta: -1n,
      maxError: 2n * (big + 1n),
      volume: 2n * big + 1n,
    });
    const sum = new LotSum();
    const next = random(9);
    let exact = 0n;
    for (let i = 0; i < 2000; i++) {
      const sign = next() < 0.5 ? 1 : -1;
      const [lo, hi] = [Math.floor(next() * 2 ** 32), Math.floor(next() * 2 ** 31)];
      sum.add(sign, lo, hi);
      exact += BigInt(sign) * ((BigInt(hi) << 30n) + BigInt(lo >>> 2));
    }
    expect(sum.exact).toBe(exact);
    expect(sum.value).toBe(Number(exact));
  });
});
