import { InputError } from '../../core/errors.js';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../../core/kinds.js';
import { type DeltaColumns, f64Of } from './delta-columns.js';

/** Flag of a message with a row that is no level: the book after it is not known. */
export const DAMAGED = 128;

/**
 * Messages with their rows, held until they are applied. Rows that agree in times, ids and kind are one message, also
 * across calls of `append`, so that the newest message stays open until another begins.
 */
export class MessageStore {
  messages = 0;
  rows = 0;
  /** Rows appended in all, those no longer held among them. */
  total = 0;

  ts: Float64Array = new Float64Array(0);
  /** max(ts, recv_ts): a local stamp before the exchange's is clock skew. */
  available: Float64Array = new Float64Array(0);
  seq: Float64Array = new Float64Array(0);
  first: Float64Array = new Float64Array(0);
  prev: Float64Array = new Float64Array(0);
  flags: Uint8Array = new Uint8Array(0);
  /** Input row of a message's first row. */
  row: Float64Array = new Float64Array(0);
  /** Rows of message m: from[m] to from[m + 1]. */
  from: Uint32Array = new Uint32Array(1);

  tick: Float64Array = new Float64Array(0);
  lots: Float64Array = new Float64Array(0);
  side: Int8Array = new Int8Array(0);

  /** Appends rows `start` to `end`. */
  append(columns: DeltaColumns, start: number, end: number): void {
    const read = (name: 'ts' | 'recv_ts' | 'seq' | 'first_seq' | 'prev_seq' | 'tick' | 'lots') =>
      f64Of(columns[name], start, end, name);
    const ts = read('ts');
    const received = read('recv_ts');
    const seq = read('seq');
    const first = read('first_seq');
    const prev = read('prev_seq');
    const tick = read('tick');
    const lots = read('lots');
    const count = end - start;
    this.#reserve(this.rows + count, this.messages + count);
    for (let j = 0; j < count; j++) {
      const time = ts[j]!;
      const flags = columns.flags?.[start + j] ?? 0;
      const side = columns.side[start + j]!;
      let m = this.messages - 1;
      if (m >= 0 ? !(time >= this.ts[m]!) : Number.isNaN(time))
        throw new InputError('book row', this.total, 'must have a time, not before that of the row before');
      // a missing local stamp is NaN, which a maximum would pass on
      const available = Number.isNaN(received[j]!) ? time : Math.max(time, received[j]!);
      const continues =
        m >= 0 &&
        (flags & BOOK_RESET) === 0 &&
        time === this.ts[m] &&
        available === this.available[m] &&
        ((flags ^ this.flags[m]!) & BOOK_SNAPSHOT) === 0 &&
        same(seq[j]!, this.seq[m]!) &&
        same(first[j]!, this.first[m]!) &&
        same(prev[j]!, this.prev[m]!);
      if (!continues) {
        m = this.messages++;
        this.ts[m] = time;
        this.available[m] = available;
        this.seq[m] = seq[j]!;
        this.first[m] = first[j]!;
        this.prev[m] = prev[j]!;
        this.flags[m] = flags & (BOOK_SNAPSHOT | BOOK_RESET);
        this.row[m] = this.total;
      }
      const i = this.rows++;
      this.total++;
      this.from[m + 1] = this.rows;
      this.tick[i] = tick[j]!;
      this.lots[i] = lots[j]!;
      this.side[i] = flags & BOOK_EMPTY ? 0 : side;
      if (!(flags & BOOK_EMPTY) && !isLevel(side, tick[j]!, lots[j]!)) this.flags[m]! |= DAMAGED;
    }
  }

  /** Keeps the messages listed, ascending, and forgets all others; they are then 0, 1, … */
  keep(list: readonly number[]): void {
    let rows = 0;
    list.forEach((m, k) => {
      const begin = this.from[m]!;
      const end = this.from[m + 1]!;
      this.ts[k] = this.ts[m]!;
      this.available[k] = this.available[m]!;
      this.seq[k] = this.seq[m]!;
      this.first[k] = this.first[m]!;
      this.prev[k] = this.prev[m]!;
      this.flags[k] = this.flags[m]!;
      this.row[k] = this.row[m]!;
      this.tick.copyWithin(rows, begin, end);
      this.lots.copyWithin(rows, begin, end);
      this.side.copyWithin(rows, begin, end);
      rows += end - begin;
      this.from[k + 1] = rows;
    });
    this.messages = list.length;
    this.rows = rows;
  }

  #reserve(rows: number, messages: number): void {
    if (rows > this.tick.length) {
      const capacity = Math.max(rows, this.tick.length * 2);
      this.tick = grown(new Float64Array(capacity), this.tick);
      this.lots = grown(new Float64Array(capacity), this.lots);
      this.side = grown(new Int8Array(capacity), this.side);
    }
    if (messages > this.ts.length) {
      const capacity = Math.max(messages, this.ts.length * 2);
      for (const name of ['ts', 'available', 'seq', 'first', 'prev', 'row'] as const)
        this[name] = grown(new Float64Array(capacity), this[name]);
      this.flags = grown(new Uint8Array(capacity), this.flags);
      this.from = grown(new Uint32Array(capacity + 1), this.from);
    }
  }
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

const isLevel = (side: number, tick: number, lots: number): boolean =>
  (side === 1 || side === -1) && Number.isSafeInteger(tick) && Number.isSafeInteger(lots) && lots >= 0;

const grown = <T extends Float64Array | Uint32Array | Uint8Array | Int8Array>(to: T, from: T): T => {
  to.set(from);
  return to;
};
