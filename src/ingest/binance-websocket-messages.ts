import { type ImportContext, NO_INSTRUMENT } from '../core/importer.js';
import { type BinanceMarket, binanceInstruments } from './binance-market.js';
import type { CaptureMessage, CaptureSurvey, Payload } from './binance-message.js';
import { coinMarginedFace } from './coin-margined.js';

/** The messages that become rows. */
export type MessageType = 'trade' | 'aggTrade' | 'diff' | 'ticker' | 'snapshot';

/** Streams of the best 5, 10 or 20 levels. Those of futures call their messages depthUpdate, as diffs do. */
const PARTIAL = /@depth\d/;

/** Type of a message; undefined for all that are no rows: other events, answers to subscriptions. */
export function messageType({ stream, data }: CaptureMessage): MessageType | undefined {
  switch (data.e) {
    case 'trade':
    case 'aggTrade':
      return data.e;
    case 'depthUpdate':
      return PARTIAL.test(stream) ? undefined : 'diff';
    case 'bookTicker':
      return 'ticker';
    case undefined:
      if (has(data, 'lastUpdateId', 'bids', 'asks')) return PARTIAL.test(stream) ? undefined : 'snapshot';
      return has(data, 'u', 's', 'b', 'B', 'a', 'A') ? 'ticker' : undefined;
    default:
      return undefined;
  }
}

/**
 * Market of a message. COIN-M events name their pair (`ps`), or their symbol is of COIN-M's form. Of the others, what
 * only futures have: `pu` of diffs, `e` of book tickers, `X` of trades, and of aggTrades the missing best-match flag `M`.
 */
function marketOf(symbol: string, data: Payload, type: MessageType): BinanceMarket {
  if (data.ps !== undefined || coinMarginedFace(symbol) !== undefined) return 'coinm';
  const futures =
    type === 'trade'
      ? data.X !== undefined
      : type === 'aggTrade'
        ? data.M === undefined
        : type === 'ticker'
          ? data.e !== undefined
          : data.pu !== undefined;
  return futures ? 'usdm' : 'spot';
}

export interface CaptureInstruments {
  /** Instrument of an event, NO_INSTRUMENT if its symbol is none. */
  readonly of: (data: Payload, type: MessageType) => number;
  /**
   * Instrument of a REST snapshot, which names its symbol on COIN-M only: that of the capture's depth stream. Of
   * several, the one that parameter `symbol` names; NO_INSTRUMENT if that leaves none or several.
   */
  readonly ofSnapshot: (data: Payload, survey: CaptureSurvey) => number;
}

export function captureInstruments(context: ImportContext): CaptureInstruments {
  const byMarket = {
    spot: binanceInstruments(context, 'spot'),
    usdm: binanceInstruments(context, 'usdm'),
    coinm: binanceInstruments(context, 'coinm'),
  };
  const of = (data: Payload, type: MessageType): number => {
    const symbol = data.s;
    if (typeof symbol !== 'string') return NO_INSTRUMENT;
    const market = marketOf(symbol, data, type);
    // without a face value its sizes would mean nothing
    if (market === 'coinm' && coinMarginedFace(symbol) === undefined) return NO_INSTRUMENT;
    return byMarket[market](symbol);
  };
  let streams: Map<unknown, number> | undefined;
  return {
    of,
    ofSnapshot: (data, { depth }) => {
      if (!streams) {
        streams = new Map();
        // a second stream of the symbol, of another market: whose snapshot it is cannot be told
        for (const diff of depth.values())
          streams.set(diff.s, streams.has(diff.s) ? NO_INSTRUMENT : of(diff, 'diff'));
      }
      const wanted = data.symbol ?? (streams.size === 1 ? [...streams.keys()][0] : context.params.symbol);
      return streams.get(wanted) ?? NO_INSTRUMENT;
    },
  };
}

const has = (data: Payload, ...names: readonly string[]): boolean =>
  names.every((name) => Object.hasOwn(data, name));
