import type { Importer } from '../core/importer.js';
import { binanceAggTrades } from './binance-aggtrades.js';
import { binanceBookDepth } from './binance-bookdepth.js';
import { binanceDepth } from './binance-depth.js';
import { binanceFunding } from './binance-funding.js';
import { binanceKlines } from './binance-klines.js';
import { binanceMetrics } from './binance-metrics.js';
import { binanceTrades } from './binance-trades.js';
import { binanceWebsocket } from './binance-websocket.js';
import { bybitOb500 } from './bybit-ob500.js';
import { bybitTrades } from './bybit-trades.js';
import { coinalyzeFunding } from './coinalyze-funding.js';
import { coinalyzeOi } from './coinalyze-oi.js';
import { deribitSummary } from './deribit-summary.js';
import { freqtradeTrades } from './freqtrade-trades.js';
import { krakenTrades } from './kraken-trades.js';
import { lobster } from './lobster.js';
import { socialMentions } from './social-mentions.js';
import { tardisBookSnapshot } from './tardis-book-snapshot.js';
import { tardisDerivativeTicker } from './tardis-derivative-ticker.js';
import { tardisIncrementalBookL2 } from './tardis-incremental-book-l2.js';
import { tardisOptionsChain } from './tardis-options-chain.js';
import { tardisQuotes } from './tardis-quotes.js';
import { tardisTrades } from './tardis-trades.js';
import { uniswapV2 } from './uniswap-v2.js';
import { uniswapV3 } from './uniswap-v3.js';

/** Every native format, by name. */
export const importers: ReadonlyMap<string, Importer> = new Map(
  [
    binanceAggTrades,
    binanceBookDepth,
    binanceDepth,
    binanceFunding,
    binanceKlines,
    binanceMetrics,
    binanceTrades,
    coinalyzeFunding,
    coinalyzeOi,
    deribitSummary,
    socialMentions,
    uniswapV2,
    uniswapV3,
    binanceWebsocket,
    bybitOb500,
    bybitTrades,
    freqtradeTrades,
    krakenTrades,
    lobster,
    tardisBookSnapshot,
    tardisDerivativeTicker,
    tardisIncrementalBookL2,
    tardisOptionsChain,
    tardisQuotes,
    tardisTrades,
  ].map((importer) => [importer.name, importer]),
);
