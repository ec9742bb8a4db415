import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { microsOfStamp } from '../core/stamps.js';
import type { RowBatch } from './row-batch.js';

/** `ts` of a row: s, ms, µs or ns by magnitude, or decimal seconds. Every other text is a bad_time. */
export function setTime(batch: RowBatch, i: number, text: string): void {
  const micros = microsOfStamp(text);
  batch.f64.ts![i] = micros;
  if (Number.isNaN(micros)) batch.reject(i, 'bad_time');
}

/** `recv_ts` of a row, likewise; an empty text is null. */
export function setReceived(batch: RowBatch, i: number, text: string): void {
  if (text === '') return;
  const micros = microsOfStamp(text);
  batch.f64.recv_ts![i] = micros;
  if (Number.isNaN(micros)) batch.reject(i, 'bad_time');
}

/**
 * A trade's id: a whole number below 2^53 is `seq`, every other text `trade_id`. A number with leading zeros stays a
 * text, or two ids would become one.
 */
export function setTradeId(batch: RowBatch, i: number, id: string | null): void {
  if (id === null || id === '') return;
  const number = /^(0|[1-9]\d{0,15})$/.test(id) ? Number(id) : Number.NaN;
  if (Number.isSafeInteger(number)) batch.f64.seq![i] = number;
  else batch.text.trade_id![i] = id;
}

/** Aggressor side in words of any case: buy, sell; unknown or missing is SIDE_UNKNOWN, anything else a bad_side. */
export function setTradeSide(batch: RowBatch, i: number, word: string | null): void {
  const side = word === null ? '' : word.toLowerCase();
  if (side === 'buy') batch.codes.side![i] = SIDE_BUY;
  else if (side === 'sell') batch.codes.side![i] = SIDE_SELL;
  else if (side !== '' && side !== 'unknown') batch.reject(i, 'bad_side');
}
