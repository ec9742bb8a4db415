import type { LineBatch } from '../core/importer.js';
import type { QuoteSource, RawQuotes } from '../core/quotes.js';
import { captureMessage, idOf, localMicros, microsOfNumber, type Payload } from './binance-message.js';

/** What a bookTicker has in every market; depth updates hold lists under `b` and `a`. */
const QUOTE = /"b"\s*:\s*"/;

/**
 * Best bids and asks of a raw Binance websocket capture: its bookTicker messages, `b` and `a` the prices, `u` the
 * update id, `T` the exchange's time, the line's own stamp the local one. Spot bookTickers carry no `T`: they become
 * rows without a time, as the local clock is not believed.
 */
export function binanceBookTickers(input: string, lines: () => AsyncIterable<LineBatch>): QuoteSource {
  const instruments: string[] = [];
  return {
    input,
    instruments,
    mapping: { time: 'T', bid: 'b', ask: 'a', instrument: 's', seq: 'u', received: 'local ns' },
    batches: async function* () {
      const codes = new Map<string, number>();
      let firstRow = 0;
      for await (const batch of lines()) {
        const found: { data: Payload; local: number }[] = [];
        for (const line of batch.lines) {
          if (!QUOTE.test(line)) continue;
          const data = captureMessage(line)?.data;
          if (data && isBookTicker(data)) found.push({ data, local: localMicros(line) });
        }
        if (found.length === 0) continue;
        const code = (symbol: string): number => {
          let known = codes.get(symbol);
          if (known === undefined) {
            known = instruments.push(symbol) - 1;
            codes.set(symbol, known);
          }
          return known;
        };
        yield rowsOf(found, code, firstRow);
        firstRow += found.length;
      }
    },
  };
}

/** Futures name the event, spot does not; tickers of 24 hours have `b` and `a` too. */
const isBookTicker = ({ e, s, b, a, u }: Payload): boolean =>
  (e === undefined || e === 'bookTicker') &&
  typeof s === 'string' &&
  typeof b === 'string' &&
  typeof a === 'string' &&
  typeof u === 'number';

function rowsOf(
  found: readonly { readonly data: Payload; readonly local: number }[],
  code: (symbol: string) => number,
  firstRow: number,
): RawQuotes {
  return {
    rows: found.length,
    instrument: Uint32Array.from(found, ({ data }) => code(data.s as string)),
    time: Float64Array.from(found, ({ data }) => microsOfNumber(data.T)),
    received: Float64Array.from(found, ({ local }) => local),
    bid: { kind: 'text', values: found.map(({ data }) => data.b as string) },
    ask: { kind: 'text', values: found.map(({ data }) => data.a as string) },
    seq: Float64Array.from(found, ({ data }) => idOf(data.u)),
    firstRow,
  };
}
