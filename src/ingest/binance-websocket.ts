import { InputError } from '../core/errors.js';
import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { binanceMarket } from './binance-market.js';
import { CAPTURE_LINE, CaptureSurvey, captureMessage } from './binance-message.js';
import { depthRows } from './binance-websocket-depth.js';
import { captureInstruments, type MessageType, messageType } from './binance-websocket-messages.js';
import { type MessageToAdd, tickerRow, tradeRow, websocketBatches } from './binance-websocket-rows.js';

/**
 * What a compactly written message begins with: its type is known before it is parsed. Book tickers and snapshots
 * begin otherwise and are always parsed.
 */
const TYPED = /^\d{18,19} (?:\{"stream":"[^"\\]*","data":)?\{"e":"([^"\\]*)"/;
const READ: ReadonlySet<string> = new Set(['trade', 'aggTrade', 'depthUpdate', 'bookTicker']);

/**
 * Raw captures of Binance's websockets, one line `<local ns> <json>`, messages bare or in combined-stream envelopes.
 * depthUpdate → book_delta (`first_seq` = U, `seq` = u, `prev_seq` = pu), REST snapshots (lastUpdateId) → book_delta
 * rows flagged as snapshot, trade → trades, bookTicker → book_snapshot of one level. aggTrade is read only of symbols
 * without trade events. Partial depth streams (`@depth20`) are no diffs, whatever their messages call themselves, and
 * skipped. One damaged level rejects its whole message: the hole then shows in the sequence, where a lost level would not.
 */
export const binanceWebsocket: Importer = {
  name: 'binance-websocket',
  summary: 'raw Binance websocket captures: trades, depth diffs, REST snapshots, book tickers',
  source: 'binance-spot-api-docs, Web Socket Streams; derivatives docs, Diff. Book Depth Streams',
  fixture: 'real',
  kinds: ['trades', 'book_delta', 'book_snapshot'],
  params: binanceMarket,
  files: /\.(gz|txt|jsonl|ndjson|log)$/i,
  read,
};

const ADD: Readonly<Record<MessageType, (message: MessageToAdd) => void>> = {
  trade: tradeRow,
  aggTrade: tradeRow,
  ticker: tickerRow,
  diff: (message) => depthRows(message, false),
  snapshot: (message) => depthRows(message, true),
};

async function* read(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const batches = websocketBatches();
  const all = Object.values(batches);
  const instruments = captureInstruments(context);
  let survey: CaptureSurvey | undefined;
  let begun = false;
  for await (const { first, lines } of file.lines()) {
    for (let j = 0; j < lines.length; j++) {
      const line = lines[j]!;
      if (line === '') continue;
      for (const batch of all) if (batch.full) yield batch.take();
      if (!begun && !CAPTURE_LINE.test(line))
        throw new InputError(
          `${file.name} line ${first + j + 1}`,
          line.slice(0, 40),
          'must be <local ns> <json>',
        );
      begun = true;
      const typed = TYPED.exec(line)?.[1];
      if (typed !== undefined && !READ.has(typed)) {
        context.skip(1);
        continue;
      }
      const message = captureMessage(line);
      if (!message) {
        batches.trades.reject(batches.trades.add(NO_INSTRUMENT, first + j, line), 'bad_row');
        continue;
      }
      const type = messageType(message);
      // both mean something only beside the rest of the capture
      if (type === 'aggTrade' || type === 'snapshot') survey ??= await surveyOf(file);
      const { data } = message;
      if (type === undefined || (type === 'aggTrade' && survey!.traded.has(data.s as string))) {
        context.skip(1);
        continue;
      }
      const id = type === 'snapshot' ? instruments.ofSnapshot(data, survey!) : instruments.of(data, type);
      ADD[type]({ batches, data, id, record: first + j, line });
    }
  }
  for (const batch of all) if (batch.rows > 0) yield batch.take();
}

async function surveyOf(file: SourceFile): Promise<CaptureSurvey> {
  const survey = new CaptureSurvey();
  for await (const { lines } of file.lines()) for (const line of lines) survey.add(line);
  return survey;
}
