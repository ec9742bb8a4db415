import { type Frame, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN, type Table } from '../../core/columns.js';
import { type ExactColumn, setBig } from '../../core/exact.js';

/** A half counts up to 2^31 lots; what a carry leaves and 2^21 trades more stay below 2^53. */
const HALF = 2147483648;
const CARRY_EVERY = 2097152;

/** Scratch of one session's rows, by slot, and the growing output columns. */
export class RowBuilder {
  readonly #size: Uint32Array;
  readonly #sizeHi: Uint32Array | undefined;
  readonly #available: Float64Array | undefined;
  /** Rows of the session: `first + slot` when dense, else `rows[slot]`, ascending. */
  #first = 0;
  #rows: Float64Array | undefined;
  #slots = 0;
  /** Slot of each trade of the session. */
  #slot = new Int32Array(1024);
  #slotOfTick = new Int32Array(1024);
  /** Four places a slot, by side code (the last stays empty): lots below 2^31, lots in units of 2^31, trades. */
  #low = new Float64Array(4 * 256);
  #high = new Float64Array(4 * 256);
  #count = new Uint32Array(4 * 256);
  #last = new Float64Array(256);

  #length = 0;
  #instrument = new Uint32Array(1024);
  #time = new Float64Array(1024);
  #row = new Float64Array(1024);
  #trades = new Uint32Array(1024);
  #buys = new Uint32Array(1024);
  #sells = new Uint32Array(1024);
  #latest = new Float64Array(1024);
  readonly #sums: ExactColumn[] = [0, 1, 2].map(() => ({ values: new Float64Array(1024), wide: undefined }));

  constructor(frame: Frame) {
    this.#size = frame.columns.size as Uint32Array;
    this.#sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
    this.#available = frame.columns.available as Float64Array | undefined;
  }

  /** Opens a session of `width` adjacent rows; the caller writes each trade's slot into what this returns. */
  dense(first: number, width: number, trades: number): Int32Array {
    this.#first = first;
    this.#rows = undefined;
    this.#open(width, trades);
    return this.#slot;
  }

  /** Room for one entry a tick, for the caller's use. */
  tickScratch(ticks: number): Int32Array {
    if (ticks > this.#slotOfTick.length) this.#slotOfTick = new Int32Array(2 * ticks);
    return this.#slotOfTick;
  }

  /** Opens a session of only the rows that trade, given each trade's row. */
  sparse(rows: Float64Array): void {
    const distinct = rows.slice().sort();
    let n = 0;
    for (let i = 0; i < distinct.length; i++)
      if (i === 0 || distinct[i] !== distinct[i - 1]) distinct[n++] = distinct[i]!;
    this.#rows = distinct.subarray(0, n);
    this.#open(n, rows.length);
    for (let i = 0; i < rows.length; i++) this.#slot[i] = this.#slotOf(rows[i]!);
  }

  /** Adds trades [from, to) to their slots. */
  add(from: number, to: number): void {
    const slot = this.#slot;
    const size = this.#size;
    const low = this.#low;
    const count = this.#count;
    const hi = this.#sizeHi;
    if (!hi && to - from <= CARRY_EVERY) {
      for (let i = from; i < to; i++) {
        const word = size[i]!;
        const place = (slot[i - from]! << 2) + (word & 3);
        low[place] = low[place]! + (word >>> 2);
        count[place] = count[place]! + 1;
      }
    } else {
      const high = this.#high;
      for (let i = from; i < to; i++) {
        const place = (slot[i - from]! << 2) + (size[i]! & 3);
        // lots = hi · 2^30 + (word >> 2)
        const upper = hi ? hi[i]! : 0;
        low[place] = low[place]! + (upper & 1) * 1073741824 + (size[i]! >>> 2);
        high[place] = high[place]! + (upper >>> 1);
        count[place] = count[place]! + 1;
        if ((i - from) % CARRY_EVERY === CARRY_EVERY - 1) this.#carry();
      }
      this.#carry();
    }
    const available = this.#available;
    if (!available) return;
    const last = this.#last;
    for (let i = from; i < to; i++)
      if (available[i]! > last[slot[i - from]!]!) last[slot[i - from]!] = available[i]!;
  }

  /** Appends the session's traded rows, lowest price first, and leaves the scratch zero. */
  emit(instrument: number, time: number): void {
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = 4 * slot;
      const buys = this.#count[at + SIDE_BUY]!;
      const sells = this.#count[at + SIDE_SELL]!;
      const trades = buys + sells + this.#count[at + SIDE_UNKNOWN]!;
      if (trades === 0) continue;
      if (this.#length === this.#row.length) this.#grow();
      const n = this.#length++;
      this.#instrument[n] = instrument;
      this.#time[n] = time;
      this.#row[n] = this.#rows ? this.#rows[slot]! : this.#first + slot;
      this.#trades[n] = trades;
      this.#buys[n] = buys;
      this.#sells[n] = sells;
      this.#latest[n] = this.#last[slot]!;
      this.#last[slot] = 0;
      for (let side = 0; side < 3; side++) this.#take(at + side, side, n);
    }
  }

  table(): Table {
    const rows = this.#length;
    const sum = (i: number): ExactColumn => ({
      values: this.#sums[i]!.values.slice(0, rows),
      wide: this.#sums[i]!.wide,
    });
    return {
      rows,
      columns: {
        instrument: this.#instrument.slice(0, rows),
        time: this.#time.slice(0, rows),
        row: this.#row.slice(0, rows),
        buy_volume: sum(SIDE_BUY),
        sell_volume: sum(SIDE_SELL),
        unknown_volume: sum(SIDE_UNKNOWN),
        trades: this.#trades.slice(0, rows),
        buy_trades: this.#buys.slice(0, rows),
        sell_trades: this.#sells.slice(0, rows),
        last_available: this.#latest.slice(0, rows),
      },
    };
  }

  /** Moves the lots of one place to output row n. */
  #take(place: number, side: number, n: number): void {
    const high = this.#high[place]!;
    const low = this.#low[place]!;
    // without carries high is 0 and low below 2^52; after one low is below 2^31
    if (high < 4194304) this.#sums[side]!.values[n] = high * HALF + low;
    else setBig(this.#sums[side]!, n, BigInt(high) * BigInt(HALF) + BigInt(low));
    this.#low[place] = 0;
    this.#high[place] = 0;
    this.#count[place] = 0;
  }

  #open(slots: number, trades: number): void {
    if (trades > this.#slot.length) this.#slot = new Int32Array(Math.max(trades, 2 * this.#slot.length));
    if (slots > this.#last.length) {
      const size = Math.max(slots, 2 * this.#last.length);
      this.#low = new Float64Array(4 * size);
      this.#high = new Float64Array(4 * size);
      this.#count = new Uint32Array(4 * size);
      this.#last = new Float64Array(size);
    }
    this.#slots = slots;
  }

  #slotOf(row: number): number {
    const rows = this.#rows!;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #carry(): void {
    for (let at = 0; at < 4 * this.#slots; at++) {
      const units = Math.floor(this.#low[at]! / HALF);
      if (units === 0) continue;
      this.#high[at]! += units;
      this.#low[at]! -= units * HALF;
    }
  }

  #grow(): void {
    const size = 2 * this.#row.length;
    const wider = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#instrument = wider(this.#instrument, new Uint32Array(size));
    this.#time = wider(this.#time, new Float64Array(size));
    this.#row = wider(this.#row, new Float64Array(size));
    this.#trades = wider(this.#trades, new Uint32Array(size));
    this.#buys = wider(this.#buys, new Uint32Array(size));
    this.#sells = wider(this.#sells, new Uint32Array(size));
    this.#latest = wider(this.#latest, new Float64Array(size));
    for (let i = 0; i < 3; i++) {
      const { values, wide } = this.#sums[i]!;
      this.#sums[i] = { values: wider(values, new Float64Array(size)), wide };
    }
  }
}
