import type { Carry } from '../../core/analytic.js';
import type { Column, Frame } from '../../core/columns.js';
import { usable } from './pieces.js';
import { bandFraction, type Params, sidesTaken, weightsOf } from './rules.js';
import { MID, type Slots, SPREAD } from './slots.js';

/** Slots of one state; NaN where there is no value. */
export class BookState {
  readonly values: Float64Array;
  readonly extra: Uint32Array;
  readonly #weights: Float64Array;
  readonly #bands: readonly { num: number; den: number }[];
  instrument = 0;

  constructor(
    readonly frame: Frame,
    readonly params: Params,
    readonly slots: Slots,
  ) {
    this.values = new Float64Array(slots.count);
    this.extra = new Uint32Array(slots.count);
    this.#weights = weightsOf(params);
    this.#bands = params.bands.map(bandFraction);
  }

  /** Takes the state that was carried in. */
  restore(carry: Carry, s: number): void {
    const { count } = this.slots;
    this.values.set(carry.values!.subarray(s * count, (s + 1) * count));
    this.extra.set(carry.extra!.subarray(s * count, (s + 1) * count));
  }

  /** Takes the state of a row. */
  load(row: number): void {
    const { columns } = this.frame;
    this.values.fill(Number.NaN);
    this.extra.fill(0);
    if (!usable(this.frame, row, this.params)) return;
    this.#loadLevels(row);
    if (sidesTaken((columns.state as Uint32Array)[row]!, this.params) === 1) this.#loadMid(row);
  }

  /** (Σ w b - Σ w a) / (Σ w b + Σ w a) over the best L levels, of those that are there. */
  #loadLevels(row: number): void {
    const { frame, params, slots, values, extra } = this;
    const bidLots = frame.columns.bid_lots as Float64Array;
    const askLots = frame.columns.ask_lots as Float64Array;
    const stride = frame.strides!.bid_tick!;
    const linear = params.weights === 'linear';
    const zero =
      params.oneSided === 'zero' && sidesTaken((frame.columns.state as Uint32Array)[row]!, params) === 2;
    let [bids, asks, bidSum, askSum, bidLevels, askLevels] = [0, 0, 0, 0, 0, 0];
    for (let l = 0, next = 0; next < slots.levels; l++) {
      const b = l < stride ? bidLots[row * stride + l]! : 0;
      const a = l < stride ? askLots[row * stride + l]! : 0;
      bids += b;
      asks += a;
      // Σ (L - l + 1) q is the sum of the sums so far
      bidSum += linear ? bids : this.#weights[l]! * b;
      askSum += linear ? asks : this.#weights[l]! * a;
      if (b > 0) bidLevels++;
      if (a > 0) askLevels++;
      if (l + 1 !== params.levels[next]) continue;
      values[slots.ofLevels + next] = zero ? 0 : (bidSum - askSum) / (bidSum + askSum);
      extra[slots.ofLevels + next] = Math.min(bidLevels, askLevels);
      next++;
    }
  }

  #loadMid(row: number): void {
    const { frame, values } = this;
    const stride = frame.strides!.bid_tick!;
    const bid = (frame.columns.bid_tick as Int32Array)[row * stride]!;
    const ask = (frame.columns.ask_tick as Int32Array)[row * stride]!;
    const mid = 2 * frame.instruments[this.instrument]!.base + bid + ask;
    values[SPREAD] = ask - bid;
    values[MID] = mid;
    // a distance relative to the mid needs one above 0
    if (mid > 0)
      for (let band = 0; band < this.slots.bands; band++) this.#loadBand(row, band, bid + ask, mid);
  }

  /** Depth and imbalance of the levels with |p - m| ≤ x m: 2 |p - m| in half ticks against its bound rounded down. */
  #loadBand(row: number, band: number, twice: number, mid: number): void {
    const { columns } = this.frame;
    const { num, den } = this.#bands[band]!;
    const rest = mid % den;
    const reach = num * ((mid - rest) / den) + Math.floor((num * rest) / den);
    const { depth, ofBands } = this.slots;
    const cell = ofBands + band;
    const slot = depth + 2 * band;
    const bids = this.#loadSide(row, columns.bid_tick, columns.bid_lots, slot, cell, twice, reach);
    const asks = this.#loadSide(row, columns.ask_tick, columns.ask_lots, slot + 1, cell, twice, reach);
    // 0 / 0 is NaN: a band without a level has no imbalance
    this.values[cell] = (bids - asks) / (bids + asks);
  }

  /** Puts the depth of one side inside the band; returns what its imbalance weighs. */
  #loadSide(
    row: number,
    tick: Column | undefined,
    lots: Column | undefined,
    slot: number,
    cell: number,
    twice: number,
    reach: number,
  ): number {
    const { frame, params } = this;
    const stride = frame.strides!.bid_tick!;
    const { base } = frame.instruments[this.instrument]!;
    const deep = Math.min(params.depth, stride);
    let depth = 0;
    let worth = 0;
    for (let l = 0, at = row * stride; l < deep; l++, at++) {
      const q = (lots as Float64Array)[at]!;
      const k = (tick as Int32Array)[at]!;
      if (q === 0 || Math.abs(2 * k - twice) > reach) continue;
      depth += q;
      worth += (base + k) * q;
      if (l === deep - 1) this.extra[cell] = 1;
    }
    this.values[slot] = depth;
    return params.measure === 'notional' ? worth : depth;
  }
}
