import { type Decimal, decimalText, parseDecimalText } from './decimal.js';

/** Plain decimals of up to 15 digits, whose unscaled integer an f64 holds. */
const SMALL = /^\d{1,15}$|^(?=.{1,16}$)\d+\.\d+$/;

/**
 * a − b of two decimal texts, exactly, as plain text without trailing zeros (`10.50` − `4.5` is `6`); undefined if one
 * of them is no decimal number.
 */
export function subtractText(a: string, b: string): string | undefined {
  const x = smallOf(a);
  const y = smallOf(b);
  if (x && y) {
    const scale = Math.max(x.scale, y.scale);
    const left = x.coef * 10 ** (scale - x.scale);
    const right = y.coef * 10 ** (scale - y.scale);
    // beyond 2^53 a product may have been rounded
    if (left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER)
      return trimmed(decimalText({ coef: left - right, scale }));
  }
  const p = parseDecimalText(a);
  const q = parseDecimalText(b);
  if (!p || !q) return undefined;
  const scale = Math.max(p.scale, q.scale);
  return plain(
    p.unscaled * 10n ** BigInt(scale - p.scale) - q.unscaled * 10n ** BigInt(scale - q.scale),
    scale,
  );
}

/** text · factor of a decimal text and a whole number, exactly, as plain text; undefined if it is no decimal number. */
export function multiplyText(text: string, factor: number): string | undefined {
  const parsed = parseDecimalText(text);
  return parsed && plain(parsed.unscaled * BigInt(factor), parsed.scale);
}

function smallOf(text: string): Decimal | undefined {
  if (!SMALL.test(text)) return undefined;
  const point = text.indexOf('.');
  if (point === -1) return { coef: Number(text), scale: 0 };
  return { coef: Number(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

function plain(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return trimmed(negative ? `-${text}` : text);
}

const trimmed = (text: string): string =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
