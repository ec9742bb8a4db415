import { numberOf } from '../core/stamps.js';

const PARTS = /^([+-]?[\d.]+)(?:e([+-]?\d{1,3}))?$/i;

/**
 * The fraction a percentage stands for: `0.01` (per cent) is 0.0001. The decimal point moves in the text and the result
 * is rounded once; dividing the number by 100 would round twice. NaN for what is no number.
 */
export function fractionOfPercent(text: string | undefined): number {
  const parts = text === undefined ? null : PARTS.exec(text);
  return parts ? numberOf(`${parts[1]}e${Number(parts[2] ?? 0) - 2}`) : Number.NaN;
}
