import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { REASONS } from '../table/ledger-book.js';
import { type ReducedValues, rescueScale } from '../table/rescue-scale.js';
import { type Block, isScaled } from './block.js';
import { pick } from './merge-blocks.js';
import { inUnits, type Units } from './units.js';

const SAFE = 2n ** 53n;

/** A block in memory and the units of its integers. */
export interface Held {
  readonly block: Block;
  readonly units: Units;
}

/**
 * For an instrument's day whose integers overflow in the smallest scale that holds them all: leaves out the rows that
 * the scale which keeps most rows cannot hold, so that one absurd value does not push out every good one. Only absurd
 * input comes here, so all of it may be in memory. Gives the rest in the fewest decimals they need; `declared` units
 * stay as they are.
 */
export function rescued(
  kind: KindName,
  blocks: readonly Held[],
  declared: { readonly price: boolean; readonly size: boolean },
  rejected: (block: Block, row: number, reason: LedgerReason) => void,
): { blocks: Block[]; units: Units } {
  const price = survivors(kind, 'price', blocks, declared.price, rejected);
  const size = survivors(kind, 'size', price.blocks, declared.size, rejected);
  const first = blocks[0]!.units;
  const units: Units = {
    price: declared.price ? first.price : { coef: 1, scale: price.decimals },
    size: declared.size ? first.size : { coef: 1, scale: size.decimals },
  };
  const none = (): never => {
    throw new Error('rescued values must be whole numbers of their unit');
  };
  return {
    blocks: size.blocks.map((held) => inUnits(kind, held.block, held.units, units, none)),
    units,
  };
}

/** The blocks without the rows whose prices (or sizes) do not fit, and the decimals the others need. */
function survivors(
  kind: KindName,
  what: 'price' | 'size',
  blocks: readonly Held[],
  declared: boolean,
  rejected: (block: Block, row: number, reason: LedgerReason) => void,
): { blocks: Held[]; decimals: number } {
  const at: { block: Block; row: number }[] = [];
  const n: number[] = [];
  const scales: number[] = [];
  const wide = new Map<number, bigint>();
  for (const { block, units } of blocks)
    for (const [name, column] of block.columns) {
      if (isScaled(kind, name) !== what) continue;
      for (let row = 0; row < block.rows; row++) {
        const value = column[row] as number | bigint | null;
        if (value === null || Number.isNaN(value)) continue;
        const [reduced, scale] = reduce(BigInt(value), declared ? 0 : units[what].scale);
        if (reduced >= SAFE) wide.set(n.length, reduced);
        n.push(reduced < SAFE ? Number(reduced) : Number.POSITIVE_INFINITY);
        scales.push(scale);
        at.push({ block, row });
      }
    }
  const values: ReducedValues = { n: Float64Array.from(n), scale: Uint8Array.from(scales), wide };
  const bad = new Map<Block, Set<number>>();
  rescueScale(values, what, (index, code) => {
    const { block, row } = at[index]!;
    const rows = bad.get(block) ?? new Set();
    bad.set(block, rows);
    if (!rows.has(row)) rejected(block, row, REASONS[code - 1]!);
    rows.add(row);
  });
  let decimals = 0;
  at.forEach(({ block, row }, i) => {
    if (!bad.get(block)?.has(row)) decimals = Math.max(decimals, scales[i]!);
  });
  const kept = blocks.map(({ block, units }): Held => {
    const rows = bad.get(block);
    if (rows === undefined) return { block, units };
    const good = Uint32Array.from({ length: block.rows }, (_, i) => i).filter((row) => !rows.has(row));
    return { block: pick(block, good), units };
  });
  return { blocks: kept, decimals };
}

/** An integer without trailing zeros behind its point. */
function reduce(value: bigint, scale: number): [bigint, number] {
  let n = value;
  let e = scale;
  for (; e > 0 && n % 10n === 0n; e--) n /= 10n;
  return [n, e];
}
