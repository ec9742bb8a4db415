import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { param } from '../core/schema.js';
import { setTime, setTradeId, setTradeSide } from './cells.js';
import { flatJsonArray } from './flat-json-array.js';
import { jsonElements } from './json-elements.js';
import { RowBatch } from './row-batch.js';

/** timestamp ms, id, type, side, price, amount, cost. */
const FIELDS = 7;

/**
 * Trades as freqtrade stores them in JSON: one array of arrays. `side` is the taker's. The file does not say which
 * exchange it is from: the venue is empty unless given.
 */
export const freqtradeTrades: Importer = {
  name: 'freqtrade-trades',
  summary: 'freqtrade trades, json, json.gz, feather or parquet',
  source: 'https://www.freqtrade.io/en/stable/data-download/',
  fixture: 'real',
  kinds: ['trades'],
  params: {
    venue: param.text({
      pattern: /^[a-z0-9][a-z0-9_-]{0,63}$/,
      values: 'a lower-case name such as binance-spot',
      doc: 'venue of the trades; the files do not name it',
    }),
    symbol: param.text({
      pattern: /^\S{1,64}$/,
      values: 'a symbol',
      doc: 'instrument, where the file name does not begin with the pair',
    }),
  },
  files: /-trades\.(json(\.gz)?|feather|parquet)$/i,
  table: (name, params) => {
    const extension = /\.(feather|parquet)$/i.exec(name)?.[1]?.toLowerCase();
    if (extension === undefined) return undefined;
    const format = extension === 'parquet' ? 'parquet' : 'arrow';
    return { format, ...identity(name, params) };
  },
  read: readTrades,
};

async function* readTrades(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const batch = new RowBatch('trades', {
    ...{ ts: 'f64', seq: 'f64', trade_id: 'text', price: 'text', size: 'text', side: 'codes' },
  });
  const instrument = context.instrument(identity(file.name, context.params));
  for await (const { first, elements } of jsonElements(file))
    for (let j = 0; j < elements.length; j++) {
      addTrade(batch, instrument, first + j, elements[j]!);
      if (batch.full) yield batch.take();
    }
  if (batch.rows > 0) yield batch.take();
}

/** Venue and pair: given, or told by the file's name. */
function identity(
  name: string,
  params: Readonly<Record<string, unknown>>,
): { venue: string; symbol: string } {
  const { venue, symbol } = params as { venue?: string; symbol?: string };
  return { venue: venue ?? '', symbol: symbol ?? pairOf(name) };
}

function addTrade(batch: RowBatch, instrument: number, record: number, element: string): void {
  const fields = flatJsonArray(element);
  if (fields?.length !== FIELDS) {
    batch.reject(batch.add(NO_INSTRUMENT, record, element), 'bad_row');
    return;
  }
  const i = batch.add(instrument, record, element);
  setTime(batch, i, fields[0] ?? '');
  setTradeId(batch, i, fields[1]!);
  setTradeSide(batch, i, fields[3]!);
  batch.text.price![i] = fields[4]!;
  batch.text.size![i] = fields[5]!;
}

/** `XRP_ETH-trades.json` → `XRP/ETH`, `ADA_USDT_USDT-trades.json` → `ADA/USDT:USDT`, as freqtrade rebuilds pairs. */
const pairOf = (name: string): string =>
  name
    .replace(/(-trades)?\.(json|feather|parquet)$/i, '')
    .replace('_', '/')
    .replace('_', ':');
