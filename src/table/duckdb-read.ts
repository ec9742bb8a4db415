import type { RawSource } from '../core/raw.js';
import { jsonSource } from './json-source.js';
import { parquetSource } from './parquet-source.js';
import { type ReadOptions, tradesOf } from './table-source.js';

/** Trades in a Parquet file: see `parquetSource`. Missing columns are InputErrors. */
export const parquetTrades = async (path: string, options: ReadOptions): Promise<RawSource> =>
  tradesOf(await parquetSource(path, options.input, options.map), options);

/** Trades in a JSON file: see `jsonSource`. Missing columns are InputErrors. */
export const jsonTrades = async (path: string, options: ReadOptions): Promise<RawSource> =>
  tradesOf(await jsonSource(path, options.input, options.map), options);
