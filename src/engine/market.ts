import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import { generateMarket, type Market, type MarketOptions } from '../ingest/generate.js';
import { writeArrow } from '../table/arrow-write.js';
import { atomically, writeError } from '../table/atomic.js';
import { makeFolder } from '../table/make-folder.js';
import {
  int64Words,
  type PresentedColumn,
  type PresentedData,
  type PresentedTable,
} from '../table/presented.js';

const COLUMNS: Readonly<Record<string, readonly [unit: string, doc: string]>> = {
  symbol: ['symbol', 'instrument'],
  time: ['µs UTC', 'when the trade happened'],
  price: ['quote', 'price'],
  size: ['base', 'size'],
  side: ['side', 'aggressor side'],
  id: ['count', 'trade id, counting up by instrument'],
};

/** A synthetic market as a trades table; schema metadata declares its instruments and that it is synthetic. */
export function marketTable(market: Market): PresentedTable {
  const symbols = market.instruments.map((instrument) => instrument.symbol);
  const data: Readonly<Record<string, PresentedData>> = {
    symbol: { type: 'symbol', codes: market.symbol, values: symbols },
    time: { type: 'timestamp', words: int64Words(market.time) },
    price: { type: 'f64', values: market.price },
    size: { type: 'f64', values: market.size },
    side: { type: 'symbol', codes: market.side, values: ['buy', 'sell'] },
    id: { type: 'u32', values: market.id },
  };
  const columns = Object.entries(data).map(([name, values]): PresentedColumn => {
    const [unit, doc] = COLUMNS[name]!;
    return { name, data: values, nulls: 0, metadata: { unit, doc: `synthetic: ${doc}` } };
  });
  const declared = Object.fromEntries(
    market.instruments.map(({ symbol, tick, lot, contract, multiplier }) => [
      symbol,
      { tick, lot, contract, multiplier },
    ]),
  );
  const metadata = { 'steelyard.synthetic': 'true', 'steelyard.instruments': JSON.stringify(declared) };
  return { rows: market.rows, columns, metadata };
}

/** Generates a synthetic market and writes `trades.arrow` into a folder; returns the file's path and the market. */
export async function writeMarket(
  folder: string,
  options: MarketOptions = {},
): Promise<{ path: string; market: Market }> {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new InputError('output', folder, 'must be a folder');
  const market = generateMarket(options);
  try {
    await makeFolder(folder);
  } catch (error) {
    throw writeError(folder, error);
  }
  const path = join(folder, 'trades.arrow');
  await atomically(path, (temporary) => writeArrow(marketTable(market), temporary));
  return { path, market };
}
