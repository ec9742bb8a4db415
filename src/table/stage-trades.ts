import type { Decimal } from '../core/decimal.js';
import type { InstrumentDeclaration, RawSource } from '../core/raw.js';
import { type KeyedTrades, NO_INSTRUMENT } from './canonical.js';
import { codeOf, FILTERED, LedgerBook } from './ledger-book.js';
import { NumberEncoder, type WideValue } from './number-encoder.js';
import { CHUNK, Staging } from './staging.js';

/** Stamps that a frame can hold: 1970-01-01 to 2106-02-07. */
const MAX_TIME = 2 ** 32 * 1e6;

const PRICE_CODES = [0, codeOf('bad_price'), codeOf('off_tick'), codeOf('inexact')];
const SIZE_CODES = [0, codeOf('bad_size'), codeOf('off_lot'), codeOf('inexact')];

export interface StageOptions {
  /** Units by symbol, before any row is read. */
  readonly declared: (symbol: string) => InstrumentDeclaration;
  readonly instruments?: ReadonlySet<string>;
  readonly fromTime: number;
  readonly until: number;
}

/** Takes batches in, rejects bad rows to the ledger and stages good ones as integers. */
export class TradeStage {
  readonly staging = new Staging();
  readonly ledger = new LedgerBook();
  readonly price = new NumberEncoder();
  readonly size = new NumberEncoder();
  readonly symbols: string[] = [];
  readonly counts: number[] = [];
  /** By instrument: 1 if rows came out of order, 2 if ids may repeat. */
  readonly flags: number[] = [];
  readonly #ids = new Map<string, number>();
  readonly #wanted: boolean[] = [];
  readonly #lastTime: number[] = [];
  readonly #lastSeq: number[] = [];
  #capacity = 0;
  #gid = new Uint32Array(0);
  #reject = new Uint8Array(0);
  #k = new Float64Array(0);
  #kScale = new Uint8Array(0);
  #q = new Float64Array(0);
  #qScale = new Uint8Array(0);

  constructor(readonly options: StageOptions) {}

  /** Starts an input; returns the function that takes its batches. */
  input(source: RawSource): (batch: KeyedTrades) => void {
    this.staging.inputs.push({ name: source.input, from: this.staging.rows });
    const local: number[] = [];
    return (batch) => {
      while (local.length < source.instruments.length)
        local.push(this.#id(source.instruments[local.length]!));
      this.#take(source.input, local, batch);
    };
  }

  #id(symbol: string): number {
    const known = this.#ids.get(symbol);
    if (known !== undefined) return known;
    const id = this.symbols.length;
    this.#ids.set(symbol, id);
    this.symbols.push(symbol);
    this.counts.push(0);
    this.flags.push(0);
    this.#lastTime.push(-1);
    this.#lastSeq.push(-1);
    this.#wanted.push(this.options.instruments?.has(symbol) ?? true);
    const declared: { readonly tick?: Decimal; readonly lot?: Decimal } = this.options.declared(symbol);
    this.price.add(id, declared.tick);
    this.size.add(id, declared.lot);
    return id;
  }

  #take(input: string, local: readonly number[], batch: KeyedTrades): void {
    const { rows } = batch;
    this.#reserve(rows);
    this.ledger.rowsRead += rows;
    if (batch.unread) this.ledger.unread(batch.unread);
    const reject = this.#reject;
    const gid = this.#gid;
    const { fromTime, until } = this.options;
    const badInstrument = codeOf('bad_instrument');
    const badTime = codeOf('bad_time');
    const badSide = codeOf('bad_side');
    const badRow = codeOf('bad_row');
    for (let i = 0; i < rows; i++) {
      const at = batch.instrument[i]!;
      const t = batch.time[i]!;
      reject[i] = 0;
      if (batch.badRow !== undefined && batch.badRow[i] !== 0) reject[i] = badRow;
      else if (at === NO_INSTRUMENT) reject[i] = badInstrument;
      else {
        const id = local[at]!;
        gid[i] = id;
        if (!this.#wanted[id]) reject[i] = FILTERED;
        else if (!(t >= 0 && t < MAX_TIME)) reject[i] = badTime;
        else if (t < fromTime || t >= until) reject[i] = FILTERED;
        else if (batch.side[i]! > 2) reject[i] = badSide;
      }
    }
    const widePrice = new Map<number, WideValue>();
    const wideSize = new Map<number, WideValue>();
    this.price.encode(
      batch.price,
      batch.priceNulls,
      gid,
      rows,
      PRICE_CODES,
      reject,
      this.#k,
      this.#kScale,
      widePrice,
    );
    this.size.encode(
      batch.size,
      batch.sizeNulls,
      gid,
      rows,
      SIZE_CODES,
      reject,
      this.#q,
      this.#qScale,
      wideSize,
    );
    this.#stage(input, batch, widePrice, wideSize);
  }

  #stage(
    input: string,
    batch: KeyedTrades,
    widePrice: ReadonlyMap<number, WideValue>,
    wideSize: ReadonlyMap<number, WideValue>,
  ): void {
    const { staging, counts, flags } = this;
    const { seq, received, idKey, time, side } = batch;
    const [reject, gid, k, kScale, q, qScale] = [
      this.#reject,
      this.#gid,
      this.#k,
      this.#kScale,
      this.#q,
      this.#qScale,
    ];
    const priceScale = this.price.scale;
    const sizeScale = this.size.scale;
    const lastTime = this.#lastTime;
    const lastSeq = this.#lastSeq;
    const ids = !batch.orderOnly;
    let { minTime, maxTime } = staging;
    let chunk = staging.chunk();
    for (let i = 0; i < batch.rows; i++) {
      if (reject[i] !== 0) {
        this.ledger.add(input, batch.firstRow + i, reject[i]!);
        continue;
      }
      const at = staging.rows & (CHUNK - 1);
      if (at === 0) chunk = staging.chunk();
      const id = gid[i]!;
      const t = time[i]!;
      if (t < minTime) minTime = t;
      if (t > maxTime) maxTime = t;
      // only rows that stay raise scales
      if (kScale[i]! > priceScale[id]!) priceScale[id] = kScale[i]!;
      if (qScale[i]! > sizeScale[id]!) sizeScale[id] = qScale[i]!;
      chunk.id[at] = id;
      chunk.time[at] = t;
      chunk.price[at] = k[i]!;
      chunk.size[at] = q[i]!;
      chunk.meta[at] = side[i]! | (kScale[i]! << 2) | (qScale[i]! << 7);
      chunk.row[at] = batch.firstRow + i;
      if (received) staging.optional(chunk, 'received')[at] = received[i]!;
      if (idKey) staging.optional(chunk, 'key')[at] = idKey[i]!;
      let s = -1;
      if (seq) {
        staging.optional(chunk, 'seq')[at] = seq[i]!;
        s = seq[i]! >= 0 ? seq[i]! : -1;
      }
      if (t < lastTime[id]! || (t === lastTime[id]! && s < lastSeq[id]!)) flags[id]! |= 1;
      // an id at or below an earlier one, or a text id, may repeat
      if (ids && ((s >= 0 && s <= lastSeq[id]!) || (idKey && !Number.isNaN(idKey[i]!)))) flags[id]! |= 2;
      if (t > lastTime[id]!) lastTime[id] = t;
      if (s > lastSeq[id]!) lastSeq[id] = s;
      counts[id]!++;
      if (k[i] === Number.POSITIVE_INFINITY) staging.widePrice.set(staging.rows, widePrice.get(i)!);
      if (q[i] === Number.POSITIVE_INFINITY) staging.wideSize.set(staging.rows, wideSize.get(i)!);
      staging.rows++;
    }
    staging.minTime = minTime;
    staging.maxTime = maxTime;
    staging.hasSeq ||= seq !== undefined;
    staging.hasReceived ||= received !== undefined;
    staging.hasKey ||= idKey !== undefined;
  }

  /** Lots of a staged row at the instrument's scale, beyond 2^53 too. */
  exactLots(row: number, s: number): bigint {
    const wide = this.staging.wideSize.get(row);
    const scale = wide?.scale ?? this.staging.get('meta', row) >> 7;
    const n = wide?.unscaled ?? BigInt(this.staging.get('size', row));
    return n * 10n ** BigInt(this.size.scale[s]! - scale);
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = rows;
    this.#gid = new Uint32Array(rows);
    this.#reject = new Uint8Array(rows);
    this.#k = new Float64Array(rows);
    this.#kScale = new Uint8Array(rows);
    this.#q = new Float64Array(rows);
    this.#qScale = new Uint8Array(rows);
  }
}
