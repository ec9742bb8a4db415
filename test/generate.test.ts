import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/core/random.js';
import { marketTable } from '../src/engine/market.js';
import { generateMarket, type Market } from '../src/ingest/generate.js';
import { arrowBytes } from '../src/table/arrow-write.js';

const market = generateMarket({ instruments: 200, trades: 300_000, seed: 7 });
const rowsOf = (m: Market, i: number): [number, number] => [m.offsets[i]!, m.offsets[i + 1]!];
const busiest = (m: Market): number => {
  let best = 0;
  for (let i = 0; i < m.instruments.length; i++) {
    const [from, to] = rowsOf(m, i);
    const [a, b] = rowsOf(m, best);
    if (to - from > b - a) best = i;
  }
  return best;
};

describe('generateMarket', () => {
  it('gives the same bytes for the same seed, on every machine', async () => {
    const options = { instruments: 50, trades: 20_000, seed: 7, day: '2024-01-02' };
    const hash = createHash('sha256')
      .update(await arrowBytes(marketTable(generateMarket(options))))
      .digest('hex');
    expect(hash).toBe('dd55d8ae6c0b5baf56b29241d36533826602f44924345786e9e6c0af342c5c6c');
    const other = await arrowBytes(marketTable(generateMarket({ ...options, seed: 8 })));
    expect(createHash('sha256').update(other).digest('hex')).not.toBe(hash);
  });

  it('gives as many trades as asked for, sorted, inside the day, on the grid, ids counting up', () => {
    expect(market.rows).toBe(300_000);
    expect(market.offsets[200]).toBe(300_000);
    const start = Date.parse('2024-01-02T00:00:00Z') * 1000;
    for (let i = 0; i < 200; i++) {
      const [from, to] = rowsOf(market, i);
      const tick = Number(market.instruments[i]!.tick);
      const lot = Number(market.instruments[i]!.lot);
      expect(to).toBeGreaterThan(from);
      for (let row = from; row < to; row++) {
        const ok =
          market.symbol[row] === i &&
          market.id[row] === row - from + 1 &&
          market.time[row]! >= (row === from ? start : market.time[row - 1]!) &&
          market.time[row]! < start + 86_400_000_000 &&
          Number.isInteger(market.time[row]!) &&
          market.price[row]! > 0 &&
          market.size[row]! >= lot &&
          Math.abs(market.price[row]! / tick - Math.round(market.price[row]! / tick)) < 1e-6 &&
          Math.abs(market.size[row]! / lot - Math.round(market.size[row]! / lot)) < 1e-6 &&
          market.side[row]! <= 1;
        if (!ok) expect.fail(`row ${row} of ${market.instruments[i]!.symbol}`);
      }
    }
  });

  it('writes every price and size as the shortest decimal of its grid', () => {
    for (let row = 0; row < market.rows; row += 97) {
      const { tick, lot } = market.instruments[market.symbol[row]!]!;
      const scale = (text: string): number => text.split('.')[1]?.length ?? 0;
      expect(Number(market.price[row]!.toFixed(scale(tick)))).toBe(market.price[row]);
      expect(Number(market.size[row]!.toFixed(scale(lot)))).toBe(market.size[row]);
    }
  });

  it('has instruments of very different activity, ticks and lots', () => {
    const counts = market.instruments.map((_, i) => market.offsets[i + 1]! - market.offsets[i]!);
    counts.sort((a, b) => b - a);
    expect(counts[0]! / counts[100]!).toBeGreaterThan(10);
    expect(counts[199]!).toBeLessThan(20);
    expect(new Set(market.instruments.map((i) => i.tick)).size).toBeGreaterThanOrEqual(8);
    expect(market.instruments.every((i) => /^SYN\d{4}-PERP$/.test(i.symbol))).toBe(true);
  });

  it('arrives in bursts: second counts are far more dispersed than Poisson, and many stamps repeat', () => {
    const [from, to] = rowsOf(market, busiest(market));
    const seconds = new Float64Array(86_400);
    let equal = 0;
    const start = Date.parse('2024-01-02T00:00:00Z') * 1000;
    for (let row = from; row < to; row++) {
      seconds[Math.floor((market.time[row]! - start) / 1_000_000)]!++;
      if (row > from && market.time[row] === market.time[row - 1]) equal++;
    }
    const mean = (to - from) / 86_400;
    const variance = seconds.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 86_400;
    expect(variance / mean).toBeGreaterThan(3);
    expect(equal / (to - from)).toBeGreaterThan(0.15);
  });

  it('trades most in the overlap of Europe and America', () => {
    const hours = new Float64Array(24);
    const start = Date.parse('2024-01-02T00:00:00Z') * 1000;
    for (let row = 0; row < market.rows; row++)
      hours[Math.floor((market.time[row]! - start) / 3_600_000_000)]!++;
    expect(hours[14]! / hours[5]!).toBeGreaterThan(2);
  });

  it('has heavy-tailed sizes and runs of one side', () => {
    const [from, to] = rowsOf(market, busiest(market));
    const sizes = market.size.slice(from, to).sort();
    const at = (q: number): number => sizes[Math.floor(q * (sizes.length - 1))]!;
    expect(at(0.999) / at(0.5)).toBeGreaterThan(30);
    let same = 0;
    for (let row = from + 1; row < to; row++) if (market.side[row] === market.side[row - 1]) same++;
    expect(same / (to - from)).toBeGreaterThan(0.7);
  });

  it.each([
    [{ instruments: 0 }, 'instruments 0 must be at least 1'],
    [{ instruments: 10, trades: 9 }, 'trades 9 must be at least 10'],
    [{ seed: -1 }, 'seed -1 must be at least 0'],
    [{ seed: 1.5 }, 'seed 1.5 must be a whole number'],
    [{ day: '2024-02-30' }, 'day 2024-02-30 must be a UTC date such as 2024-01-02'],
    [{ day: '1970-12-31' }, 'day 1970-12-31 must lie between 1971-01-01 and 2100-12-31'],
    [{ day: '2101-01-01' }, 'day 2101-01-01 must lie between 1971-01-01 and 2100-12-31'],
    [{ day: 'x' }, 'day x must be a UTC date such as 2024-01-02'],
  ])('refuses %j', (options, message) => {
    expect(() => generateMarket(options)).toThrow(message);
  });

  it('draws the numbers that an independent implementation of xoshiro128** gives', () => {
    const random = createRandom(1, 0);
    expect([random.bits(), random.bits(), random.bits()]).toEqual([2113752136, 1120643331, 1514019756]);
    const again = createRandom(1, 1);
    expect(again.bits()).not.toBe(createRandom(1, 0).bits());
  });
});
