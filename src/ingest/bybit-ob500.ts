import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { microsOfStamp } from '../core/stamps.js';
import { levelFault } from './book-level.js';
import { bybitInstrument, bybitMarket } from './bybit-market.js';
import { type BybitBook, type BybitLevel, bybitBook } from './bybit-message.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';

/**
 * Order books of Bybit's archive: one message a line, the snapshot first. `ts` is when the system made the message;
 * `seq` is `u`, which goes up by one a message, so a delta's predecessor is u - 1 and a missing line is seen. A snapshot,
 * after a restart with u = 1, clears the book and has no predecessor. A message that is malformed anywhere is one
 * rejected row: part of a message would be a wrong book.
 */
export const bybitOb500: Importer = {
  name: 'bybit-ob500',
  summary: 'Bybit order-book archive (ob500, ob200), JSON lines or zip',
  source: 'https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook',
  fixture: 'real',
  kinds: ['book_delta'],
  params: bybitMarket,
  files: /ob\d+\.data(\.zip|\.gz)?$/i,
  read: readBooks,
};

async function* readBooks(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const batch = new RowBatch('book_delta', {
    ...{ ts: 'f64', seq: 'f64', prev_seq: 'f64' },
    ...{ side: 'codes', price: 'text', size: 'text', flags: 'codes' },
  });
  const instruments = new InstrumentIndex(context);
  const market = String(context.params.market);
  for await (const { first, lines } of file.lines()) {
    for (let j = 0; j < lines.length; j++) {
      const line = lines[j]!;
      if (line === '') continue;
      const message = bybitBook(line);
      if (message === 'other') context.skip(1);
      else if (message === undefined) batch.reject(batch.add(NO_INSTRUMENT, first + j, line), 'bad_row');
      else {
        const info = bybitInstrument(market, message.symbol);
        let instrument = instruments.find(info.venue, info.symbol);
        if (instrument === NO_INSTRUMENT) instrument = instruments.declare(info);
        addMessage(batch, instrument, message, first + j, line);
      }
      if (batch.full) yield batch.take();
    }
  }
  if (batch.rows > 0) yield batch.take();
}

function addMessage(
  batch: RowBatch,
  instrument: number,
  message: BybitBook,
  record: number,
  line: string,
): void {
  const { snapshot, u } = message;
  const ts = microsOfStamp(String(message.ts));
  const row = (): number => {
    const i = batch.add(instrument, record, line);
    batch.f64.ts![i] = ts;
    batch.f64.seq![i] = u;
    if (!snapshot) batch.f64.prev_seq![i] = u - 1;
    return i;
  };
  const fault = Number.isNaN(ts) ? 'bad_time' : (faultOf(message.bids) ?? faultOf(message.asks));
  if (fault !== undefined) {
    batch.reject(row(), fault);
    return;
  }
  let flags = snapshot ? BOOK_SNAPSHOT | BOOK_RESET : 0;
  for (const side of [SIDE_BUY, SIDE_SELL])
    for (const [price, size] of side === SIDE_BUY ? message.bids : message.asks) {
      const i = row();
      batch.codes.side![i] = side;
      batch.text.price![i] = price;
      batch.text.size![i] = size;
      batch.codes.flags![i] = flags;
      flags &= ~BOOK_RESET;
    }
  // a message without levels keeps its place in the sequence
  if (message.bids.length + message.asks.length === 0) batch.codes.flags![row()] = flags | BOOK_EMPTY;
}

function faultOf(levels: readonly BybitLevel[]): LedgerReason | undefined {
  for (const [price, size] of levels) {
    const fault = levelFault(price, size);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
