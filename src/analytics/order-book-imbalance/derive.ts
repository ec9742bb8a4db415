import type { DeriveContext } from '../../core/analytic.js';
import { type ExactColumn, ratio } from '../../core/exact.js';
import { LIMB, RATIO_BITS } from './slots.js';

type Context = DeriveContext<unknown>;

const plain = ({ table }: Context, name: string): Float64Array => table.columns[name] as Float64Array;
const exact = ({ table }: Context, name: string): ExactColumn => table.columns[name] as ExactColumn;

/** Σ value · µs over the time that has a value; null without any. */
const mean = (c: Context, sum: string, time: string): Float64Array =>
  ratio(exact(c, sum), { values: plain(c, time), wide: undefined });

/** Multiplied by a number of each row's instrument. */
function scaled(
  c: Context,
  values: Float64Array,
  factor: (instrument: Context['instruments'][number]) => readonly [num: number, den: number],
): Float64Array {
  const codes = c.table.columns.instrument as Uint32Array;
  const factors = c.instruments.map(factor);
  return values.map((value, i) => {
    const [num, den] = factors[codes[i]!]!;
    return (value * num) / den;
  });
}

/** Time-weighted mean imbalance, of the sums of its limbs in units of 2^-52. */
export const imbalance =
  (time: string) =>
  (c: Context): Float64Array => {
    const top = exact(c, 'obi_top').values;
    const middle = exact(c, 'obi_middle').values;
    const low = exact(c, 'obi_low').values;
    // 0 / 0 is NaN, the null
    return plain(c, time).map(
      (t, i) => ((top[i]! * LIMB + middle[i]!) * LIMB + low[i]!) / (t * 2 ** RATIO_BITS),
    );
  };

/** The imbalance in force at the start of the bar. */
export function startImbalance(c: Context): Float64Array {
  const time = plain(c, 'time');
  const started = plain(c, 'started');
  // a wider bar may take these columns from a later bar of its own, whose start is not its start
  return plain(c, 'start_value').map((value, i) => (started[i] === time[i] ? value : Number.NaN));
}

/** Share of the bar's width. */
export const share =
  (name: string) =>
  (c: Context): Float64Array =>
    plain(c, name).map((time) => time / c.every);

/** Share of two-sided time in which the band ends before the levels do. */
export function complete(c: Context): Float64Array {
  const whole = plain(c, 'two_sided_time');
  return plain(c, 'cut_time').map((cut, i) => (whole[i]! - cut) / whole[i]!);
}

export const meanMid = (c: Context): Float64Array =>
  scaled(c, mean(c, 'mid_sum', 'two_sided_time'), ({ tick }) => [tick.coef, 2 * 10 ** tick.scale]);

export const meanSpread = (c: Context): Float64Array =>
  scaled(c, mean(c, 'spread_sum', 'two_sided_time'), ({ tick }) => [tick.coef, 10 ** tick.scale]);

/** In ticks, where the instrument declares one. */
export const spreadTicks = (c: Context): Float64Array =>
  scaled(c, mean(c, 'spread_sum', 'two_sided_time'), ({ tickDeclared }) => [
    1,
    tickDeclared ? 1 : Number.NaN,
  ]);

export const meanDepth =
  (side: 'bid' | 'ask') =>
  (c: Context): Float64Array =>
    scaled(c, mean(c, `${side}_sum`, 'two_sided_time'), ({ lot }) => [lot.coef, 10 ** lot.scale]);

/** max(t0 + Δ, when the first row at or after the end was known); null while there is none. */
export function availableAt(c: Context): Float64Array {
  const closed = plain(c, 'closed_time');
  const known = plain(c, 'closed_known');
  return plain(c, 'time').map((t, i) => {
    const end = t + c.every;
    return closed[i]! >= end ? Math.max(end, known[i]!) : Number.NaN;
  });
}
