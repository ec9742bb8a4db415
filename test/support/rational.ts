/** An exact fraction in lowest terms, its denominator positive. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

export function rational(num: bigint | number, den: bigint | number = 1n): Rational {
  const [n, d] = [BigInt(num), BigInt(den)];
  let [a, b] = [n < 0n ? -n : n, d < 0n ? -d : d];
  while (b > 0n) [a, b] = [b, a % b];
  const g = d < 0n ? -a : a;
  return { num: n / g, den: d / g };
}

export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.num * b.den + b.num * a.den, a.den * b.den);
export const minus = (a: Rational, b: Rational): Rational => plus(a, { num: -b.num, den: b.den });
export const by = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);
export const per = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);
export const sumOf = (list: readonly Rational[]): Rational => list.reduce(plus, rational(0));

/** The nearest f64, near enough: within two units of the last place. */
export function toNumber({ num, den }: Rational): number {
  const shift = BigInt(Math.max(0, den.toString(2).length - num.toString(2).length + 60));
  return Number((num << shift) / den) / 2 ** Number(shift);
}
