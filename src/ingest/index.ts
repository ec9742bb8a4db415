import type { Importer } from '../core/importer.js';
import { binanceAggTrades } from './binance-aggtrades.js';
import { binanceBookDepth } from './binance-bookdepth.js';
import { binanceDepth } from './binance-depth.js';
import { binanceFunding } from './binance-funding.js';
import { binanceKlines } from './binance-klines.js';
import { binanceMetrics } from './binance-metrics.js';
import { binanceTrades } from './binance-trades.js';

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
  ].map((importer) => [importer.name, importer]),
);
