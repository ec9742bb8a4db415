import type { Frame } from '../columns.js';
import type { Quotes } from '../quotes.js';

/** No quote stands at the trade, or one without a mid. */
export const NO_MID = 2;

const SAFE = 2 ** 53;

/** +1 above the mid of its as-of quote, -1 below, 0 at it, NO_MID without one: by integers, 2 · price against bid + ask. */
export function midSigns(frame: Frame, quotes: Quotes, asOf: Int32Array): Int8Array {
  const tick = frame.columns.tick as Int32Array;
  const out = new Int8Array(frame.rows).fill(NO_MID);
  frame.instruments.forEach((instrument, s) => {
    const { coef, scale } = instrument.tick;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const q = asOf[i]!;
      if (q < 0 || Number.isNaN(quotes.sum[q]!)) continue;
      const k = instrument.base + tick[i]!;
      // both sides in the finer of the two units; a product that stays below 2^53 was exact
      const up = quotes.scale[q]! - scale;
      const price = 2 * k * coef * (up > 0 ? 10 ** up : 1);
      const mid = quotes.sum[q]! * (up < 0 ? 10 ** -up : 1);
      out[i] =
        price < SAFE && mid < SAFE
          ? Math.sign(price - mid)
          : exactSign(2n * BigInt(k) * BigInt(coef), BigInt(quotes.sum[q]!), up);
    }
  });
  return out;
}

function exactSign(price: bigint, mid: bigint, up: number): number {
  const a = price * 10n ** BigInt(Math.max(0, up));
  const b = mid * 10n ** BigInt(Math.max(0, -up));
  return a > b ? 1 : a < b ? -1 : 0;
}
