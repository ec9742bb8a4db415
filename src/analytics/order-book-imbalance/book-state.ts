import type { Carry } from '../../core/analytic.js';
import { BOOK_STATES } from '../../core/book-states.js';
import type { Frame } from '../../core/columns.js';
import { SAFE } from '../../core/exact.js';
import { bandFraction, type Params, sidesTaken, weightsOf } from './rules.js';
import { MID, type Slots, SPREAD } from './slots.js';

type Lots = Uint32Array | Float64Array;

/** Slots of one state; NaN where there is no value. */
export class BookState {
  readonly values: Float64Array;
  readonly extra: Uint32Array;
  instrument = 0;
  readonly #stride: number;
  readonly #state: Uint32Array;
  readonly #bidTick: Int32Array;
  readonly #askTick: Int32Array;
  readonly #bidLots: Lots;
  readonly #askLots: Lots;
  /** By state: 1 both sides are taken, 2 those of one side. */
  readonly #taken: Uint8Array;
  readonly #bases: Float64Array;
  readonly #weights: Float64Array;
  readonly #linear: boolean;
  readonly #counts: readonly number[];
  readonly #bands: Float64Array;
  /** Levels of a side that bands look at. */
  readonly #deep: number;

  constructor(
    frame: Frame,
    readonly params: Params,
    readonly slots: Slots,
  ) {
    const { columns, strides } = frame;
    this.values = new Float64Array(slots.count);
    this.extra = new Uint32Array(slots.count);
    this.#stride = strides!.bid_tick!;
    this.#state = columns.state as Uint32Array;
    this.#bidTick = columns.bid_tick as Int32Array;
    this.#askTick = columns.ask_tick as Int32Array;
    this.#bidLots = columns.bid_lots as Lots;
    this.#askLots = columns.ask_lots as Lots;
    this.#taken = Uint8Array.from(BOOK_STATES, (_, code) => sidesTaken(code, params));
    this.#bases = Float64Array.from(frame.instruments, ({ base }) => base);
    this.#weights = weightsOf(params);
    this.#linear = params.weights === 'linear';
    this.#counts = params.levels;
    this.#bands = Float64Array.from(params.bands, (band) => bandFraction(band).num);
    this.#deep = Math.min(params.depth, this.#stride);
  }

  /** Takes the state that was carried in. */
  restore(carry: Carry, s: number): void {
    const { count } = this.slots;
    this.values.set(carry.values!.subarray(s * count, (s + 1) * count));
    this.extra.set(carry.extra!.subarray(s * count, (s + 1) * count));
  }

  /** Takes the state of a row. */
  load(row: number): void {
    const { values, extra } = this;
    for (let slot = 0; slot < values.length; slot++) {
      values[slot] = Number.NaN;
      extra[slot] = 0;
    }
    const best = row * this.#stride;
    const bids = this.#bidLots[best]! > 0;
    const asks = this.#askLots[best]! > 0;
    const taken = this.#taken[this.#state[row]!]!;
    if (taken === 1 && bids && asks) {
      this.#loadLevels(best, false);
      this.#loadMid(best);
    } else if (taken === 2 && (bids || asks)) this.#loadLevels(best, this.params.oneSided === 'zero');
  }

  /** (Σ w b - Σ w a) / (Σ w b + Σ w a) over the best L levels, of those that are there; or 0. */
  #loadLevels(best: number, zero: boolean): void {
    const counts = this.#counts;
    const bidLots = this.#bidLots;
    const askLots = this.#askLots;
    const weights = this.#weights;
    const linear = this.#linear;
    const stride = this.#stride;
    const { ofLevels } = this.slots;
    let bids = 0;
    let asks = 0;
    let bidSum = 0;
    let askSum = 0;
    let bidLevels = 0;
    let askLevels = 0;
    for (let l = 0, next = 0; next < counts.length; l++) {
      const b = l < stride ? bidLots[best + l]! : 0;
      const a = l < stride ? askLots[best + l]! : 0;
      bids += b;
      asks += a;
      // Σ (L - l + 1) q is the sum of the sums so far
      bidSum += linear ? bids : weights[l]! * b;
      askSum += linear ? asks : weights[l]! * a;
      if (b > 0) bidLevels++;
      if (a > 0) askLevels++;
      if (l + 1 !== counts[next]) continue;
      this.values[ofLevels + next] = zero ? 0 : (bidSum - askSum) / (bidSum + askSum);
      this.extra[ofLevels + next] = Math.min(bidLevels, askLevels);
      next++;
    }
  }

  #loadMid(best: number): void {
    const { values } = this;
    const { bands, depth, ofBands } = this.slots;
    const bid = this.#bidTick[best]!;
    const ask = this.#askTick[best]!;
    const mid = 2 * this.#bases[this.instrument]! + bid + ask;
    values[SPREAD] = ask - bid;
    values[MID] = mid;
    // a distance relative to the mid needs one above 0
    if (!(mid > 0)) return;
    for (let band = 0; band < bands; band++) {
      const reach = share(mid, this.#bands[band]!);
      const cell = ofBands + band;
      const slot = depth + 2 * band;
      const bids = this.#loadSide(best, this.#bidTick, this.#bidLots, slot, cell, bid + ask, reach);
      const asks = this.#loadSide(best, this.#askTick, this.#askLots, slot + 1, cell, bid + ask, reach);
      // 0 / 0 is NaN: a band without a level has no imbalance
      values[cell] = (bids - asks) / (bids + asks);
    }
  }

  /**
   * Puts the depth of one side within `reach` half ticks of the mid, `twice` half ticks about the base; returns what its
   * imbalance weighs.
   */
  #loadSide(
    best: number,
    ticks: Int32Array,
    lots: Lots,
    slot: number,
    cell: number,
    twice: number,
    reach: number,
  ): number {
    const base = this.#bases[this.instrument]!;
    const end = best + this.#deep;
    let depth = 0;
    let worth = 0;
    for (let at = best; at < end; at++) {
      const q = lots[at]!;
      const k = ticks[at]!;
      if (q === 0 || Math.abs(2 * k - twice) > reach) continue;
      depth += q;
      worth += (base + k) * q;
      if (at === end - 1) this.extra[cell] = 1;
    }
    this.values[slot] = depth;
    return this.params.measure === 'notional' ? worth : depth;
  }
}

const { den: WHOLE } = bandFraction(0);

/** floor(mid · num / WHOLE) for num ≤ WHOLE: exact, as quotients of integers below 2^53 round down to their floor. */
function share(mid: number, num: number): number {
  if (mid < SAFE / WHOLE) return Math.floor((mid * num) / WHOLE);
  const wholes = Math.floor(mid / WHOLE);
  return wholes * num + Math.floor(((mid - wholes * WHOLE) * num) / WHOLE);
}
