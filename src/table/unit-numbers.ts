import type { Decimal } from '../core/decimal.js';
import type { UnitNumbers } from '../core/raw.js';
import type { WideValue } from './exact-value.js';

const SAFE = 2 ** 53;

/** By instrument: the declared unit coef · 10^-unitScale, coef 0 where none is, and the scale raised so far. */
interface InstrumentUnits {
  readonly coef: Float64Array;
  readonly unitScale: Uint8Array;
  readonly scale: Uint8Array;
}

/**
 * Whole numbers of a unit as integers of the instruments' own units or of the smallest decimal scale, exactly: see
 * `NumberEncoder.encode`. `other` is told each row that takes more: its exact value where 2^53 or another declared unit
 * is in the way, undefined where it is null, zero or negative.
 */
export function encodeUnits(
  { values, unit }: UnitNumbers,
  ids: Uint32Array,
  rows: number,
  { coef, unitScale, scale }: InstrumentUnits,
  reject: Uint8Array,
  out: Float64Array,
  outScale: Uint8Array,
  other: (row: number, value: WideValue | undefined) => void,
): void {
  for (let i = 0; i < rows; i++) {
    if (reject[i] !== 0) continue;
    const id = ids[i]!;
    const same = coef[id] === unit.coef && unitScale[id] === unit.scale;
    let n = same ? values[i]! : values[i]! * unit.coef;
    if (!(n > 0)) other(i, undefined);
    else if (n < SAFE && (same || coef[id] === 0)) {
      let e = same ? 0 : unit.scale;
      // a unit may be finer than the values need, and only their own digits may raise the scale
      for (; e > scale[id]! && n % 10 === 0; e--) n /= 10;
      out[i] = n;
      outScale[i] = e;
    } else other(i, timesUnit(values[i]!, unit));
  }
}

/** n · unit, with no trailing zero beyond the point. */
function timesUnit(n: number, unit: Decimal): WideValue {
  let unscaled = BigInt(n) * BigInt(unit.coef);
  let { scale } = unit;
  for (; scale > 0 && unscaled % 10n === 0n; scale--) unscaled /= 10n;
  return { unscaled, scale };
}
