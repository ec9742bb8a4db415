import { parseDecimalText } from '../core/decimal.js';

/** 10^0 … 10^22: the powers of ten an f64 holds exactly. */
export const POW10 = Float64Array.of(
  ...[1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11],
  ...[1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22],
);
export const MAX_SCALE = 22;
/** An f64 stands for one decimal of up to 15 significant digits, and no longer one beyond. */
const DIGITS15 = 1e15;

/** unscaled · 10^-scale for values whose integer passes 2^53. */
export interface WideValue {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** unscaled · 10^-scale in whole units of coef · 10^-unitScale; undefined if it is off by 1e-6 units or more. */
export function unitsOf(
  unscaled: bigint,
  scale: number,
  coef: number,
  unitScale: number,
): bigint | undefined {
  const num = unscaled * 10n ** BigInt(unitScale);
  const den = BigInt(coef) * 10n ** BigInt(scale);
  const units = (num * 2n + den) / (den * 2n);
  const off = num - units * den;
  return (off < 0n ? -off : off) * 1_000_000n >= den || units === 0n ? undefined : units;
}

/** The nearest f64 if it stands for the text (15 digits), else the exact value; undefined if it is no decimal. */
export function textValue(text: string | null): number | WideValue | undefined {
  if (text === null) return undefined;
  let digits = 0;
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // leading zeros are no significant digits
    if (c >= 48 && c <= 57) digits += digits > 0 || c > 48 ? 1 : 0;
    else if (c !== 46) plain = false;
  }
  if (plain && digits <= 15 && digits > 0) return Number(text);
  const parsed = parseDecimalText(text);
  if (!parsed) return undefined;
  const n = Number(parsed.unscaled);
  return Math.abs(n) < DIGITS15 && parsed.scale <= MAX_SCALE ? n / POW10[parsed.scale]! : parsed;
}

export function decimalValue(unscaled: bigint, scale: number): number | WideValue {
  const n = Number(unscaled);
  if (n < DIGITS15 && n > -DIGITS15 && scale <= MAX_SCALE) return n / POW10[scale]!;
  let value = unscaled;
  let digits = scale;
  while (digits > 0 && value % 10n === 0n) {
    value /= 10n;
    digits--;
  }
  return { unscaled: value, scale: digits };
}
