import { type Frame, SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN, type Table } from '../../core/columns.js';
import { type ExactColumn, setBig } from '../../core/exact.js';

/** A half counts up to 2^31 lots; what a carry leaves and 2^21 trades more stay below 2^53. */
const HALF = 2147483648;
const CARRY_EVERY = 2097152;

/** Four places a slot: lots of unknown, buy and sell side (their codes), and trades. */
const TRADES = 3;

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
  /** Lots below 2^31 and trades, and lots in units of 2^31. */
  #low = new Float64Array(4 * 256);
  #high = new Float64Array(4 * 256);
  #last = new Float64Array(256);

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

  /** Opens a session of `width` adjacent rows; the caller writes each trade's slot into what this returns. */
  dense(first: number, width: number, trades: number): Int32Array {
    this.#first = first;
    this.#rows = undefined;
    this.#open(width, trades);
    return this.#slot;
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
    const hi = this.#sizeHi;
    if (!hi && to - from <= CARRY_EVERY) {
      for (let i = from; i < to; i++) {
        const at = slot[i - from]! << 2;
        const word = size[i]!;
        const place = at + (word & 3);
        low[place] = low[place]! + (word >>> 2);
        low[at + TRADES] = low[at + TRADES]! + 1;
      }
    } else {
      const high = this.#high;
      for (let i = from; i < to; i++) {
        const at = slot[i - from]! << 2;
        const place = at + (size[i]! & 3);
        // lots = hi · 2^30 + (word >> 2)
        const upper = hi ? hi[i]! : 0;
        low[place] = low[place]! + (upper & 1) * 1073741824 + (size[i]! >>> 2);
        high[place] = high[place]! + (upper >>> 1);
        low[at + TRADES] = low[at + TRADES]! + 1;
        if ((i - from) % CARRY_EVERY === CARRY_EVERY - 1) this.#carry();
      }
    }
    this.#carry();
    const available = this.#available;
    if (!available) return;
    const last = this.#last;
    for (let i = from; i < to; i++)
      if (available[i]! > last[slot[i - from]!]!) last[slot[i - from]!] = available[i]!;
  }

  /** Appends the session's traded rows, lowest price first. */
  emit(instrument: number, time: number): void {
    for (let slot = 0; slot < this.#slots; slot++) {
      const trades = this.#low[4 * slot + TRADES]!;
      if (trades === 0) continue;
      if (this.#length === this.#row.length) this.#grow();
      const n = this.#length++;
      this.#instrument[n] = instrument;
      this.#time[n] = time;
      this.#row[n] = this.#rows ? this.#rows[slot]! : this.#first + slot;
      this.#trades[n] = trades;
      this.#latest[n] = this.#last[slot]!;
      for (let side = 0; side < 3; side++) {
        const high = this.#high[4 * slot + side]!;
        const low = this.#low[4 * slot + side]!;
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
        buy_volume: sum(SIDE_BUY),
        sell_volume: sum(SIDE_SELL),
        unknown_volume: sum(SIDE_UNKNOWN),
        trades: this.#trades.slice(0, rows),
        last_available: this.#latest.slice(0, rows),
      },
    };
  }

  #open(slots: number, trades: number): void {
    if (trades > this.#slot.length) this.#slot = new Int32Array(Math.max(trades, 2 * this.#slot.length));
    if (slots > this.#last.length) {
      const size = Math.max(slots, 2 * this.#last.length);
      this.#low = new Float64Array(4 * size);
      this.#high = new Float64Array(4 * size);
      this.#last = new Float64Array(size);
    } else {
      this.#low.fill(0, 0, 4 * slots);
      this.#high.fill(0, 0, 4 * slots);
      this.#last.fill(0, 0, slots);
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
      // trades, fewer than 2^31 by far, have nothing to carry
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
    this.#latest = wider(this.#latest, new Float64Array(size));
    for (let i = 0; i < 3; i++) {
      const { values, wide } = this.#sums[i]!;
      this.#sums[i] = { values: wider(values, new Float64Array(size)), wide };
    }
  }
}
