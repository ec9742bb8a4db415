/** Uniform 32-bit integers and numbers in [0, 1); state is four words, so a stream can be told apart by seed. */
export interface Random {
  /** Integer in [0, 2^32). */
  readonly bits: () => number;
  /** Multiple of 2^-32 in [0, 1). */
  readonly unit: () => number;
  /** Integer in [0, n), n ≤ 2^21. */
  readonly below: (n: number) => number;
}

/**
 * xoshiro128** seeded by a Weyl sequence through a 32-bit finaliser. Integer operations only: the same
 * (seed, stream) gives the same numbers on every machine and engine.
 */
export function createRandom(seed: number, stream: number): Random {
  let weyl = (seed ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  const mixed = (): number => {
    weyl = (weyl + 0x9e3779b9) >>> 0;
    let z = weyl;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = mixed() | 0;
  let b = mixed() | 0;
  let c = mixed() | 0;
  // all four words zero is the one state that never moves
  let d = mixed() | 1;
  const bits = (): number => {
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  return { bits, unit: () => bits() / 4294967296, below: (n) => Math.floor((bits() / 4294967296) * n) };
}
