import { basename } from 'node:path';
import type { Frame } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { QuoteSource } from '../core/quotes.js';
import { binanceBookTickers } from '../ingest/binance-book-tickers.js';
import { arrowSource } from '../table/arrow-read.js';
import { type BuiltQuotes, buildQuotes } from '../table/build-quotes.js';
import { csvSource } from '../table/csv-read.js';
import { jsonSource } from '../table/json-source.js';
import { parquetSource } from '../table/parquet-source.js';
import { quotesOf } from '../table/quote-source.js';
import { bytesOf } from '../table/read-bytes.js';
import { textLines } from '../table/text-lines.js';
import { detectFormat } from './detect-format.js';
import { bareName, inputPaths } from './input-paths.js';

export interface QuoteOptions {
  /** `time`, `bid`, `ask`, `instrument`, `seq`, `received` → source column, or its 0-based index. */
  readonly map?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface OpenedQuotes extends BuiltQuotes {
  readonly mappings: readonly {
    readonly input: string;
    readonly mapping: Readonly<Record<string, string>>;
  }[];
}

/**
 * Best bids and asks for the instruments of a trades frame, from tables (CSV, Parquet, Arrow, JSON lines) with a time,
 * a bid and an ask price, or the bookTickers of Binance captures. Throws an InputError in one line for whatever cannot
 * be read, and if no good quote remains.
 */
export async function openQuotes(
  paths: readonly string[],
  frame: Frame,
  options: QuoteOptions = {},
): Promise<OpenedQuotes> {
  const sources: QuoteSource[] = [];
  const symbols = frame.instruments.map((instrument) => instrument.symbol);
  for (const path of await inputPaths(paths)) sources.push(await sourceOf(path, symbols, options));
  const built = await buildQuotes(sources, symbols, options.signal);
  return { ...built, mappings: sources.map(({ input, mapping }) => ({ input, mapping })) };
}

async function sourceOf(
  path: string,
  symbols: readonly string[],
  { map }: QuoteOptions,
): Promise<QuoteSource> {
  const input = basename(path);
  const format = await detectFormat(path, input);
  if (format === 'binance-capture')
    return binanceBookTickers(input, () => textLines(bytesOf(path, input), input));
  const read = { arrow: arrowSource, parquet: parquetSource, csv: csvSource, json: jsonSource }[format];
  if (read === undefined) throw new InputError('quotes', input, `is ${format}: must be a table or a capture`);
  // an empty map: without one, columns that have no names would be taken for those of trades
  return quotesOf(await read(path, input, map ?? {}), {
    input,
    // a file without an instrument column is of the one instrument there is, else of the one it is named for
    defaultInstrument: symbols.length === 1 ? symbols[0]! : bareName(input),
  });
}
