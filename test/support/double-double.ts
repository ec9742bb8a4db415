/** A number of twice the precision: the unevaluated sum of two f64, the second below half an ulp of the first. */
export type DoubleDouble = readonly [high: number, low: number];

/** a + b, exactly (Knuth). */
export function twoSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  const bb = sum - a;
  return [sum, a - (sum - bb) + (b - bb)];
}

/** a · b, exactly (Dekker). */
export function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const [ah, al] = halves(a);
  const [bh, bl] = halves(b);
  return [product, al * bl - (product - ah * bh - al * bh - ah * bl)];
}

function halves(a: number): readonly [number, number] {
  const c = 134217729 * a;
  const high = c - (c - a);
  return [high, a - high];
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoSum(a[0], b[0]);
  return twoSum(high, low + a[1] + b[1]);
}

export function times(a: DoubleDouble, b: number): DoubleDouble {
  const [high, low] = twoProduct(a[0], b);
  return twoSum(high, low + a[1] * b);
}

export function over(a: DoubleDouble, b: number): DoubleDouble {
  const first = a[0] / b;
  const [high, low] = twoProduct(first, b);
  return twoSum(first, (a[0] - high - low + a[1]) / b);
}

/** value - a, rounded once: the error of an f64. */
export const errorOf = (value: number, a: DoubleDouble): number => value - a[0] - a[1];
