import type { DeriveContext } from '../../core/analytic.js';
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.js';
import { twoSidedP } from '../../stats/two-sided-p.js';

type Context = DeriveContext<unknown>;

const cells = ({ table }: Context, name: string): Float64Array => table.columns[name] as Float64Array;

/** Slope over its error; null without an error, or where it is 0. */
export const tOf =
  (slope: string, error: string) =>
  (c: Context): Float64Array => {
    const errors = cells(c, error);
    return cells(c, slope).map((b, i) => (errors[i]! > 0 ? b / errors[i]! : Number.NaN));
  };

export const pOf =
  (t: string) =>
  (c: Context): Float64Array =>
    cells(c, t).map(twoSidedP);

/** Over the instruments and horizons of each regime: a regime is a question of its own. */
export const qOf =
  (name: string) =>
  (c: Context): Float64Array => {
    const regime = c.table.columns.regime as Uint32Array;
    const p = cells(c, name);
    const out = new Float64Array(p.length);
    for (const code of new Set(regime)) {
      const rows = [...regime.keys()].filter((i) => regime[i] === code);
      const q = benjaminiHochberg(Float64Array.from(rows, (i) => p[i]!));
      rows.forEach((i, k) => {
        out[i] = q[k]!;
      });
    }
    return out;
  };

/** When the last row is known. */
export function lastAvailable(c: Context): Float64Array {
  const available = cells(c, 'available_at');
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < available.length; i++) last = Math.max(last, available[i]!);
  return new Float64Array(available.length).fill(last);
}
