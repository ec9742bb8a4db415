import { NO_INSTRUMENT } from '../core/importer.js';
import { takerSideOf } from './binance-cells.js';
import { idOf, localMicros, microsOfNumber, type Payload } from './binance-message.js';
import { RowBatch } from './row-batch.js';

export interface WebsocketBatches {
  readonly trades: RowBatch;
  readonly deltas: RowBatch;
  readonly tickers: RowBatch;
}

export const websocketBatches = (): WebsocketBatches => ({
  trades: new RowBatch('trades', {
    ...{ ts: 'f64', recv_ts: 'f64', seq: 'f64', price: 'text', size: 'text', side: 'codes' },
  }),
  deltas: new RowBatch('book_delta', {
    ...{ ts: 'f64', recv_ts: 'f64', seq: 'f64', first_seq: 'f64', prev_seq: 'f64' },
    ...{ side: 'codes', price: 'text', size: 'text', flags: 'codes' },
  }),
  tickers: new RowBatch('book_snapshot', {
    ...{ ts: 'f64', recv_ts: 'f64', seq: 'f64' },
    ...{ bid_price_1: 'text', bid_size_1: 'text', ask_price_1: 'text', ask_size_1: 'text' },
  }),
});

/** A message on its way into rows. */
export interface MessageToAdd {
  readonly batches: WebsocketBatches;
  readonly data: Payload;
  /** Instrument, or NO_INSTRUMENT. */
  readonly id: number;
  readonly record: number;
  readonly line: string;
}

/** A trade or aggregate trade: `m` says that the buyer is the maker, a taker sell. */
export function tradeRow({ batches, data, id, record, line }: MessageToAdd): void {
  const batch = batches.trades;
  const i = batch.add(id, record, line);
  if (id === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
  batch.f64.ts![i] = microsOfNumber(data.T);
  batch.f64.recv_ts![i] = localMicros(line);
  const seq = idOf(data.e === 'trade' ? data.t : data.a);
  batch.f64.seq![i] = seq;
  if (Number.isNaN(seq)) batch.reject(i, 'bad_value');
  batch.text.price![i] = textOf(data.p);
  batch.text.size![i] = textOf(data.q);
  batch.codes.side![i] = takerSideOf(data.m);
}

/** A best bid and ask. Spot's have no exchange time: theirs is the local one. A side of price and size 0 is empty. */
export function tickerRow({ batches, data, id, record, line }: MessageToAdd): void {
  const batch = batches.tickers;
  const i = batch.add(id, record, line);
  if (id === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
  const local = localMicros(line);
  const stamp = data.T ?? data.E;
  batch.f64.ts![i] = stamp === undefined ? local : microsOfNumber(stamp);
  batch.f64.recv_ts![i] = local;
  const seq = idOf(data.u);
  batch.f64.seq![i] = seq;
  if (Number.isNaN(seq)) batch.reject(i, 'bad_value');
  const { text } = batch;
  if (!emptySide(data.b, data.B)) {
    text.bid_price_1![i] = textOf(data.b);
    text.bid_size_1![i] = textOf(data.B);
    if (text.bid_price_1![i] === null) batch.reject(i, 'bad_price');
    if (text.bid_size_1![i] === null) batch.reject(i, 'bad_size');
  }
  if (!emptySide(data.a, data.A)) {
    text.ask_price_1![i] = textOf(data.a);
    text.ask_size_1![i] = textOf(data.A);
    if (text.ask_price_1![i] === null) batch.reject(i, 'bad_price');
    if (text.ask_size_1![i] === null) batch.reject(i, 'bad_size');
  }
}

const ZERO = /^0+(\.0*)?$/;
const emptySide = (price: unknown, size: unknown): boolean =>
  typeof price === 'string' && typeof size === 'string' && ZERO.test(price) && ZERO.test(size);

/** Binance sends prices and sizes as text; a JSON number would have gone through floating point. */
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
