import type { InstrumentInfo } from '../core/importer.js';
import { param } from '../core/schema.js';

/** Inverse contracts end in USD, or in USD and the month code and year of their delivery: BTCUSD, BTCUSDH24. */
const INVERSE = /USD([FGHJKMNQUVXZ]\d{2})?$/;

export const bybitMarket = {
  market: param.choice({
    values: ['auto', 'spot', 'linear', 'inverse'],
    default: 'auto',
    doc: 'market the files are of; auto: spot by the columns of the spot archive, inverse by the symbol, else linear',
  }),
};

/** Instrument of a symbol; `market` as declared, or as the columns tell. Inverse contracts are of 1 USD. */
export function bybitInstrument(market: string, symbol: string): InstrumentInfo {
  const kind = market !== 'auto' ? market : INVERSE.test(symbol) ? 'inverse' : 'linear';
  return {
    venue: `bybit-${kind}`,
    symbol,
    ...(kind === 'inverse'
      ? { contract: 'inverse' as const, multiplier: { coef: 1, scale: 0 } }
      : { contract: 'linear' as const }),
  };
}
