import type { Frame } from '../../src/core/columns.js';
import { type FrameOptions, frameOf, type TradeRow } from './frames.js';
import { integerIn, random } from './random.js';

const T0 = Date.UTC(2024, 0, 1, 22) * 1000;

export interface MarketOptions extends FrameOptions {
  readonly seed?: number;
  readonly instruments?: number;
  readonly rows?: number;
  readonly maxLots?: bigint;
  readonly maxTick?: number;
  readonly received?: boolean;
  readonly micros?: boolean;
  readonly span?: number;
}

/**
 * A small hostile market as rows: unequal instruments (some empty), equal times, times on bar and session
 * boundaries, all sides, prices crossing zero offset, late receipts.
 */
export function marketRows(options: MarketOptions = {}): TradeRow[][] {
  const next = random(options.seed ?? 1);
  const instruments = options.instruments ?? 7;
  const rows = options.rows ?? 3000;
  const maxLots = options.maxLots ?? 5000n;
  const span = options.span ?? 4 * 3_600_000_000;
  const lists: TradeRow[][] = Array.from({ length: instruments }, () => []);
  for (let i = 0; i < rows; i++) {
    // square of a uniform: a few instruments hold most rows, and one stays empty
    const s = Math.floor(next() * next() * (instruments - 1)) + (instruments > 1 && next() < 0.02 ? 1 : 0);
    const boundary = next() < 0.1;
    const step = boundary ? 60_000_000 : options.micros ? 1 : 1000;
    const t = T0 + Math.floor((next() * span) / step) * step;
    const lots = maxLots < 2n ** 31n ? BigInt(integerIn(next, 1, Number(maxLots))) : bigIn(next, maxLots);
    const k = 100_000 + integerIn(next, -(options.maxTick ?? 40), options.maxTick ?? 40);
    const side = next() < 0.45 ? 'B' : next() < 0.8 ? 'S' : 'U';
    const late = options.received ? { a: t + (next() < 0.1 ? integerIn(next, 0, 2_000_000_000) : -500) } : {};
    lists[Math.min(s, instruments - 1)]!.push({ t, k, lots, side, ...late });
  }
  for (const list of lists) list.sort((a, b) => a.t - b.t);
  return lists;
}

export const market = (options: MarketOptions = {}): Frame => frameOf(marketRows(options), options);

/** Near the top of the range half of the time: carries need large numbers. */
function bigIn(next: () => number, max: bigint): bigint {
  const raw = (BigInt(Math.floor(next() * 2 ** 32)) << 32n) | BigInt(Math.floor(next() * 2 ** 32));
  const value = raw % max;
  return next() < 0.5 ? max - (value >> 20n) - 1n : value + 1n;
}
