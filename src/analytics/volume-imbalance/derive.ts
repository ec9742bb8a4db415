import type { DeriveContext } from '../../core/analytic.js';
import type { Table } from '../../core/columns.js';
import {
  bigAt,
  divideBig,
  type ExactColumn,
  exactColumn,
  ratio,
  SAFE,
  setBig,
  weightedRatio,
  weightedSum,
} from '../../core/exact.js';
import { productError } from '../../core/product-error.js';

type Context = DeriveContext<unknown>;

const exact = (table: Table, name: string): ExactColumn => table.columns[name] as ExactColumn;

/** B, S, U. */
const sides = ({ table: t }: Context) =>
  [exact(t, 'buy_volume'), exact(t, 'sell_volume'), exact(t, 'unknown_volume')] as const;

/** V = B + S + U. */
export const volume = (c: Context): ExactColumn => weightedSum(sides(c), [1, 1, 1]);

/** D = B - S. */
export const delta = (c: Context): ExactColumn => weightedSum(sides(c), [1, -1, 0]);

/** VI = (B - S) / (B + S). */
export const imbalance = (c: Context): Float64Array => weightedRatio(sides(c), [1, -1, 0], [1, 1, 0]);

/** (B - S - U) / V: every unknown trade a sell. */
export const lowest = (c: Context): Float64Array => weightedRatio(sides(c), [1, -1, -1], [1, 1, 1]);

/** (B - S + U) / V: every unknown trade a buy. */
export const highest = (c: Context): Float64Array => weightedRatio(sides(c), [1, -1, 1], [1, 1, 1]);

/** 1 - U / V, as (B + S) / V. */
export const coverage = (c: Context): Float64Array => weightedRatio(sides(c), [1, 1, 0], [1, 1, 1]);

/** Σ p q · multiplier of the bar. */
export const notional = (c: Context): ExactColumn => money(c, 'volume', 'tick_lots');

/** OIBDOL: Σ s p q · multiplier. */
export const notionalDelta = (c: Context): ExactColumn => money(c, 'delta', 'signed_tick_lots');

/** OIBDOL over the notional of every trade; null where prices cancel to nothing. */
export const notionalImbalance = ({ table: t }: Context): Float64Array =>
  ratio(exact(t, 'notional_delta'), exact(t, 'notional'));

/**
 * Money of lots and their tick moment. Linear: Σ price · size in tick · lot · multiplier units. Inverse: contracts, in
 * lot · face value units.
 */
function money({ table: t, instruments }: Context, lotsOf: string, momentOf: string): ExactColumn {
  const codes = t.columns.instrument as Uint32Array;
  const lots = exact(t, lotsOf);
  const moment = exact(t, momentOf);
  const out = exactColumn(t.rows);
  for (let i = 0; i < t.rows; i++) {
    const { base, contract } = instruments[codes[i]!]!;
    const value = contract === 'inverse' ? lots.values[i]! : lots.values[i]! * base + moment.values[i]!;
    // both terms safe and their sum safe: then all three are exact
    const safe =
      Math.abs(lots.values[i]! * base) < SAFE && Math.abs(moment.values[i]!) < SAFE && Math.abs(value) < SAFE;
    if (safe && Math.abs(lots.values[i]!) < SAFE) out.values[i] = value;
    else
      setBig(
        out,
        i,
        contract === 'inverse' ? bigAt(lots, i) : bigAt(lots, i) * BigInt(base) + bigAt(moment, i),
      );
  }
  return out;
}

/** 10^scale of each instrument's tick; a power for every row would cost more than the rest of the row. */
const tickUnits = (instruments: Context['instruments']): Float64Array =>
  Float64Array.from(instruments, ({ tick }) => 10 ** tick.scale);

/** Σ price · size / Σ size = tick · (base · V + Σ k · q) / V, rounded once. */
export function vwap({ table: t, instruments }: Context): Float64Array {
  const codes = t.columns.instrument as Uint32Array;
  const lots = exact(t, 'volume');
  const moment = exact(t, 'tick_lots');
  const units = tickUnits(instruments);
  const out = new Float64Array(t.rows);
  for (let i = 0; i < t.rows; i++) {
    const { base, tick } = instruments[codes[i]!]!;
    const unit = units[codes[i]!]!;
    const v = lots.values[i]!;
    const anchored = v * base;
    const num = (anchored + moment.values[i]!) * tick.coef;
    const den = v * unit;
    if (Math.abs(anchored) < SAFE && Math.abs(moment.values[i]!) < SAFE && Math.abs(num) < SAFE && den < SAFE)
      out[i] = num / den;
    else {
      const big = bigAt(lots, i);
      out[i] = divideBig(
        (big * BigInt(base) + bigAt(moment, i)) * BigInt(tick.coef),
        big * 10n ** BigInt(tick.scale),
      );
    }
  }
  return out;
}

/**
 * √(Σ q (p - VWAP)² / Σ q) = tick · √(V · Σ q k² - (Σ q k)²) / V. The difference is an exact integer (a
 * product of two f64 held as an unevaluated pair), so nothing cancels at large price levels.
 */
export function sigma({ table: t, instruments }: Context): Float64Array {
  const codes = t.columns.instrument as Uint32Array;
  const lots = exact(t, 'volume');
  const first = exact(t, 'tick_lots');
  const second = exact(t, 'tick2_lots');
  const units = tickUnits(instruments);
  const out = new Float64Array(t.rows);
  for (let i = 0; i < t.rows; i++) {
    const { tick } = instruments[codes[i]!]!;
    const v = lots.values[i]!;
    const m1 = first.values[i]!;
    const m2 = second.values[i]!;
    let squared: number;
    if (v < SAFE && m2 < SAFE && Math.abs(m1) < SAFE) {
      const left = v * m2;
      const right = m1 * m1;
      squared =
        left < SAFE ? left - right : left - right + (productError(v, m2, left) - productError(m1, m1, right));
    } else {
      const big = bigAt(first, i);
      squared = Number(bigAt(lots, i) * bigAt(second, i) - big * big);
    }
    out[i] = ((Math.sqrt(Math.max(0, squared)) / v) * tick.coef) / units[codes[i]!]!;
  }
  return out;
}

/** max(t0 + Δ, latest availability of a row in the bar). */
export function availableAt({ table: t, every }: Context): Float64Array {
  const time = t.columns.time as Float64Array;
  const latest = t.columns.last_available as Float64Array;
  const out = new Float64Array(t.rows);
  for (let i = 0; i < t.rows; i++) out[i] = Math.max(time[i]! + every, latest[i]!);
  return out;
}
