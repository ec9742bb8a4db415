import type { Importer } from '../core/importer.js';
import { binanceKlines } from './binance-klines.js';

/** Every native format, by name. */
export const importers: ReadonlyMap<string, Importer> = new Map(
  [binanceKlines].map((importer) => [importer.name, importer]),
);
