import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { NO_INSTRUMENT } from '../core/importer.js';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { idOf, localMicros, microsOfNumber, type Payload } from './binance-message.js';
import type { MessageToAdd } from './binance-websocket-rows.js';
import type { RowBatch } from './row-batch.js';

/** What every row of a depth message repeats. */
interface Header {
  readonly ts: number;
  readonly received: number;
  readonly seq: number;
  readonly first: number;
  readonly prev: number;
}

/** A decimal that encodes exactly in 64 bits or is at least told apart by its size; no sign, no exponent. */
const DECIMAL = /^\d{1,18}(\.\d{1,18})?$/;
const POSITIVE = /[1-9]/;

/**
 * Rows of a diff or a REST snapshot, bids first, in the message's order. Time of a diff is that of its transaction
 * (`T`), spot's of its event (`E`). A snapshot is of the time it was answered (`E`): its `T` is the book's last change,
 * minutes ago in a quiet one; spot's has no time and takes the local one.
 */
export function depthRows(message: MessageToAdd, snapshot: boolean): void {
  const { batches, data, id, record, line } = message;
  const batch = batches.deltas;
  const bids = snapshot ? data.bids : data.b;
  const asks = snapshot ? data.asks : data.a;
  const header = headerOf(data, line, snapshot);
  const reason = id === NO_INSTRUMENT ? 'bad_instrument' : reasonOf(data, header, bids, asks, snapshot);
  if (reason !== undefined) {
    batch.reject(addRow(batch, message, header), reason);
    return;
  }
  const start = snapshot ? BOOK_SNAPSHOT | BOOK_RESET : 0;
  let flags = start;
  for (const side of [SIDE_BUY, SIDE_SELL])
    for (const [price, size] of (side === SIDE_BUY ? bids : asks) as [string, string][]) {
      const i = batch.add(id, record, line);
      fill(batch, i, header);
      batch.codes.side![i] = side;
      batch.text.price![i] = price;
      batch.text.size![i] = size;
      batch.codes.flags![i] = flags;
      flags &= ~BOOK_RESET;
    }
  if ((bids as unknown[]).length + (asks as unknown[]).length === 0)
    batch.codes.flags![addRow(batch, message, header)] = start | BOOK_EMPTY;
}

function headerOf(data: Payload, line: string, snapshot: boolean): Header {
  const received = localMicros(line);
  const stamp = snapshot ? (data.E ?? data.T) : (data.T ?? data.E);
  return {
    ts: stamp === undefined && snapshot ? received : microsOfNumber(stamp),
    received,
    seq: idOf(snapshot ? data.lastUpdateId : data.u),
    first: snapshot ? Number.NaN : idOf(data.U),
    prev: snapshot || data.pu === undefined ? Number.NaN : idOf(data.pu),
  };
}

/** Why a message cannot be trusted as a whole. */
function reasonOf(
  data: Payload,
  { ts, seq, first, prev }: Header,
  bids: unknown,
  asks: unknown,
  snapshot: boolean,
): LedgerReason | undefined {
  if (Number.isNaN(ts)) return 'bad_time';
  if (Number.isNaN(seq)) return 'bad_value';
  if (!snapshot && !(first <= seq)) return 'bad_value';
  if (!snapshot && data.pu !== undefined && Number.isNaN(prev)) return 'bad_value';
  if (!Array.isArray(bids) || !Array.isArray(asks)) return 'bad_row';
  return levelsReason(bids) ?? levelsReason(asks);
}

function levelsReason(levels: readonly unknown[]): LedgerReason | undefined {
  for (const level of levels) {
    if (!Array.isArray(level) || level.length < 2) return 'bad_row';
    const [price, size] = level as unknown[];
    if (typeof price !== 'string' || !DECIMAL.test(price) || !POSITIVE.test(price)) return 'bad_price';
    if (typeof size !== 'string' || !DECIMAL.test(size)) return 'bad_size';
  }
  return undefined;
}

function addRow(batch: RowBatch, { id, record, line }: MessageToAdd, header: Header): number {
  const i = batch.add(id, record, line);
  fill(batch, i, header);
  return i;
}

function fill({ f64 }: RowBatch, i: number, header: Header): void {
  f64.ts![i] = header.ts;
  f64.recv_ts![i] = header.received;
  f64.seq![i] = header.seq;
  f64.first_seq![i] = header.first;
  f64.prev_seq![i] = header.prev;
}
