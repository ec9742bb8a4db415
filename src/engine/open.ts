import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Frame } from '../core/columns.js';
import { type Decimal, decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { Ledger, RawSource } from '../core/raw.js';
import { expandPaths } from '../dataset/expand-paths.js';
import { isDataset } from '../dataset/select.js';
import { binanceCapture } from '../ingest/binance-capture.js';
import { arrowTrades } from '../table/arrow-read.js';
import { type BuildOptions, buildTrades } from '../table/build-trades.js';
import { csvTrades } from '../table/csv-read.js';
import { jsonTrades, parquetTrades } from '../table/duckdb-read.js';
import { bytesOf } from '../table/read-bytes.js';
import type { ReadOptions } from '../table/table-source.js';
import { textLines } from '../table/text-lines.js';
import { PER_SECOND } from '../table/time-unit.js';
import { detectFormat, FORMATS, type InputFormat } from './detect-format.js';
import { inferSides, type SideOptions } from './infer-sides.js';
import { inputHash } from './input-hash.js';
import { bareName, inputNames, inputPaths } from './input-paths.js';
import { datasetTrades } from './open-dataset.js';
import type { OpenedQuotes } from './open-quotes.js';
import { scalesFile } from './scales-file.js';

/** What the files do not say themselves, and what to keep of them. */
export interface OpenOptions {
  /**
   * Canonical column (time, price, size, side, instrument, id, received) → source column, or its 0-based index;
   * `maker` instead of `side` where the column says that the buyer is the maker, or names the maker's side.
   */
  readonly map?: Readonly<Record<string, string>>;
  /** Format, where it should not be told from the content. */
  readonly from?: string;
  /** Unit of numeric stamps; told by magnitude otherwise. */
  readonly timeUnit?: 's' | 'ms' | 'us' | 'ns';
  /** Name of the instrument where no column tells; else the file's name. */
  readonly instrument?: string;
  /** Declared for every instrument, as decimal text. */
  readonly tick?: string;
  readonly lot?: string;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: string;
  /** CSV or JSON file of instrument, tick, lot, contract, multiplier. */
  readonly scales?: string;
  /** Keep only these. */
  readonly instruments?: readonly string[];
  /** µs, half-open: fromTime ≤ ts < until. */
  readonly fromTime?: number;
  readonly until?: number;
  /** How sides that the trades do not tell are inferred; by default they stay unknown. */
  readonly sides?: SideOptions;
  readonly progress?: (p: { stage: string; rows: number; total?: number }) => void;
  readonly signal?: AbortSignal;
}

/** Trades ready to run, and everything that was not taken. */
export interface Opened {
  readonly frame: Frame;
  readonly ledger: Ledger;
  /** SHA-256 of the canonical content. */
  readonly inputHash: string;
  /** Which source column was taken for what, by input. */
  readonly mappings: readonly {
    readonly input: string;
    readonly mapping: Readonly<Record<string, string>>;
  }[];
  /** The quotes behind inferred sides. */
  readonly quotes?: OpenedQuotes;
}

/**
 * Files, folders and datasets of trades → one frame, its ledger and its hash. Arrow, Feather, Parquet, CSV, JSON and
 * raw Binance captures are told apart by content, a dataset by its manifest. Throws an InputError in one line for whatever cannot be read, and
 * if no good row remains.
 */
export async function openTrades(paths: readonly string[], options: OpenOptions = {}): Promise<Opened> {
  const build = await buildOptions(options);
  const sources: RawSource[] = [];
  const { files, datasets } = await inputsOf(paths, options);
  const names = inputNames(files);
  for (const [i, path] of files.entries()) {
    sources.push(await sourceOf(path, names[i]!, options));
    options.signal?.throwIfAborted();
  }
  for (const folder of datasets) {
    sources.push(...(await datasetTrades(folder, build)));
    options.signal?.throwIfAborted();
  }
  const built = await buildTrades(sources, build);
  const { frame, quotes } = await inferSides(built.frame, options.sides, options.signal);
  const mappings = sources.map(({ input, mapping }) => ({ input, mapping }));
  const { ledger } = built;
  return { frame, ledger, inputHash: inputHash(frame), mappings, ...(quotes ? { quotes } : {}) };
}

/** Datasets, and the files of all other inputs. */
async function inputsOf(
  paths: readonly string[],
  options: OpenOptions,
): Promise<{ files: readonly string[]; datasets: readonly string[] }> {
  const found = new Map<string, string>();
  const others: string[] = [];
  for (const path of await expandPaths(paths))
    if (await isDataset(path)) found.set(await realpath(path), path);
    else others.push(path);
  const datasets = [...found.values()];
  if (datasets.length === 0 || others.length > 0) return { files: await inputPaths(others), datasets };
  for (const name of ['from', 'map', 'timeUnit', 'instrument'] as const)
    if (options[name] !== undefined)
      throw new InputError('option', name, 'is of no use: a dataset says what its columns are');
  return { files: [], datasets };
}

async function sourceOf(path: string, input: string, options: OpenOptions): Promise<RawSource> {
  const format = (options.from as InputFormat | undefined) ?? (await detectFormat(path, input));
  const read: ReadOptions = {
    input,
    defaultInstrument: options.instrument ?? bareName(basename(path)),
    ...(options.map ? { map: options.map } : {}),
    ...(options.timeUnit ? { timeUnit: options.timeUnit } : {}),
  };
  switch (format) {
    case 'arrow':
      return arrowTrades(path, read);
    case 'parquet':
      return parquetTrades(path, read);
    case 'csv':
      return csvTrades(path, read);
    case 'json':
      return jsonTrades(path, read);
    case 'binance-capture':
      return binanceCapture(input, () => textLines(bytesOf(path, input), input));
    default:
      format satisfies never;
      throw new InputError('input format', format, `must be one of ${FORMATS.join(', ')}`);
  }
}

async function buildOptions(options: OpenOptions): Promise<BuildOptions> {
  if (options.timeUnit !== undefined && !Object.hasOwn(PER_SECOND, options.timeUnit))
    throw new InputError(
      'time unit',
      options.timeUnit,
      `must be one of ${Object.keys(PER_SECOND).join(', ')}`,
    );
  if (options.contract !== undefined && options.contract !== 'linear' && options.contract !== 'inverse')
    throw new InputError('contract', options.contract, 'must be linear or inverse');
  const { fromTime = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = options;
  if (!(fromTime < until)) throw new InputError('from-time', fromTime, `must be before until ${until}`);
  const positive = (text: string, subject: string): Decimal => {
    const value = decimal(text, subject);
    if (value.coef <= 0) throw new InputError(subject, text, 'must be above 0');
    return value;
  };
  return {
    fromTime,
    until,
    ...(options.tick === undefined ? {} : { tick: positive(options.tick, 'tick') }),
    ...(options.lot === undefined ? {} : { lot: positive(options.lot, 'lot') }),
    ...(options.multiplier === undefined ? {} : { multiplier: positive(options.multiplier, 'multiplier') }),
    ...(options.contract ? { contract: options.contract } : {}),
    ...(options.scales ? { scales: await scalesFile(options.scales) } : {}),
    ...(options.instruments?.length ? { instruments: options.instruments } : {}),
    ...(options.progress ? { progress: options.progress } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}
