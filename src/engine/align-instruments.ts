import type { Column, Frame, Instrument, Physical } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { isExact } from '../core/exact.js';
import { noStats } from './panel.js';

/** What must be equal: the whole name `venue:symbol`, the symbol, or the currency that is traded. */
export type InstrumentMatch = 'name' | 'symbol' | 'base';

/** Quote currencies and marks of a perpetual that may end a symbol, longest first. */
const QUOTES = /[-_/]?(USDT|USDC|BUSD|TUSD|FDUSD|USD)$/;
const MARKS = /([-_.](PERPETUAL|PERP|SWAP|FUTURES|P|[A-Z0-9]))+$/;

/** `binance-spot:ETHUSDT`, `coinalyze:ETHUSDT_PERP.A` and `ETH` are all of ETH. */
export function baseOf(name: string): string {
  const symbol = symbolOf(name).toUpperCase();
  const bare = symbol.replace(MARKS, '').replace(QUOTES, '');
  return bare === '' ? symbol : bare;
}

const symbolOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

const KEYS: Readonly<Record<InstrumentMatch, (name: string) => string>> = {
  name: (name) => name,
  symbol: symbolOf,
  base: baseOf,
};

/**
 * For each instrument its counterpart among the others, -1 where it has none. Errors: InputError where several others
 * would do.
 */
export function alignInstruments(
  names: readonly string[],
  others: readonly string[],
  match: InstrumentMatch,
): Int32Array {
  const key = KEYS[match];
  const places = new Map<string, number[]>();
  others.forEach((other, at) => {
    places.set(key(other), [...(places.get(key(other)) ?? []), at]);
  });
  return Int32Array.from(names, (name) => {
    const found = places.get(key(name)) ?? [];
    if (found.length > 1)
      throw new InputError(
        `${name} by ${match}`,
        found.map((at) => others[at]).join(', '),
        'must be one instrument: leave the others out by --instruments',
      );
    return found[0] ?? -1;
  });
}

/** A frame with these instruments: rows of `index[i]` for instrument i, none where that is -1. */
export function alignFrame(frame: Frame, instruments: readonly Instrument[], index: Int32Array): Frame {
  const same = index.length === frame.instruments.length && index.every((at, s) => at === s);
  const own = (s: number): Instrument => ({ ...instruments[s]!, ...unitsOf(frame, index[s]!) });
  if (same) return { ...frame, instruments: instruments.map((_, s) => own(s)) };
  const offsets = new Uint32Array(index.length + 1);
  index.forEach((at, s) => {
    offsets[s + 1] = offsets[s]! + (at < 0 ? 0 : frame.offsets[at + 1]! - frame.offsets[at]!);
  });
  const rows = offsets[index.length]!;
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(frame.columns)) {
    if (isExact(column))
      throw new TypeError(`column ${name} of ${frame.kind} is exact and cannot be aligned`);
    const stride = frame.strides?.[name] ?? 1;
    const out = new (column.constructor as new (n: number) => Physical)(rows * stride);
    index.forEach((at, s) => {
      if (at < 0) return;
      const from = frame.offsets[at]! * stride;
      out.set(column.subarray(from, frame.offsets[at + 1]! * stride), offsets[s]! * stride);
    });
    columns[name] = out;
  }
  return {
    ...frame,
    ...{ instruments: instruments.map((_, s) => own(s)), offsets, rows, columns },
    stats: noStats(instruments.length),
  };
}

/** Units of the counterpart: its integers count in them. */
function unitsOf({ instruments }: Frame, at: number): Partial<Instrument> {
  const found = instruments[at];
  if (found === undefined) return {};
  const { tick, lot, tickDeclared, contract, multiplier, base } = found;
  return { tick, lot, tickDeclared, contract, multiplier, base };
}
