import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { integerIn, random } from '../support/random.js';
import { bigOf, evaluateRows, wordsOf } from '../support/wgsl.js';

const wrap = (value: bigint): bigint => BigInt.asUintN(128, value);
const low64 = (value: bigint): bigint => BigInt.asUintN(64, value);

describeGpu('mul128', (gpu) => {
  const next = random(128);
  const edges = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 96n, 2n ** 128n - 1n];
  const one = (): bigint => {
    if (next() < 0.3) return edges[integerIn(next, 0, edges.length - 1)]!;
    let value = 0n;
    for (let w = 0; w < 4; w++) value = (value << 32n) | BigInt(integerIn(next, 0, 2 ** 32 - 1));
    return value >> BigInt(integerIn(next, 0, 120));
  };
  const pairs = Array.from({ length: 2000 }, () => [one(), one()] as const);
  const rows = pairs.map(([a, b]) => [...wordsOf(a), ...wordsOf(b)]);

  it.each([
    ['sub128', 'y = sub128(x[0], x[1]);', (a: bigint, b: bigint) => wrap(a - b)],
    ['mul128_64', 'y = mul128_64(x[0], x[1].xy);', (a: bigint, b: bigint) => wrap(a * low64(b))],
    ['square64', 'y = square64(x[0].xy);', (a: bigint) => low64(a) ** 2n],
  ] as const)('%s', async (_, body, want) => {
    const words = await evaluateRows(gpu(), ['mul128'], body, rows);
    pairs.forEach(([a, b], i) => {
      expect(bigOf(words, i), `${a}, ${b}`).toBe(want(a, b));
    });
  });
});
