import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { bigOf, evaluateRows, wordsOf } from '../support/wgsl.js';

/** Words at which carries begin, end and run through. */
const EDGES = [
  0, 1, 2, 0x7fff, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xfffeffff, 0xffff0000, 0xfffffffe,
  0xffffffff,
];

/** Seeded words (xorshift32). */
function words(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** 2,000 pairs of 128-bit integers, half of their words edges. */
function pairs(): [bigint, bigint][] {
  const next = words(20240102);
  const one = (): bigint => {
    let value = 0n;
    for (let w = 0; w < 4; w++)
      value = (value << 32n) | BigInt(next() % 2 ? EDGES[next() % EDGES.length]! : next());
    return value;
  };
  const list: [bigint, bigint][] = Array.from({ length: 2000 }, () => [one(), one()]);
  const top = 2n ** 128n - 1n;
  for (const value of [0n, 1n, 2n ** 32n - 1n, 2n ** 64n - 1n, 2n ** 96n - 1n, 2n ** 127n, top])
    list.push([value, 0n], [value, 1n], [value, value], [1n, value], [value, top]);
  return list;
}

const wrap = (value: bigint): bigint => BigInt.asUintN(128, value);

describeGpu('u128', (gpu) => {
  const PAIRS = pairs();
  const rows = PAIRS.map(([a, b]) => [...wordsOf(a), ...wordsOf(b)]);

  it.each([
    ['add128', 'y = add128(x[0], x[1]);', (a: bigint, b: bigint) => wrap(a + b)],
    [
      'add_words of 2',
      'y = add_words(x[0], x[1], 2u);',
      (a: bigint, b: bigint) => (a + b) & 0xffffffffffffffffn,
    ],
    ['add_words of 4', 'y = add_words(x[0], x[1], 4u);', (a: bigint, b: bigint) => wrap(a + b)],
    [
      'mul_words of 2',
      'y = mul_words(x[0], x[1].x, 2u);',
      (a: bigint, b: bigint) => (a * (b & 0xffffffffn)) & 0xffffffffffffffffn,
    ],
    [
      'less128',
      'y = vec4<u32>(select(0u, 1u, less128(x[0], x[1])), 0u, 0u, 0u);',
      (a: bigint, b: bigint) => (a < b ? 1n : 0n),
    ],
    [
      'reaches128',
      'y = vec4<u32>(select(0u, 1u, reaches128(x[0], x[1], false)), select(0u, 1u, reaches128(x[0], x[1], true)), 0u, 0u);',
      (a: bigint, b: bigint) => (a >= b ? 1n : 0n) + ((a > b ? 1n : 0n) << 32n),
    ],
    ['mul128', 'y = mul128(x[0], x[1].x);', (a: bigint, b: bigint) => wrap(a * (b & 0xffffffffn))],
    [
      'mul_wide',
      'let p = mul_wide(x[0].x, x[1].x); y = vec4<u32>(p, 0u, 0u);',
      (a: bigint, b: bigint) => (a & 0xffffffffn) * (b & 0xffffffffn),
    ],
  ] as const)('%s equals BigInt', async (_, body, want) => {
    const got = await evaluateRows(gpu(), ['u128'], body, rows);
    const wrong = PAIRS.findIndex(([a, b], i) => bigOf(got, i) !== want(a, b));
    expect(wrong < 0 ? 'all equal' : `row ${wrong}: ${PAIRS[wrong]} gives ${bigOf(got, wrong)}`).toBe(
      'all equal',
    );
  });

  it('mul_wide is exact on every pair of edge words', async () => {
    const list = EDGES.flatMap((a) => EDGES.map((b) => [a, b, 0, 0]));
    const got = await evaluateRows(
      gpu(),
      ['u128'],
      'let p = mul_wide(x[0].x, x[0].y); y = vec4<u32>(p, 0u, 0u);',
      list,
    );
    list.forEach(([a, b], i) => {
      expect(bigOf(got, i), `${a} · ${b}`).toBe(BigInt(a!) * BigInt(b!));
    });
  });
});
