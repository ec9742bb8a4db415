import { random } from './random.js';

/** Independent variables of mean 0 and variance 1, nearly normal: sums of twelve uniforms, the same bits everywhere. */
export function noise(seed: number, n: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: n }, () => {
    let sum = 0;
    for (let k = 0; k < 12; k++) sum += next();
    return sum - 6;
  });
}

/** x_t = φ·x_{t-1} + e_t from x_{-1} = 0. */
export function autoregression(seed: number, n: number, phi: number): Float64Array {
  let before = 0;
  return noise(seed, n).map((e) => {
    before = phi * before + e;
    return before;
  });
}

/** Σ of elementwise `terms[i].factor · terms[i].series`. */
export function combine(
  ...terms: readonly (readonly [factor: number, series: Float64Array])[]
): Float64Array {
  return terms[0]![1].map((_, t) => terms.reduce((sum, [factor, series]) => sum + factor * series[t]!, 0));
}

export const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
