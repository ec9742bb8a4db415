import type { ImportContext, SourceFile } from '../core/importer.js';
import { param } from '../core/schema.js';

/** Parameters of every importer of Binance's archive files. */
export const binanceMarket = {
  market: param.choice({
    values: ['spot', 'usdm', 'coinm'],
    default: 'spot',
    doc: 'market the files are of; archive files do not say',
  }),
  symbol: param.text({
    pattern: /^\S{1,64}$/,
    values: 'a symbol',
    doc: 'instrument, where the file name does not begin with it',
  }),
};

/** Venue and contract of the market chosen. */
export function marketOf(context: ImportContext): { venue: string; contract: 'linear' | 'inverse' } {
  const market = String(context.params.market);
  return { venue: `binance-${market}`, contract: market === 'coinm' ? 'inverse' : 'linear' };
}

/** The symbol declared, or what the file's name begins with: `ETHUSDT-1d-2024-01.csv`, `ETHUSDT.csv`. */
export const symbolOf = (file: SourceFile, context: ImportContext): string =>
  (context.params.symbol as string | undefined) ?? file.name.replace(/[-.].*$/s, '');
