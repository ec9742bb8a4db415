import { codeOf } from './ledger-book.js';
import type { Staging } from './staging.js';

/** value = n · 10^-scale with no trailing zero in n beyond the point. */
export interface ReducedValue {
  readonly n: bigint;
  readonly scale: number;
}

/** Price or size of a staged row, in its smallest scale. */
export function reducedValue(staging: Staging, what: 'price' | 'size', row: number): ReducedValue {
  const wide = (what === 'price' ? staging.widePrice : staging.wideSize).get(row);
  const meta = staging.get('meta', row);
  let n = wide?.unscaled ?? BigInt(staging.get(what, row));
  let scale = wide?.scale ?? (what === 'price' ? (meta >> 2) & 31 : meta >> 7);
  while (scale > 0 && n % 10n === 0n) {
    n /= 10n;
    scale--;
  }
  return { n, scale };
}

const INT32_SPAN = 2n ** 31n;
const MAX_LOTS = 2n ** 62n;
const MAX_BASE = 2n ** 52n;

/**
 * The scale that keeps most rows of an instrument whose integers overflow at the smallest scale that holds all
 * of them (ties: the finer), so that one absurd value cannot push out every good one. Rows it does not keep
 * are rejected: finer than the scale → inexact, outside the range → tick_overflow or size_overflow.
 */
export function rescueScale(
  values: readonly ReducedValue[],
  finest: number,
  what: 'price' | 'size',
  reject: (index: number, code: number) => void,
): number {
  let best = { kept: -1, scale: finest, low: 0n, high: 0n };
  const scales = [...new Set([finest, ...values.map((v) => v.scale)])]
    .filter((s) => s <= finest)
    .sort((a, b) => b - a);
  for (const scale of scales) {
    const held = values.filter((v) => v.scale <= scale).map((v) => v.n * 10n ** BigInt(scale - v.scale));
    const range = what === 'price' ? fullestWindow(held) : { low: 1n, high: MAX_LOTS - 1n };
    let kept = 0;
    for (const k of held) if (k >= range.low && k <= range.high) kept++;
    if (kept > best.kept) best = { kept, scale, ...range };
  }
  const overflow = codeOf(what === 'price' ? 'tick_overflow' : 'size_overflow');
  values.forEach((v, i) => {
    if (v.scale > best.scale) reject(i, codeOf('inexact'));
    else {
      const k = v.n * 10n ** BigInt(best.scale - v.scale);
      if (k < best.low || k > best.high) reject(i, overflow);
    }
  });
  return best.scale;
}

/** The span of 2^31 ticks below 2^52 that holds most values (ties: the lowest). */
function fullestWindow(values: readonly bigint[]): { low: bigint; high: bigint } {
  const sorted = values.filter((k) => k < MAX_BASE).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  let best = { count: 0, low: 0n };
  for (let from = 0, to = 0; from < sorted.length; from++) {
    while (to < sorted.length && sorted[to]! - sorted[from]! < INT32_SPAN) to++;
    if (to - from > best.count) best = { count: to - from, low: sorted[from]! };
  }
  return { low: best.low, high: best.low + INT32_SPAN - 1n };
}
