import type { Decimal } from '../core/decimal.js';
import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { POW10 } from '../table/number-encoder.js';
import { type Block, type BlockColumn, isScaled, type Units } from './block.js';
import { pick } from './merge-blocks.js';
import { rejectMessages } from './reject-messages.js';

/** The same unit: same coefficient and scale. */
export const sameUnit = (a: Decimal, b: Decimal): boolean => a.coef === b.coef && a.scale === b.scale;

/**
 * The block in other units. Rows with a value that is no whole number of the new unit are left out and told to
 * `off`, and the other levels of their message: that can only happen where the new unit is a declared one.
 */
export function inUnits(
  kind: KindName,
  block: Block,
  from: Units,
  to: Units,
  off: (row: number, reason: LedgerReason) => void,
): Block {
  if (sameUnit(from.price, to.price) && sameUnit(from.size, to.size)) return block;
  const columns = new Map<string, BlockColumn>();
  let bad: Uint8Array | undefined;
  for (const [name, column] of block.columns) {
    const what = isScaled(kind, name);
    const [a, b] = what === 'price' ? [from.price, to.price] : [from.size, to.size];
    if (what === undefined || sameUnit(a, b)) columns.set(name, column);
    else
      columns.set(
        name,
        converted(column as Float64Array | (bigint | null)[], a, b, (row) => {
          bad ??= new Uint8Array(block.rows);
          if (bad[row] === 0) off(row, what === 'price' ? 'off_tick' : 'off_lot');
          bad[row] = 1;
        }),
      );
  }
  const out: Block = { ...block, columns };
  if (bad === undefined) return out;
  if (kind === 'book_delta' && block.record) {
    const told = bad.slice();
    const { record } = block;
    rejectMessages(bad, block.rows, (a, b) => record[a] === record[b]);
    bad.forEach((code, row) => {
      if (code !== 0 && told[row] === 0) off(row, 'bad_message');
    });
  }
  const good = Uint32Array.from({ length: block.rows }, (_, i) => i).filter((row) => bad![row] === 0);
  return pick(out, good);
}

const SAFE = 2 ** 53;

function converted(
  column: Float64Array | (bigint | null)[],
  from: Decimal,
  to: Decimal,
  off: (row: number) => void,
): Float64Array | (bigint | null)[] {
  if (column instanceof Float64Array && from.coef === to.coef && from.scale <= to.scale) {
    const factor = POW10[to.scale - from.scale]!;
    const out = new Float64Array(column.length);
    let max = 0;
    for (let i = 0; i < column.length; i++) {
      out[i] = column[i]! * factor;
      if (out[i]! > max) max = out[i]!;
    }
    if (max < SAFE) return out;
  }
  const num = BigInt(from.coef) * 10n ** BigInt(to.scale);
  const den = BigInt(to.coef) * 10n ** BigInt(from.scale);
  const out: (bigint | null)[] = [];
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value === null || Number.isNaN(value)) {
      out.push(null);
      continue;
    }
    const scaled = BigInt(value) * num;
    if (scaled % den !== 0n) off(i);
    out.push(scaled / den);
  }
  return out;
}
