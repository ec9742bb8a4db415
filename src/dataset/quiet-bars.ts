import type { RawRows } from '../core/importer.js';
import type { RawNumbers } from '../core/raw.js';
import { isNull, isZero } from './raw-cells.js';

const PRICES = ['open', 'high', 'low', 'close'];
const COUNTED = ['buy_volume', 'sell_volume', 'trades'];

/**
 * 1 for each bar in which nothing was traded and which says so: volume 0, sides and trades 0 or null, every price null. It
 * was observed, unlike a bar that is not there. Undefined for rows of another kind.
 */
export function quietBars({ kind, rows, columns }: RawRows): Uint8Array | undefined {
  const { volume } = columns;
  if (kind !== 'bars' || volume === undefined) return undefined;
  const out = new Uint8Array(rows);
  const prices = PRICES.flatMap((name) => columns[name] ?? []);
  const counted = COUNTED.flatMap((name) => columns[name] ?? []);
  for (let i = 0; i < rows; i++) {
    if (isNull(volume, i) || !isZero(volume as RawNumbers, i)) continue;
    out[i] = 1;
    for (const column of prices) if (!isNull(column, i)) out[i] = 0;
    for (const column of counted) if (!isNull(column, i) && !isZero(column as RawNumbers, i)) out[i] = 0;
  }
  return out;
}
