import type { DeriveContext } from '../../core/analytic.js';
import type { Measure } from './observations.js';

export type Context = DeriveContext<{ readonly measure: Measure }>;

const cell = ({ table }: Context, name: string): Float64Array => table.columns[name] as Float64Array;

/** One value a row of one or two columns. */
const of =
  (a: string, value: (a: number) => number) =>
  (c: Context): Float64Array =>
    cell(c, a).map((x) => value(x));
const ofTwo =
  (a: string, b: string, value: (a: number, b: number) => number) =>
  (c: Context): Float64Array => {
    const other = cell(c, b);
    return cell(c, a).map((x, i) => value(x, other[i]!));
  };

/** Quotient; x / 0 and 0 / 0 are null. */
const over = (a: number, b: number): number => (b === 0 ? Number.NaN : a / b);
/** ln(a / b) of positive numbers. */
const logRatio = (a: number, b: number): number => (a > 0 && b > 0 ? Math.log(a / b) : Number.NaN);

/** Lots as sizes. */
const sizes = (c: Context, lots: (i: number) => number): Float64Array => {
  const codes = c.table.columns.instrument as Uint32Array;
  const units = c.instruments.map(({ lot }) => 10 ** lot.scale);
  const coefs = Float64Array.from(c.instruments, ({ lot }) => lot.coef);
  const out = new Float64Array(codes.length);
  for (let i = 0; i < out.length; i++) out[i] = (lots(i) * coefs[codes[i]!]!) / units[codes[i]!]!;
  return out;
};

export const intervalVolume = (c: Context): Float64Array => {
  const [buy, sell, unknown] = ['buy', 'sell', 'unknown'].map((side) => cell(c, `interval_${side}`));
  return sizes(c, (i) => buy![i]! + sell![i]! + unknown![i]!);
};

export const intervalDelta = (c: Context): Float64Array => {
  const [buy, sell] = [cell(c, 'interval_buy'), cell(c, 'interval_sell')];
  return sizes(c, (i) => buy[i]! - sell[i]!);
};

/** (B - S)/(B + S) of the interval. */
export const imbalance = ofTwo('interval_buy', 'interval_sell', (buy, sell) => over(buy - sell, buy + sell));

export const deltaOi = ofTwo('oi', 'oi_before', (now, before) => now - before);
export const logOi = ofTwo('oi', 'oi_before', logRatio);
export const logPrice = ofTwo('close', 'close_before', logRatio);

/** +1 up with more open interest, +2 up with less, -1 down with more, -2 down with less, 0 if either stands still. */
export const quadrantOf = (direction: number, change: number): number =>
  direction * change === 0 ? 0 : Math.sign(direction) * (change > 0 ? 1 : 2) + 0 * change;

export const quadrant = (c: Context): Float64Array => {
  const [now, before] = [cell(c, 'close'), cell(c, 'close_before')];
  return cell(c, 'delta_oi').map((change, i) => quadrantOf(now[i]! - before[i]!, change));
};

/** By the sign of B - S; null where trades have no known side. */
export const flowQuadrant = (c: Context): Float64Array => {
  const [buy, sell, unknown] = ['buy', 'sell', 'unknown'].map((side) => cell(c, `interval_${side}`));
  return cell(c, 'delta_oi').map((change, i) => {
    const sided = buy![i]! + sell![i]! > 0 || unknown![i] === 0;
    return sided ? quadrantOf(buy![i]! - sell![i]!, change) : Number.NaN;
  });
};

/** Ratios of volume in contracts to open interest in contracts: USD have none. */
const inContracts =
  (derive: (c: Context) => Float64Array) =>
  (c: Context): Float64Array =>
    c.params.measure === 'contracts' ? derive(c) : new Float64Array(c.table.rows).fill(Number.NaN);

export const volumeToOi = inContracts((c) => {
  const [lots, oi] = [cell(c, 'volume'), cell(c, 'oi')];
  return sizes(c, (i) => lots[i]!).map((volume, i) => (volume === 0 ? Number.NaN : over(volume, oi[i]!)));
});
const volumeAnd = (value: (volume: number, change: number) => number) =>
  inContracts(ofTwo('interval_volume', 'delta_oi', value));
export const volumeToChange = volumeAnd((volume, change) =>
  volume === 0 ? Number.NaN : over(volume, Math.abs(change)),
);
export const changeToVolume = volumeAnd((volume, change) => over(change, volume));
export const absChangeToVolume = inContracts(of('delta_oi_to_volume', Math.abs));
export const shortHoldShare = inContracts(of('abs_delta_oi_to_volume', (ratio) => 1 - Math.min(1, ratio)));

/** 1 where open interest changed by more than was traded. */
export const excess = (c: Context): Uint32Array =>
  Uint32Array.from(cell(c, 'abs_delta_oi_to_volume'), (ratio) => (ratio > 1 ? 1 : 0));
