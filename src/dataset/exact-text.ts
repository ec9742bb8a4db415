import { parseDecimalText } from '../core/decimal.js';

/** Decimals of a money cell, and its largest unscaled integer: Decimal128(38, 18). */
export const MONEY_SCALE = 18;
const MONEY_MAX = 10n ** 38n - 1n;
/** int256 has 77 digits; longer texts are no such number. */
const LONGEST_INTEGER = 78;

const INTEGER = /^([+-]?)0*(\d+)$/;

/** A whole number without leading zeros or plus; undefined if the text is none, or longer than 256 bits need. */
export function canonicalInteger(text: string): string | undefined {
  if (text.length > 400) return undefined;
  const match = INTEGER.exec(text);
  if (!match || match[2]!.length > LONGEST_INTEGER) return undefined;
  return match[1] === '-' && match[2] !== '0' ? `-${match[2]}` : match[2];
}

/** The unscaled integer of a money text as decimal text; undefined if it has more than 18 decimals or 38 digits. */
export function canonicalMoney(text: string): string | undefined {
  const parsed = parseDecimalText(text);
  if (!parsed || parsed.scale > MONEY_SCALE) return undefined;
  const unscaled = parsed.unscaled * 10n ** BigInt(MONEY_SCALE - parsed.scale);
  return unscaled > MONEY_MAX || unscaled < -MONEY_MAX ? undefined : String(unscaled);
}
