/** Seeded uniform numbers in [0, 1): splitmix32, enough for tests and equal everywhere. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
}

export const integerIn = (next, from, to) => from + Math.floor(next() * (to - from + 1));
