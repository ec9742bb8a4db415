import type { BarRow } from './panel-frames.js';
import { random } from './random.js';

const DAY = 86_400_000_000;
/** Start of every walk, µs since the epoch. */
export const T0 = Date.UTC(2021, 0, 1) * 1000;

/** Decisions by small windows, no limits, no costs: what a test is about it sets itself. */
export const PLAIN = {
  ...{ theta: '0.5', trend: '1/2', relativeVolume: '0', stop: '0', gate: 0, surpriseBars: 4, volumeBars: 2 },
  ...{ atrBars: 2, volatilityBars: 2, divergenceBars: 1000, participation: 1, maxWeight: 1, capital: 1000 },
  ...{ targetVolatility: '7.6', halfSpread: 0, impact: 0, fees: '0:0:0', dailyLoss: 0, drawdownKill: 0 },
};

/** Days of a random walk that opens where it closed, with a volume's buy share by `lean`. */
export function walkRows(
  seed: number,
  bars: number,
  lean: (rows: readonly BarRow[], t: number, next: () => number) => number = (_, __, next) => next(),
): BarRow[] {
  const next = random(seed);
  const rows: BarRow[] = [];
  let price = 100_000;
  for (let t = 0; t < bars; t++) {
    const o = price;
    price = Math.max(5000, o + Math.round((next() - 0.5) * 3000));
    rows.push({
      ...{ t: T0 + t * DAY, o, c: price },
      h: Math.max(o, price) + Math.round(next() * 500),
      l: Math.min(o, price) - Math.round(next() * 500),
    });
  }
  return rows.map((row, t) => {
    const volume = 50_000_000 + Math.floor(next() * 50_000_000);
    const buy = Math.round(volume * lean(rows, t, next));
    return { ...row, buy, sell: volume - buy };
  });
}
