import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { REASONS } from '../table/ledger-book.js';
import { type ReducedValues, rescueScale } from '../table/rescue-scale.js';
import type { Units } from './block.js';
import { type Block, type BlockColumn, isScaled } from './block.js';
import { pick } from './merge-blocks.js';
import { inUnits } from './units.js';

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
  rejected: (block: Block, row: number, reason: LedgerReason, units: Units) => void,
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
  rejected: (block: Block, row: number, reason: LedgerReason, units: Units) => void,
): { blocks: Held[]; decimals: number } {
  const columnsOf = (block: Block): BlockColumn[] =>
    [...block.columns].filter(([name]) => isScaled(kind, name) === what).map(([, column]) => column);
  const most = blocks.reduce((sum, { block }) => sum + columnsOf(block).length * block.rows, 0);
  const n = new Float64Array(most);
  const scales = new Uint8Array(most);
  /** Block and row of each value. */
  const blockAt = new Uint32Array(most);
  const rowAt = new Uint32Array(most);
  const wide = new Map<number, bigint>();
  let cells = 0;
  blocks.forEach(({ block, units }, b) => {
    for (const column of columnsOf(block))
      for (let row = 0; row < block.rows; row++) {
        const value = column[row] as number | bigint | null;
        if (value === null || Number.isNaN(value)) continue;
        const [reduced, scale] = reduce(BigInt(value), declared ? 0 : units[what].scale);
        if (reduced >= SAFE) wide.set(cells, reduced);
        n[cells] = reduced < SAFE ? Number(reduced) : Number.POSITIVE_INFINITY;
        scales[cells] = scale;
        blockAt[cells] = b;
        rowAt[cells++] = row;
      }
  });
  const values: ReducedValues = { n: n.subarray(0, cells), scale: scales.subarray(0, cells), wide };
  const bad = blocks.map(() => new Map<number, LedgerReason>());
  rescueScale(values, what, (index, code) => {
    const rows = bad[blockAt[index]!]!;
    if (!rows.has(rowAt[index]!)) rows.set(rowAt[index]!, REASONS[code - 1]!);
  });
  if (kind === 'book_delta') withTheirMessages(blocks, bad);
  blocks.forEach(({ block, units }, b) => {
    for (const [row, reason] of bad[b]!) rejected(block, row, reason, units);
  });
  let decimals = 0;
  for (let i = 0; i < cells; i++)
    if (scales[i]! > decimals && !bad[blockAt[i]!]!.has(rowAt[i]!)) decimals = scales[i]!;
  const kept = blocks.map(({ block, units }, b): Held => {
    const rows = bad[b]!;
    if (rows.size === 0) return { block, units };
    const good = Uint32Array.from({ length: block.rows }, (_, i) => i).filter((row) => !rows.has(row));
    return { block: pick(block, good), units };
  });
  return { blocks: kept, decimals };
}

/** A message with a bad level is bad as a whole, as in `rejectMessages`; its rows may lie in two blocks. */
function withTheirMessages(blocks: readonly Held[], bad: readonly Map<number, LedgerReason>[]): void {
  const key = (block: Block, row: number): string => `${block.source?.[row]}/${block.record?.[row]}`;
  const messages = new Set<string>();
  blocks.forEach(({ block }, b) => {
    for (const row of bad[b]!.keys()) if (block.record) messages.add(key(block, row));
  });
  if (messages.size === 0) return;
  blocks.forEach(({ block }, b) => {
    for (let row = 0; row < block.rows; row++)
      if (block.record && !bad[b]!.has(row) && messages.has(key(block, row))) bad[b]!.set(row, 'bad_message');
  });
}

/** An integer without trailing zeros behind its point. */
function reduce(value: bigint, scale: number): [bigint, number] {
  let n = value;
  let e = scale;
  for (; e > 0 && n % 10n === 0n; e--) n /= 10n;
  return [n, e];
}
