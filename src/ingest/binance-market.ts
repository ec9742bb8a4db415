import { InputError } from '../core/errors.js';
import { type ImportContext, type InstrumentInfo, NO_INSTRUMENT, type SourceFile } from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { param } from '../core/schema.js';
import { coinMarginedFace } from './coin-margined.js';

export type BinanceMarket = 'spot' | 'usdm' | 'coinm';

/** Upper-case letters (of any script) and digits, one letter at least; futures may end in PERP or their expiry. */
const SYMBOL = /^(?=.{1,64}$)(?=\d*\p{L})[\p{Lu}\p{Lo}\d]+(?:_(?:PERP|\d{6}))?$/u;

const symbol = param.text({
  pattern: SYMBOL,
  values: 'a symbol such as ETHUSDT',
  doc: 'instrument, where neither the rows nor the file name tell it',
});

/** Parameters of importers of files that all markets have. */
export const binanceMarket = {
  market: param.choice({
    values: ['auto', 'spot', 'usdm', 'coinm'],
    default: 'auto',
    doc: 'market the files are of; auto: by the symbol and the columns, else spot',
  }),
  symbol,
};

/** Parameters of importers of files that only futures have. */
export const binanceFutures = {
  market: param.choice({
    values: ['auto', 'usdm', 'coinm'],
    default: 'auto',
    doc: 'market the files are of; auto: by the symbol, BTCUSD_PERP is coinm, BTCUSDT usdm',
  }),
  symbol,
};

/** The symbol declared, or what the file's name begins with: `ETHUSDT-1d-2024-01.csv`, `BTCUSD_PERP-trades-….csv`. */
export function symbolOf(file: SourceFile, context: ImportContext): string {
  const declared = context.params.symbol;
  if (typeof declared === 'string') return declared;
  const named = file.name.replace(/[-.].*$/s, '');
  if (!SYMBOL.test(named))
    throw new InputError(
      'file name',
      file.name,
      'must begin with the symbol, as ETHUSDT-trades-2024-01-05.csv does; else give the symbol',
    );
  return named;
}

/**
 * Venue and contract of a symbol. Market `auto` is COIN-M for symbols named so, USD-M for other dated ones
 * (`BTCUSDT_240927`), else `otherwise`. COIN-M contracts are inverse, with their face value as multiplier; dated futures
 * expire at 08:00 UTC.
 */
export function binanceInstrument(
  symbol: string,
  context: ImportContext,
  otherwise: BinanceMarket,
): InstrumentInfo {
  const face = coinMarginedFace(symbol);
  const dated = /_(\d\d)(\d\d)(\d\d)$/.exec(symbol);
  const { market } = context.params;
  const chosen = market !== 'auto' ? market : face !== undefined ? 'coinm' : dated ? 'usdm' : otherwise;
  if (chosen === 'coinm' && face === undefined)
    throw new InputError('coinm symbol', symbol, 'must be named as BTCUSD_PERP or ETHUSD_240927 are');
  const expiry = dated ? microsOfIso(`20${dated[1]}-${dated[2]}-${dated[3]} 08:00:00`) : Number.NaN;
  return {
    symbol,
    venue: `binance-${chosen}`,
    ...(chosen === 'coinm' && face !== undefined
      ? { contract: 'inverse', multiplier: { coef: face, scale: 0 } }
      : { contract: 'linear' }),
    ...(Number.isNaN(expiry) ? {} : { expiry }),
  };
}

/**
 * Instruments of a file that names them in its rows; each name is looked up once. NO_INSTRUMENT for a text that is no
 * symbol: columns swapped or shifted would declare an instrument a row.
 */
export function binanceInstruments(
  context: ImportContext,
  otherwise: BinanceMarket,
): (symbol: string) => number {
  const ids = new Map<string, number>();
  return (symbol) => {
    let id = ids.get(symbol);
    if (id === undefined) {
      if (!SYMBOL.test(symbol)) return NO_INSTRUMENT;
      id = context.instrument(binanceInstrument(symbol, context, otherwise));
      ids.set(symbol, id);
    }
    return id;
  };
}
