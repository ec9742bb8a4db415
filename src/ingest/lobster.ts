import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { ImportContext, Importer, RawRows, SourceFile } from '../core/importer.js';
import { param } from '../core/schema.js';
import { LineCursor } from './line-cursor.js';
import { LobsterBook } from './lobster-book.js';
import { LOBSTER_NAME, type LobsterFile, lobsterFile } from './lobster-files.js';
import {
  HIDDEN_EXECUTION,
  type LobsterMessage,
  lobsterMessage,
  lobsterPrice,
  VISIBLE_EXECUTION,
} from './lobster-message.js';
import { RowBatch } from './row-batch.js';
import { splitCsv } from './split-csv.js';

/** From this day on Nasdaq's feed calls every hidden order a buy, so its side is unknown. */
const HIDDEN_SIDES_END = '2014-07-14';

/**
 * LOBSTER's pairs of files for Nasdaq, read in step: every line is a book state after the event, executions of visible
 * (type 4) and hidden (type 5) limit orders are trades too. The direction is the resting order's, so the taker's side is
 * the opposite; `order_id` is the resting order's as well, null at hidden orders without one. Cross trades (type 6)
 * repeat executions already listed and are no trades here.
 */
export const lobster: Importer = {
  name: 'lobster',
  summary: 'LOBSTER message and orderbook CSV pairs',
  source: 'https://lobsterdata.com/info/DataStructure.php',
  fixture: 'synthetic',
  kinds: ['trades', 'book_snapshot'],
  params: {
    zone: param.text({
      pattern: /^[\w+/-]{1,64}$/,
      values: 'an IANA time zone',
      doc: 'zone whose midnight the times count from, default America/New_York',
    }),
  },
  files: new RegExp(LOBSTER_NAME.source.replace(/\$$/, '(\\.gz)?$'), 'i'),
  read: readPair,
};

async function* readPair(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const named = lobsterFile(file, (context.params.zone as string | undefined) ?? 'America/New_York');
  if (!named.isMessage) {
    // its message file brings it along
    for await (const { lines } of file.lines()) context.skip(lines.filter((line) => line !== '').length);
    return;
  }
  const instrument = context.instrument({ venue: 'nasdaq', symbol: named.ticker, contract: 'linear' });
  const book = new LobsterBook(named.levels, instrument);
  const trades = new RowBatch('trades', {
    ...{ ts: 'f64', order_id: 'text', price: 'text', size: 'text', side: 'codes' },
  });
  const messages = new LineCursor(file);
  const states = new LineCursor(named.partner);
  try {
    for (;;) {
      const lines = Math.min(await messages.fill(), await states.fill());
      if (lines === 0) break;
      for (let k = 0; k < lines; k++) {
        const record = messages.taken;
        const line = messages.next();
        const state = states.next();
        if (line === '' && state === '') continue;
        const message = lobsterMessage(splitCsv(line, ','));
        const ts = message === undefined ? Number.NaN : named.midnight + message.micros;
        book.add(record, message === undefined ? undefined : ts, line, state);
        if (message?.type === VISIBLE_EXECUTION || message?.type === HIDDEN_EXECUTION)
          addTrade(trades, trades.add(instrument, record, line), ts, message, named);
        if (book.batch.full) yield book.batch.take();
        if (trades.full) yield trades.take();
      }
    }
    await checkSameLength(file, messages, named.partner, states);
  } finally {
    await Promise.all([messages.close(), states.close()]);
  }
  if (book.batch.rows > 0) yield book.batch.take();
  if (trades.rows > 0) yield trades.take();
}

function addTrade(batch: RowBatch, i: number, ts: number, message: LobsterMessage, file: LobsterFile): void {
  const { type, orderId, direction } = message;
  batch.f64.ts![i] = ts;
  if (Number.isNaN(ts)) batch.reject(i, 'bad_time');
  batch.text.order_id![i] = orderId === '0' ? null : orderId;
  batch.text.size![i] = message.size;
  const price = lobsterPrice(message.price);
  if (price === undefined) batch.reject(i, 'bad_price');
  else batch.text.price![i] = price;
  if (direction !== '1' && direction !== '-1') batch.reject(i, 'bad_side');
  else if (type === VISIBLE_EXECUTION || file.date < HIDDEN_SIDES_END)
    batch.codes.side![i] = direction === '1' ? SIDE_SELL : SIDE_BUY;
}

/** Both files at their end, blank lines aside; otherwise they do not belong together. */
async function checkSameLength(
  file: SourceFile,
  messages: LineCursor,
  partner: SourceFile,
  states: LineCursor,
): Promise<void> {
  for (const [cursor, name, other] of [
    [messages, file.name, partner.name],
    [states, partner.name, file.name],
  ] as const)
    for (let left = await cursor.fill(); left > 0; left = await cursor.fill())
      if (cursor.next() !== '')
        throw new InputError(`${name} line`, cursor.taken, `must have its counterpart in ${other}`);
}
