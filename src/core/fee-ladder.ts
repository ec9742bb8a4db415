import { decimal } from './decimal.js';
import { InputError } from './errors.js';
import type { Param } from './schema.js';

/** Fees from a trailing notional on: `threshold` in quote currency, rates in basis points. */
export interface FeeTier {
  readonly threshold: number;
  readonly maker: number;
  readonly taker: number;
}

const MOST_TIERS = 16;
/** Quote currency of 30 days: above any ladder's, and exact with its four decimals. */
const MOST_THRESHOLD = 1e11;

/** Fee tiers `threshold:maker:taker` in ascending order, the first from 0; at most 4 decimals of a basis point. */
export function feeLadder(options: {
  default: readonly FeeTier[];
  doc: string;
}): Param<string, readonly FeeTier[]> {
  return {
    kind: 'ladder',
    values: 'tiers threshold:maker:taker, rates in bps, such as 0:2:5,1000000:1.6:4',
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const tiers = String(value)
        .split(',')
        .map((text) => tierOf(text, subject));
      if (tiers[0]!.threshold !== 0)
        throw new InputError(subject, tiers[0]!.threshold, 'must begin with a tier from 0');
      for (let i = 1; i < tiers.length; i++)
        if (tiers[i]!.threshold <= tiers[i - 1]!.threshold)
          throw new InputError(subject, tiers[i]!.threshold, 'must rise from tier to tier');
      if (tiers.length > MOST_TIERS)
        throw new InputError(subject, tiers.length, `tiers must be at most ${MOST_TIERS}`);
      return tiers;
    },
    print: (tiers) => tiers.map((t) => `${t.threshold}:${t.maker}:${t.taker}`).join(','),
  };
}

function tierOf(text: string, subject: string): FeeTier {
  const parts = text.split(':');
  if (parts.length !== 3) throw new InputError(subject, text, 'must be threshold:maker:taker');
  const [threshold, maker, taker] = parts.map((part) => {
    const { scale } = decimal(part, subject);
    if (scale > 4) throw new InputError(subject, part, 'must have at most 4 decimals');
    return Number(part);
  }) as [number, number, number];
  if (!(threshold >= 0 && threshold <= MOST_THRESHOLD))
    throw new InputError(subject, threshold, `threshold must be 0 to ${MOST_THRESHOLD}`);
  // rebates are for makers
  if (!(Math.abs(maker) <= 1000)) throw new InputError(subject, maker, 'maker bps must be -1000 to 1000');
  if (!(taker >= 0 && taker <= 1000)) throw new InputError(subject, taker, 'taker bps must be 0 to 1000');
  return { threshold, maker, taker };
}
