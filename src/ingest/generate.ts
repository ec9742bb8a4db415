import { decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import { createRandom, type Random } from '../core/random.js';
import { allocateTrades, arrivalTimes } from './generate-arrivals.js';

/** What an instrument of the synthetic market declares; decimals as text. */
export interface MarketInstrument {
  readonly symbol: string;
  readonly tick: string;
  readonly lot: string;
  readonly contract: 'linear';
  readonly multiplier: string;
}

export interface MarketOptions {
  /** At least 1; 1,000 unless given. */
  readonly instruments?: number;
  /** UTC day as `YYYY-MM-DD`, 1971 to 2100. */
  readonly day?: string;
  /** Whole number, 0 to 2^32 - 1. */
  readonly seed?: number;
  /** Trades in all, at least one an instrument; 5,000,000 unless given. */
  readonly trades?: number;
}

/**
 * Synthetic trades sorted by (symbol, time); rows of instrument i are `offsets[i] .. offsets[i+1]`.
 * Times are µs since the epoch, prices and sizes decimal, sides 0 = buy and 1 = sell, ids count up from 1.
 */
export interface Market {
  readonly instruments: readonly MarketInstrument[];
  readonly offsets: Uint32Array;
  readonly rows: number;
  readonly symbol: Uint32Array;
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly side: Uint32Array;
  readonly id: Uint32Array;
}

/** Tick, lot and usual price in ticks: cheap coins trade in thousands, dear ones in fractions. */
const CLASSES: readonly { tick: string; lot: string; ticks: number }[] = [
  { tick: '0.000001', lot: '1000', ticks: 900 },
  { tick: '0.00001', lot: '100', ticks: 4_000 },
  { tick: '0.0001', lot: '10', ticks: 3_000 },
  { tick: '0.0005', lot: '1', ticks: 1_500 },
  { tick: '0.001', lot: '1', ticks: 6_000 },
  { tick: '0.01', lot: '0.1', ticks: 5_000 },
  { tick: '0.05', lot: '0.01', ticks: 9_000 },
  { tick: '0.1', lot: '0.001', ticks: 300_000 },
  { tick: '0.5', lot: '0.001', ticks: 90_000 },
];

/**
 * A seeded synthetic market of one UTC day: bursty arrivals under a diurnal profile, heavy-tailed sizes,
 * runs of buys and sells, mean-reverting random-walk prices, and activity from over a hundred thousand trades
 * down to a few. Only correctly rounded arithmetic is used, so the same options give the same bytes everywhere.
 * Throws an InputError for options out of range.
 */
export function generateMarket(options: MarketOptions = {}): Market {
  const count = whole('instruments', options.instruments ?? 1000, 1, 1_000_000);
  const rows = whole('trades', options.trades ?? 5_000_000, count, 200_000_000);
  const seed = whole('seed', options.seed ?? 7, 0, 4294967295);
  const start = dayStart(options.day ?? '2024-01-02');
  const counts = allocateTrades(count, rows, createRandom(seed, 0));
  const digits = Math.max(4, String(count).length);
  const instruments: MarketInstrument[] = [];
  const offsets = new Uint32Array(count + 1);
  const market = {
    instruments,
    offsets,
    rows,
    symbol: new Uint32Array(rows),
    time: new Float64Array(rows),
    price: new Float64Array(rows),
    size: new Float64Array(rows),
    side: new Uint32Array(rows),
    id: new Uint32Array(rows),
  };
  for (let i = 0; i < count; i++) {
    const random = createRandom(seed, i + 1);
    const kind = CLASSES[random.below(CLASSES.length)]!;
    const from = offsets[i]!;
    const to = from + counts[i]!;
    offsets[i + 1] = to;
    const symbol = `SYN${String(i + 1).padStart(digits, '0')}-PERP`;
    instruments.push({ symbol, tick: kind.tick, lot: kind.lot, contract: 'linear', multiplier: '1' });
    market.symbol.fill(i, from, to);
    arrivalTimes(market.time.subarray(from, to), start, random);
    walk(market, from, to, kind, random);
  }
  return market;
}

/** Sides, prices and sizes of one instrument's trades, in time order. */
function walk(
  market: Market,
  from: number,
  to: number,
  kind: (typeof CLASSES)[number],
  random: Random,
): void {
  const { time, price, size, side, id } = market;
  const tick = decimal(kind.tick);
  const lot = decimal(kind.lot);
  const tickDivisor = 10 ** tick.scale;
  const lotDivisor = 10 ** lot.scale;
  const home = Math.floor(kind.ticks * (0.5 + 1.5 * random.unit()));
  const floor = Math.max(1, Math.floor(home / 2));
  const spread = random.below(4) === 0 ? 2 : 1;
  const typical = 2 + random.below(60);
  // a day's lean towards buying or selling; squared, so that most instruments stay near balance
  const lean = random.unit() * 2 - 1;
  const buyShare = 0.5 + 0.15 * lean * Math.abs(lean);
  let mid = home;
  let anchor = home;
  let buying = random.unit() < buyShare;
  for (let i = from; i < to; i++) {
    const gap = i === from ? Number.POSITIVE_INFINITY : time[i]! - time[i - 1]!;
    // within a burst the side sticks, as one order walks the book
    if (random.unit() > (gap < 50_000 ? 0.93 : 0.62)) buying = random.unit() < buyShare;
    const roll = random.unit();
    if (roll < 0.18) {
      const jump = roll < 0.0015 ? 2 + random.below(12) : 1;
      const towards = (mid > anchor ? -1 : 1) * (mid === anchor ? 0 : 1);
      const pull = Math.min(0.35, Math.abs(mid - anchor) / 400);
      const direction = random.unit() < pull ? towards : buying === random.unit() < 0.56 ? 1 : -1;
      mid = Math.max(floor, mid + direction * jump);
    }
    // the level prices return to drifts, so that the day has a trend
    if (random.below(64) === 0) anchor = Math.max(floor, anchor + (mid > anchor ? 1 : -1));
    const ticks = Math.max(1, buying ? mid + spread : mid);
    price[i] = (ticks * tick.coef) / tickDivisor;
    size[i] = (lots(typical, random) * lot.coef) / lotDivisor;
    side[i] = buying ? 0 : 1;
    id[i] = i - from + 1;
  }
}

/** Pareto lots of tail index 8/5 by square roots alone; every sixth order is a round number. */
function lots(typical: number, random: Random): number {
  const u = (random.bits() + 1) / 4294967296;
  const root = Math.sqrt(u);
  const heavy = 1 / (root * Math.sqrt(Math.sqrt(root)));
  const raw = Math.min(2_000_000, Math.max(1, Math.floor(typical * (heavy - 0.8))));
  if (raw < 10 || random.below(6) !== 0) return raw;
  return raw < 100 ? raw - (raw % 10) : raw - (raw % 100);
}

function dayStart(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw new InputError('day', day, 'must be a UTC date such as 2024-01-02');
  if (day < '1971-01-01' || day > '2100-12-31')
    throw new InputError('day', day, 'must lie between 1971-01-01 and 2100-12-31');
  return ms * 1000;
}

function whole(subject: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new InputError(subject, value, 'must be a whole number');
  if (value < min) throw new InputError(subject, value, `must be at least ${min}`);
  if (value > max) throw new InputError(subject, value, `must be at most ${max}`);
  return value;
}
