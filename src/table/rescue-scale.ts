import { codeOf } from './ledger-book.js';
import { POW10 } from './number-encoder.js';
import type { Staging } from './staging.js';

/** Numbers of some rows, value = n · 10^-scale with no trailing zero in n beyond the point. */
export interface ReducedValues {
  /** Infinity where the integer passes 2^53; then `wide` has it by index. */
  readonly n: Float64Array;
  readonly scale: Uint8Array;
  readonly wide: ReadonlyMap<number, bigint>;
}

/** Prices or sizes of staged rows, each in its smallest scale. */
export function reducedValues(staging: Staging, what: 'price' | 'size', rows: Uint32Array): ReducedValues {
  const n = new Float64Array(rows.length);
  const scale = new Uint8Array(rows.length);
  const wide = new Map<number, bigint>();
  const wideRows = what === 'price' ? staging.widePrice : staging.wideSize;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const meta = staging.get('meta', row);
    let value = staging.get(what, row);
    let digits = what === 'price' ? (meta >> 2) & 31 : meta >> 7;
    if (value === Number.POSITIVE_INFINITY) {
      let big = wideRows.get(row)!.unscaled;
      for (; digits > 0 && big % 10n === 0n; digits--) big /= 10n;
      if (big < SAFE_BIG) value = Number(big);
      else wide.set(i, big);
    }
    for (; digits > 0 && value % 10 === 0; digits--) value /= 10;
    n[i] = value;
    scale[i] = digits;
  }
  return { n, scale, wide };
}

const SAFE = 2 ** 53;
const SAFE_BIG = 2n ** 53n;
const WINDOW = 2 ** 31;
const MAX_LOTS = 2n ** 62n;

/**
 * The scale that keeps most rows of an instrument whose integers overflow at the smallest scale that holds all
 * of them (ties: the finer), so that one absurd value cannot push out every good one. Rows it does not keep
 * are rejected: finer than the scale → inexact, outside the range → tick_overflow or size_overflow.
 */
export function rescueScale(
  values: ReducedValues,
  what: 'price' | 'size',
  reject: (index: number, code: number) => void,
): void {
  const rows = values.n.length;
  const held = new Float64Array(POW10.length);
  for (let i = 0; i < rows; i++) held[values.scale[i]!]!++;
  for (let e = 1; e < held.length; e++) held[e]! += held[e - 1]!;
  let best = { kept: -1, scale: -1, low: 0 };
  for (let e = held.length - 1; e >= 0; e--) {
    // no more than it can hold, and only where a value has just so many digits
    if (held[e]! <= best.kept || held[e] === (held[e - 1] ?? 0)) continue;
    const { kept, low } = what === 'price' ? fullestWindow(values, e, held[e]!) : fittingLots(values, e);
    if (kept > best.kept) best = { kept, scale: e, low };
  }
  const overflow = codeOf(what === 'price' ? 'tick_overflow' : 'size_overflow');
  const inexact = codeOf('inexact');
  for (let i = 0; i < rows; i++)
    if (values.scale[i]! > best.scale) reject(i, inexact);
    else if (what === 'size') {
      if (!lotsFit(values, i, best.scale)) reject(i, overflow);
    } else {
      const k = values.n[i]! * POW10[best.scale - values.scale[i]!]!;
      if (k < best.low || k >= best.low + WINDOW || k >= SAFE) reject(i, overflow);
    }
}

/** The span of 2^31 ticks below 2^53 that holds most values (ties: the lowest). Exact: products below 2^53 are. */
function fullestWindow(values: ReducedValues, scale: number, held: number): { kept: number; low: number } {
  const ticks = new Float64Array(held);
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < values.n.length; i++) {
    if (values.scale[i]! > scale) continue;
    const k = values.n[i]! * POW10[scale - values.scale[i]!]!;
    if (k >= SAFE) continue;
    ticks[count++] = k;
    if (k < min) min = k;
    if (k > max) max = k;
  }
  if (max - min < WINDOW) return { kept: count, low: min };
  const sorted = ticks.subarray(0, count).sort();
  let best = { kept: 0, low: 0 };
  for (let from = 0, to = 0; from < count; from++) {
    while (to < count && sorted[to]! - sorted[from]! < WINDOW) to++;
    if (to - from > best.kept) best = { kept: to - from, low: sorted[from]! };
  }
  return best;
}

function fittingLots(values: ReducedValues, scale: number): { kept: number; low: number } {
  let kept = 0;
  for (let i = 0; i < values.n.length; i++)
    if (values.scale[i]! <= scale && lotsFit(values, i, scale)) kept++;
  return { kept, low: 1 };
}

function lotsFit(values: ReducedValues, i: number, scale: number): boolean {
  const n = values.n[i]!;
  const power = scale - values.scale[i]!;
  const lots = n * POW10[power]!;
  // f64 settles it unless rounding may have crossed the bound
  if (lots < 2 ** 61) return true;
  if (lots > 2 ** 63 && n !== Number.POSITIVE_INFINITY) return false;
  return (values.wide.get(i) ?? BigInt(n)) * 10n ** BigInt(power) < MAX_LOTS;
}
