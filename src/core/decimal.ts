import { InputError } from './errors.js';

/** The decimal rational `coef · 10^-scale`: ticks, lots, multipliers and row heights are exact. */
export interface Decimal {
  /** A safe integer. */
  readonly coef: number;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

const PATTERN = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/** Unscaled integer and scale of a decimal text, trailing zeros removed; undefined if it is no decimal. */
export function parseDecimalText(text: string): { unscaled: bigint; scale: number } | undefined {
  // before the match: of blanks alone it takes the square of the length
  if (text.length > 400) return undefined;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  if (whole.length + fraction.length === 0) return undefined;
  let unscaled = BigInt(whole + fraction);
  let scale = fraction.length - Number(match[4] ?? 0);
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  if (scale < 0) {
    unscaled *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { unscaled: match[1] === '-' ? -unscaled : unscaled, scale };
}

/** The decimal a number or text stands for: a number stands for its shortest decimal form. */
export function decimal(value: number | string, subject = 'decimal'): Decimal {
  const parsed = parseDecimalText(String(value));
  if (!parsed) throw new InputError(subject, value, 'must be a decimal number');
  const coef = Number(parsed.unscaled);
  if (!Number.isSafeInteger(coef) || parsed.scale > 22)
    throw new InputError(
      subject,
      value,
      'must stay below 2^53 without its point, and have at most 22 decimals',
    );
  return { coef, scale: parsed.scale };
}

/** The nearest f64: one correctly rounded division, as 10^scale is exact up to scale 22. */
export const decimalToNumber = (d: Decimal): number => d.coef / 10 ** d.scale;

/** Plain text without exponent. */
export function decimalText(d: Decimal): string {
  const digits = String(Math.abs(d.coef)).padStart(d.scale + 1, '0');
  const sign = d.coef < 0 ? '-' : '';
  return d.scale === 0 ? sign + digits : `${sign}${digits.slice(0, -d.scale)}.${digits.slice(-d.scale)}`;
}

export function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
