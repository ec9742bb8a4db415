import { bigAt, divideBig, type ExactColumn, SAFE } from '../core/exact.js';

/** A positive rational unit `coef / 10^scale`. */
export interface Unit {
  readonly coef: bigint;
  readonly scale: number;
}

/** The unit with trailing zeros removed, so that more products stay below 2^53. */
export function unitOf(...parts: readonly { coef: number; scale: number }[]): Unit {
  let coef = 1n;
  let scale = 0;
  for (const part of parts) {
    coef *= BigInt(part.coef);
    scale += part.scale;
  }
  while (scale > 0 && coef % 10n === 0n) {
    coef /= 10n;
    scale--;
  }
  return { coef, scale };
}

/**
 * out[row] = (base + column[row]) · unit for rows `[from, to)`, each rounded once to the nearest f64; what is
 * not finite becomes NaN. One division of exact f64 integers while they are exact, BigInt beyond.
 */
export function scaledF64(
  out: Float64Array,
  column: ExactColumn | { readonly values: ArrayLike<number>; readonly wide: undefined },
  from: number,
  to: number,
  unit: Unit,
  base = 0,
): void {
  const { values, wide } = column;
  const coef = Number(unit.coef);
  // 10^22 is the last power of ten an f64 holds exactly
  const exact = unit.scale <= 22 && coef < SAFE && !wide;
  const divisor = 10 ** Math.min(22, unit.scale);
  const bigDivisor = 10n ** BigInt(unit.scale);
  for (let row = from; row < to; row++) {
    const units = base + values[row]!;
    const product = units * coef;
    // coef ≥ 1, so a safe product is one of safe units
    if (exact && product < SAFE && product > -SAFE) {
      out[row] = product / divisor;
    } else if (!Number.isFinite(units)) {
      out[row] = Number.NaN;
    } else {
      const whole = wide ? bigAt(column as ExactColumn, row) : BigInt(values[row]!);
      out[row] = divideBig((whole + BigInt(base)) * unit.coef, bigDivisor);
    }
  }
}
