import { bigAt } from '../../core/exact.js';
import { ExactPair } from '../../core/exact-pair.js';
import type { BarPrices } from './prices.js';
import type { MomentRows } from './values.js';

/** Running sums of a VWAP over bars that come and go, about an origin. */
export interface RunningSums {
  readonly volume: number;
  readonly count: number;
  /** Forgets all bars; prices are counted from `origin` on. */
  restart(origin: number): void;
  /** Adds the bar of a row, or takes it out again. */
  change(row: number, sign: 1 | -1): void;
  /** Writes the sums about `pivot` as row `at`. */
  write(pivot: number, rows: MomentRows, at: number): void;
}

/**
 * In pairs of f64, exact while 4 V (k - origin)² stays below 2^102 and |k - origin| below 2^26: see `narrowEnough`.
 * `base` is what the moments of trades count from.
 */
export class PairSums implements RunningSums {
  volume = 0;
  count = 0;
  #origin = 0;
  #prices = 0;
  readonly #first = new ExactPair();
  readonly #second = new ExactPair();
  readonly #moved = new ExactPair();

  constructor(
    private readonly bars: BarPrices,
    private readonly lots: Float64Array,
    private readonly base: number,
  ) {}

  restart(origin: number): void {
    this.#origin = origin;
    this.volume = 0;
    this.count = 0;
    this.#prices = 0;
    this.#first.clear();
    this.#second.clear();
  }

  change(row: number, sign: 1 | -1): void {
    const { price, trades } = this.bars;
    const height = price[row]! - this.#origin;
    const lots = sign * this.lots[row]!;
    this.volume += lots;
    this.count += sign;
    this.#prices += sign * height;
    if (trades === undefined) {
      this.#first.addProduct(lots, height);
      this.#second.addProduct(lots, height * height);
      return;
    }
    const shift = this.#origin - this.base;
    const first = sign * trades[0].values[row]!;
    this.#first.add(first, 0);
    this.#first.addProduct(-shift, lots);
    const second = trades[1].values[row]!;
    const wide = trades[1].wide?.get(row);
    this.#second.add(sign * second, wide === undefined ? 0 : sign * Number(wide - BigInt(second)));
    this.#second.addProduct(-2 * shift, first);
    this.#second.addProduct(shift * shift, lots);
  }

  write(pivot: number, rows: MomentRows, at: number): void {
    const shift = pivot - this.#origin;
    rows.pivot[at] = pivot;
    rows.volume[at] = this.volume;
    rows.count[at] = this.count;
    rows.prices[at] = this.#prices - this.count * shift;
    const moved = this.#moved;
    moved.copy(this.#first);
    if (shift !== 0) moved.addProduct(-shift, this.volume);
    rows.first[at] = moved.high;
    rows.firstRest[at] = moved.low;
    moved.copy(this.#second);
    if (shift !== 0) {
      moved.addProduct(-2 * shift, this.#first.high);
      moved.addProduct(-2 * shift, this.#first.low);
      moved.addProduct(shift * shift, this.volume);
    }
    rows.second[at] = moved.high;
    rows.secondRest[at] = moved.low;
  }
}

/** The same in integers of any size. */
export class BigSums implements RunningSums {
  volume = 0;
  count = 0;
  #origin = 0n;
  #prices = 0n;
  #first = 0n;
  #second = 0n;

  constructor(
    private readonly bars: BarPrices,
    private readonly lots: Float64Array,
    private readonly base: number,
  ) {}

  restart(origin: number): void {
    this.#origin = BigInt(origin);
    this.volume = 0;
    this.count = 0;
    this.#prices = 0n;
    this.#first = 0n;
    this.#second = 0n;
  }

  change(row: number, sign: 1 | -1): void {
    const { price, trades } = this.bars;
    const height = BigInt(price[row]!) - this.#origin;
    const lots = BigInt(sign * this.lots[row]!);
    this.volume += sign * this.lots[row]!;
    this.count += sign;
    this.#prices += BigInt(sign) * height;
    if (trades === undefined) {
      this.#first += lots * height;
      this.#second += lots * height * height;
      return;
    }
    const shift = this.#origin - BigInt(this.base);
    const first = BigInt(sign) * bigAt(trades[0], row);
    this.#first += first - shift * lots;
    this.#second += BigInt(sign) * bigAt(trades[1], row) - 2n * shift * first + shift * shift * lots;
  }

  write(pivot: number, rows: MomentRows, at: number): void {
    const shift = BigInt(pivot) - this.#origin;
    const volume = BigInt(this.volume);
    rows.pivot[at] = pivot;
    rows.volume[at] = this.volume;
    rows.count[at] = this.count;
    rows.prices[at] = Number(this.#prices - BigInt(this.count) * shift);
    const first = this.#first - shift * volume;
    rows.first[at] = Number(first);
    rows.firstRest[at] = Number(first - BigInt(rows.first[at]!));
    const second = this.#second - 2n * shift * this.#first + shift * shift * volume;
    rows.second[at] = Number(second);
    rows.secondRest[at] = Number(second - BigInt(rows.second[at]!));
  }
}
