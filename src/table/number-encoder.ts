import { type Decimal, parseDecimalText } from '../core/decimal.js';
import type { RawNumbers, UnitNumbers } from '../core/raw.js';
import { decimalValue, MAX_SCALE, POW10, textValue, unitsOf, type WideValue } from './exact-value.js';
import { encodeUnits } from './unit-numbers.js';

export { MAX_SCALE, POW10, type WideValue };

/** An f64 stands for one decimal of up to 15 significant digits, and no longer one beyond. */
const DIGITS15 = 1e15;
const SAFE = 2 ** 53;
/** Digits of a decimal that stands for its neighbours too; see NumberEncoder. */
const DIGITS12 = 1e12;
/** Two units in the last place, relative. */
const TWO_ULP = 2 ** -51;
/** A value this many units off a whole number of units is off. */
const TOLERANCE = 1e-6;

/** Outcome of one value. */
export const GOOD = 0;
export const BAD = 1;
export const OFF_UNIT = 2;
export const INEXACT = 3;

/**
 * Turns prices or sizes into integers n with value = n · 10^-scale, and keeps by instrument the smallest scale
 * that holds every value raised to; where a unit is declared, n counts units and the scale is 0. A value that is
 * not positive and finite is BAD; one off the declared unit by 1e-6 units or more OFF_UNIT; one whose decimal
 * an f64 cannot prove INEXACT.
 *
 * An f64 stands for the decimal of at most 15 digits that is read as just this f64. Without a declared unit, one that
 * no such decimal gives but that lies within 2^-51 of itself, two units in the last place, of a decimal of at most 12
 * digits stands for that: files written by arithmetic (263 · 1e-6) are off by this much. Values with more digits are
 * at most one in a thousand so near by chance, and the others stay INEXACT. Text is never off, unless it is how such an
 * f64 prints itself.
 */
export class NumberEncoder {
  scale: Uint8Array = new Uint8Array(16);
  /** Declared unit coef · 10^-unitScale; 0 where none is declared. */
  #coef = new Float64Array(16);
  #unitScale = new Uint8Array(16);
  /** Scale that last held an f64 of the instrument: tried first, and never kept as its scale. */
  #hint = new Uint8Array(16);
  /** Scale of the last integer returned by `#plain`. */
  #last = 0;

  /** Adds instrument `id` with its declared unit. */
  add(id: number, unit: Decimal | undefined): void {
    if (id >= this.scale.length) {
      const grow = <T extends Uint8Array | Float64Array>(from: T, to: T): T => {
        to.set(from);
        return to;
      };
      const capacity = this.scale.length * 2;
      this.scale = grow(this.scale, new Uint8Array(capacity));
      this.#coef = grow(this.#coef, new Float64Array(capacity));
      this.#unitScale = grow(this.#unitScale, new Uint8Array(capacity));
      this.#hint = grow(this.#hint, new Uint8Array(capacity));
    }
    this.#coef[id] = unit?.coef ?? 0;
    this.#unitScale[id] = unit?.scale ?? 0;
  }

  /**
   * Raises no scale: a row may yet be rejected for its other number. Rows with `reject` set are left alone;
   * others get `out`, `outScale`, or a code (`codes[outcome]`) in `reject`. A value beyond 2^53 has Infinity in
   * `out` and its integer in `wide`.
   */
  encode(
    raw: RawNumbers | UnitNumbers,
    nulls: Uint8Array | undefined,
    ids: Uint32Array,
    rows: number,
    codes: readonly number[],
    reject: Uint8Array,
    out: Float64Array,
    outScale: Uint8Array,
    wide: Map<number, WideValue>,
  ): void {
    if (raw.kind === 'f64') {
      this.#floats(raw.values, ids, rows, codes, reject, out, outScale);
      return;
    }
    if (raw.kind === 'units') {
      const units = { coef: this.#coef, unitScale: this.#unitScale, scale: this.scale };
      encodeUnits(raw, ids, rows, units, reject, out, outScale, (i, value) => {
        const outcome = value ? this.#wide(value, ids[i]!, i, out, outScale, wide) : BAD;
        if (outcome !== GOOD) reject[i] = codes[outcome]!;
      });
      return;
    }
    for (let i = 0; i < rows; i++) {
      if (reject[i] !== 0) continue;
      const value = nulls?.[i]
        ? undefined
        : raw.kind === 'text'
          ? textValue(raw.values[i]!)
          : decimalValue(raw.unscaled[i]!, raw.scale);
      let outcome = BAD;
      if (typeof value === 'number') {
        const n = this.#plain(value, ids[i]!);
        if (n > 0) {
          out[i] = n;
          outScale[i] = this.#last;
        }
        outcome = n > 0 ? GOOD : -n;
      } else if (value) {
        const n = raw.kind === 'text' ? this.#printed(raw.values[i]!, value, ids[i]!) : 0;
        if (n > 0) {
          out[i] = n;
          outScale[i] = this.#last;
          outcome = GOOD;
        } else outcome = this.#wide(value, ids[i]!, i, out, outScale, wide);
      }
      if (outcome !== GOOD) reject[i] = codes[outcome]!;
    }
  }

  #floats(
    values: Float64Array,
    ids: Uint32Array,
    rows: number,
    codes: readonly number[],
    reject: Uint8Array,
    out: Float64Array,
    outScale: Uint8Array,
  ): void {
    const coef = this.#coef;
    const unitScale = this.#unitScale;
    const scale = this.scale;
    const hint = this.#hint;
    for (let i = 0; i < rows; i++) {
      if (reject[i] !== 0) continue;
      const v = values[i]!;
      const id = ids[i]!;
      const unit = coef[id]!;
      if (unit === 0) {
        let e = hint[id]!;
        const power = POW10[e]!;
        let quick = Math.round(v * power);
        if (quick > 0 && quick < DIGITS15 && quick / power === v) {
          // a row that is kept raises the scale, so it must not carry more digits than it has
          for (; e > scale[id]! && quick % 10 === 0; e--) quick /= 10;
          out[i] = quick;
          outScale[i] = e;
          continue;
        }
      } else {
        const power = POW10[unitScale[id]!]!;
        const quick = Math.round((v * power) / unit);
        if (quick > 0 && quick * unit < SAFE && (quick * unit) / power === v) {
          out[i] = quick;
          outScale[i] = 0;
          continue;
        }
      }
      const n = this.#plain(v, id);
      if (n > 0) {
        out[i] = n;
        outScale[i] = this.#last;
        hint[id] = Math.max(this.#last, scale[id]!);
      } else reject[i] = codes[-n]!;
    }
  }

  /** The integer of an f64, or minus the outcome; its scale is left in `#last`. */
  #plain(v: number, id: number): number {
    if (!(v > 0) || v === Number.POSITIVE_INFINITY) return -BAD;
    this.#last = 0;
    const coef = this.#coef[id]!;
    if (coef !== 0) {
      const power = POW10[this.#unitScale[id]!]!;
      const units = (v * power) / coef;
      const k = Math.round(units);
      if (k >= SAFE) return -INEXACT;
      const off = Math.abs(units - k);
      const error = units * 2 ** -51;
      if (k >= 1 && (off + error < TOLERANCE || (k * coef < SAFE && (k * coef) / power === v))) return k;
      if (k < 1 || off - error >= TOLERANCE) return -OFF_UNIT;
      // rounding could tip it: the decimal that v stands for decides, as it does for text
      const value = parseDecimalText(String(v))!;
      const exact = unitsOf(value.unscaled, value.scale, coef, this.#unitScale[id]!);
      return exact === undefined ? -OFF_UNIT : exact < SAFE ? Number(exact) : -INEXACT;
    }
    if (Number.isInteger(v) && v <= SAFE) return v;
    for (let e = 1; e <= MAX_SCALE; e++) {
      const n = Math.round(v * POW10[e]!);
      if (n >= DIGITS15) break;
      if (n > 0 && n / POW10[e]! === v) {
        this.#last = e;
        return n;
      }
    }
    for (let e = 0; e <= MAX_SCALE; e++) {
      const n = Math.round(v * POW10[e]!);
      if (n >= DIGITS12) break;
      if (n > 0 && Math.abs(n / POW10[e]! - v) <= v * TWO_ULP) {
        this.#last = e;
        return n;
      }
    }
    return -INEXACT;
  }

  /**
   * A text of 16 or 17 digits that is how an f64 prints itself (0.21100000000000002) came from a computation: it is
   * the short decimal beside it, as the f64 would be. 0 where the text is no such print, and then exact as it stands.
   */
  #printed(text: string, value: WideValue, id: number): number {
    if (this.#coef[id] !== 0) return 0;
    const v = Number(text);
    // 5.2e-5 and 0.000052 are the same print
    const print = parseDecimalText(String(v));
    const same = print?.unscaled === value.unscaled && print.scale === value.scale;
    return same ? Math.max(0, this.#plain(v, id)) : 0;
  }

  #wide(
    value: WideValue,
    id: number,
    row: number,
    out: Float64Array,
    outScale: Uint8Array,
    wide: Map<number, WideValue>,
  ): number {
    if (value.unscaled <= 0n) return BAD;
    let { unscaled, scale } = value;
    if (this.#coef[id] !== 0) {
      const units = unitsOf(unscaled, scale, this.#coef[id]!, this.#unitScale[id]!);
      if (units === undefined) return OFF_UNIT;
      unscaled = units;
      scale = 0;
    }
    if (scale > MAX_SCALE) return INEXACT;
    const n = Number(unscaled);
    outScale[row] = scale;
    out[row] = n < SAFE ? n : Number.POSITIVE_INFINITY;
    if (n >= SAFE) wide.set(row, { unscaled, scale });
    return GOOD;
  }
}
