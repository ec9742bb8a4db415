import { type Decimal, decimal, decimalText } from '../core/decimal.js';
import type { InstrumentInfo } from '../core/importer.js';
import type { Units } from './block.js';

/** An instrument of a partition as its file's metadata has it: units of its integers, declared facts. */
export interface PartitionInstrument {
  readonly symbol: string;
  readonly venue: string;
  /** Units of the stored integers, decimal text: the declared tick and lot, or a decimal storage scale. */
  readonly price_unit: string;
  readonly size_unit: string;
  /** Declared by the user or the source. */
  readonly tick?: string;
  readonly lot?: string;
  readonly contract?: 'linear' | 'inverse' | 'option';
  readonly multiplier?: string;
  /** µs. */
  readonly expiry?: number;
  readonly strike?: number;
  readonly cp?: 'C' | 'P';
  readonly listed?: number;
  readonly delisted?: number;
}

/** What an instrument is called wherever one name must do: `binance-usdm:ETHUSDT`, or the symbol alone. */
export const instrumentName = (of: { readonly venue: string; readonly symbol: string }): string =>
  of.venue === '' ? of.symbol : `${of.venue}:${of.symbol}`;

/** Tells instruments apart where their names could be equal: venue `` symbol `a:b`, venue `a` symbol `b`. */
export const instrumentKey = (of: { readonly venue: string; readonly symbol: string }): string =>
  `${instrumentName(of)}\0${of.venue}`;

/** Facts of an instrument as they are stored. */
export function factsOf(info: InstrumentInfo, units: Units): PartitionInstrument {
  const { option } = info;
  const text = (value: Decimal | undefined): string | undefined => value && decimalText(value);
  const facts: Record<string, unknown> = {
    symbol: info.symbol,
    venue: info.venue,
    price_unit: decimalText(units.price),
    size_unit: decimalText(units.size),
    tick: text(info.tick),
    lot: text(info.lot),
    contract: option ? 'option' : info.contract,
    multiplier: text(info.multiplier),
    expiry: option?.expiry ?? info.expiry,
    strike: option?.strike,
    cp: option?.cp,
    listed: info.listed,
    delisted: info.delisted,
  };
  // undefined members would vanish in JSON anyway: leaving them out keeps both forms equal
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as unknown as PartitionInstrument;
}

export const unitsOf = (facts: PartitionInstrument): Units => ({
  price: decimal(facts.price_unit, `${instrumentName(facts)} price unit`),
  size: decimal(facts.size_unit, `${instrumentName(facts)} size unit`),
});

/** Later facts fill in and go before earlier ones. */
export const mergedInfo = (before: InstrumentInfo | undefined, now: InstrumentInfo): InstrumentInfo => ({
  ...before,
  ...Object.fromEntries(Object.entries(now).filter(([, value]) => value !== undefined)),
  symbol: now.symbol,
  venue: now.venue,
});

/** The declared facts again. */
export function infoOf(facts: PartitionInstrument): InstrumentInfo {
  const { symbol, venue, contract, expiry, strike, cp, listed, delisted } = facts;
  return {
    symbol,
    venue,
    ...(facts.tick ? { tick: decimal(facts.tick) } : {}),
    ...(facts.lot ? { lot: decimal(facts.lot) } : {}),
    ...(contract === 'linear' || contract === 'inverse' ? { contract } : {}),
    ...(facts.multiplier ? { multiplier: decimal(facts.multiplier) } : {}),
    ...(contract === 'option' && expiry !== undefined && strike !== undefined && cp
      ? { option: { expiry, strike, cp } }
      : expiry !== undefined
        ? { expiry }
        : {}),
    ...(listed === undefined ? {} : { listed }),
    ...(delisted === undefined ? {} : { delisted }),
  };
}
