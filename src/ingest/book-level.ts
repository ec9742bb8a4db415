import type { LedgerReason } from '../core/raw.js';
import { numberOf } from '../core/stamps.js';

/**
 * Why price and size are no level of a book: a price must be above 0, a size at least 0 (0 deletes). Deltas are checked
 * here because their kind lets both be null, and because a rejected row cannot carry the reset of a snapshot.
 */
export function levelFault(price: string, size: string): LedgerReason | undefined {
  if (!(numberOf(price) > 0)) return 'bad_price';
  if (!(numberOf(size) >= 0)) return 'bad_size';
  return undefined;
}
