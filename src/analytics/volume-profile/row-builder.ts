import { type Frame, SIDE_BUY, SIDE_SELL, type Table } from '../../core/columns.js';
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
  /** Three sides a slot: lots below 2^31, and in units of 2^31. */
  #low = new Float64Array(3 * 256);
  #high = new Float64Array(3 * 256);
  #count = new Float64Array(256);
  #last = new Float64Array(256);
  #added = 0;

  #length = 0;
  #instrument = new Uint32Array(1024);
  #time = new Float64Array(1024);
  #row = new Float64Array(1024);
  #trades = new Uint32Array(1024);
  #latest = new Float64Array(1024);
  readonly #sums: ExactColumn[] = [0, 1, 2].map(() => ({ values: new Float64Array(1024), wide: undefined }));

  constructor(frame: Frame) {
    this.#size = frame.columns.size as Uint32Array;
    this.#sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
    this.#available = frame.columns.available as Float64Array | undefined;
  }

  dense(first: number, width: number): void {
    this.#first = first;
    this.#rows = undefined;
    this.#open(width);
  }

  sparse(rows: Float64Array): void {
    rows.sort();
    let n = 0;
    for (let i = 0; i < rows.length; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[n++] = rows[i]!;
    this.#rows = rows.subarray(0, n);
    this.#open(n);
  }

  slotOf(row: number): number {
    const rows = this.#rows;
    if (!rows) return row - this.#first;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds trade i to a slot. */
  add(slot: number, i: number): void {
    const word = this.#size[i]!;
    const side = word & 3;
    const at = 3 * slot + (side === SIDE_BUY ? 0 : side === SIDE_SELL ? 1 : 2);
    if (this.#sizeHi) {
      // lots = hi · 2^30 + (word >> 2)
      const hi = this.#sizeHi[i]!;
      this.#low[at]! += (hi & 1) * 1073741824 + (word >>> 2);
      this.#high[at]! += hi >>> 1;
    } else this.#low[at]! += word >>> 2;
    this.#count[slot]!++;
    if (this.#available && this.#available[i]! > this.#last[slot]!) this.#last[slot] = this.#available[i]!;
    if (++this.#added === CARRY_EVERY) this.#carry();
  }

  /** Appends the session's traded rows, lowest price first. */
  emit(instrument: number, time: number): void {
    this.#carry();
    for (let slot = 0; slot < this.#slots; slot++) {
      if (this.#count[slot] === 0) continue;
      if (this.#length === this.#row.length) this.#grow();
      const n = this.#length++;
      this.#instrument[n] = instrument;
      this.#time[n] = time;
      this.#row[n] = this.#rows ? this.#rows[slot]! : this.#first + slot;
      this.#trades[n] = this.#count[slot]!;
      this.#latest[n] = this.#last[slot]!;
      for (let side = 0; side < 3; side++) {
        const high = this.#high[3 * slot + side]!;
        const low = this.#low[3 * slot + side]!;
        if (high < 4194304) this.#sums[side]!.values[n] = high * HALF + low;
        else setBig(this.#sums[side]!, n, BigInt(high) * BigInt(HALF) + BigInt(low));
      }
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
        buy_volume: sum(0),
        sell_volume: sum(1),
        unknown_volume: sum(2),
        trades: this.#trades.slice(0, rows),
        last_available: this.#latest.slice(0, rows),
      },
    };
  }

  #open(slots: number): void {
    if (slots > this.#count.length) {
      const size = Math.max(slots, 2 * this.#count.length);
      this.#low = new Float64Array(3 * size);
      this.#high = new Float64Array(3 * size);
      this.#count = new Float64Array(size);
      this.#last = new Float64Array(size);
    } else {
      this.#low.fill(0, 0, 3 * slots);
      this.#high.fill(0, 0, 3 * slots);
      this.#count.fill(0, 0, slots);
      this.#last.fill(0, 0, slots);
    }
    this.#slots = slots;
    this.#added = 0;
  }

  #carry(): void {
    for (let at = 0; at < 3 * this.#slots; at++) {
      const units = Math.floor(this.#low[at]! / HALF);
      if (units === 0) continue;
      this.#high[at]! += units;
      this.#low[at]! -= units * HALF;
    }
    this.#added = 0;
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
    this.#latest = wider(this.#latest, new Float64Array(size));
    for (let i = 0; i < 3; i++) {
      const { values, wide } = this.#sums[i]!;
      this.#sums[i] = { values: wider(values, new Float64Array(size)), wide };
    }
  }
}
