import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { evaluateRows } from '../support/wgsl.js';

/** [low, high] words of a binary64. */
type Words = readonly [number, number];

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const NAN: Words = [0, 0x7ff80000];

function wordsOf(value: number): Words {
  float[0] = value;
  // JavaScript leaves the bits of a NaN open
  return Number.isNaN(value) ? NAN : [words[0]!, words[1]!];
}

function floatOf([low, high]: Words): number {
  words[0] = low;
  words[1] = high;
  return float[0]!;
}

const hex = ([low, high]: Words): string =>
  `0x${high.toString(16).padStart(8, '0')}_${low.toString(16).padStart(8, '0')}`;

/** Seeded words (xorshift32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const ULP = 2 ** -52;

/** Integers that must be rounded, ties among them, and the ends of their range. */
const INTEGERS: readonly Words[] = [
  ...[0, 1, 31, 32, 52, 53, 54, 61, 62, 63].flatMap((n) => [2n ** BigInt(n), 2n ** BigInt(n) - 1n]),
  ...[2n ** 53n + 1n, 2n ** 53n + 3n, 2n ** 54n + 2n, 2n ** 54n + 6n, 2n ** 63n + 1024n, 2n ** 63n + 3072n],
  ...[2n ** 63n + 1025n, 2n ** 64n - 1024n, 2n ** 64n - 1025n, 2n ** 64n - 1n],
]
  .flatMap((value) => [value, BigInt.asUintN(64, -value)])
  .map((value): Words => [Number(value & 0xffffffffn), Number(value >> 32n)]);

const big = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low);

/** Values at which rounding, alignment, carries and special cases change, of either sign. */
const HARD: readonly Words[] = [
  0,
  // subnormals, and the border to normal numbers
  ...[1, 2, 3, 5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 51, 2 ** 52 - 1].map((n) => n * 2 ** -1074),
  ...[2 ** 52, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2].map((n) => n * 2 ** -1074),
  // about 1, half ulps of it, and neighbours of those
  ...[1, 1 + ULP, 1 - ULP / 2, 1 + 2 * ULP, 1 + 3 * ULP, 2 - ULP, 1.5, 1.5 + ULP, 3, 1 / 3, 10, 0.1],
  ...[ULP, ULP / 2, ULP / 4, ULP / 2 + 2 ** -105, ULP / 2 - 2 ** -106, ULP * 1.5, ULP * 0.75],
  ...[2 ** -53 - 2 ** -107, 2 ** -54 + 2 ** -106, 2 ** -54 - 2 ** -107, 2 ** -55, 2 ** -56, 2 ** -64],
  // integers about 2^53, and digits of the multiplication that are all ones
  ...[2 ** 52, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 54 - 2, 2 ** 54, 2 ** 55, 2 ** 56],
  ...[2 ** 14 - 1, 2 ** 28 - 1, 2 ** 26 + 1, 2 ** 27 + 1, 94906267, 134217729, 2 ** 32 - 1, 2 ** 63, 2 ** 64],
  // products and quotients that reach or leave the subnormals, with ties
  ...[2 ** -511, 2 ** -537, 1.5 * 2 ** -537, 2 ** -538, 2 ** -1021, 3 * 2 ** -1022, (1 + ULP) * 2 ** -1022],
  // towards overflow
  ...[2 ** 511, 2 ** 512, (2 - ULP) * 2 ** 511, 2 ** 970, 2 ** 969, 2 ** 1022, 2 ** 1023, 1.5 * 2 ** 1023],
  ...[Number.MAX_VALUE, (2 - 2 * ULP) * 2 ** 1023, Number.POSITIVE_INFINITY],
]
  .flatMap((value) => [value, -value])
  .map(wordsOf)
  .concat([NAN, [1, 0x7ff00000], [5, 0xfff80000]]);

/** Bits of which many are equal, so that ties and cancellations are common. */
function fraction(next: () => number): Words {
  switch (next() % 4) {
    case 0:
      return [next(), next() >>> 12];
    case 1: {
      const zeros = next() % 52;
      const [low, high] = [zeros < 32 ? next() << zeros : 0, next() >>> 12];
      return [low >>> 0, zeros < 32 ? high : (high << (zeros - 32)) & 0xfffff];
    }
    case 2:
      return [next() % 3 ? 0xffffffff : 0xfffffffe, 0xfffff];
    default:
      return [next() % 4, next() % 2];
  }
}

/** A pair whose exponents are `apart` apart, or add or subtract to the border of the subnormals. */
function near(next: () => number): [Words, Words] {
  const clamp = (e: number): number => Math.min(Math.max(e, 0), 0x7fe);
  const first = next() % 2047;
  const apart = (next() % 141) - 70;
  const second = [first + apart, 1023 - first + apart, first + 1023 + apart, next() % 2047][next() % 4]!;
  const make = (exponent: number): Words => {
    const [low, high] = fraction(next);
    return [low, (((next() & 1) << 31) | (clamp(exponent) << 20) | high) >>> 0];
  };
  return [make(first), make(second)];
}

function pairs(): [Words, Words][] {
  const next = seeded(20240103);
  const list: [Words, Words][] = HARD.flatMap((a) => HARD.map((b): [Words, Words] => [a, b]));
  for (let i = 0; i < 100_000; i++)
    list.push(
      [
        [next(), next()],
        [next(), next()],
      ],
      near(next),
    );
  return list;
}

/** The first row that differs, or how many agree. */
function judge(
  got: Uint32Array,
  inputs: readonly (readonly Words[])[],
  want: (row: number) => Words,
): string {
  for (let i = 0; i < inputs.length; i++) {
    const found: Words = [got[i * 4]!, got[i * 4 + 1]!];
    const due = want(i);
    if (found[0] !== due[0] || found[1] !== due[1])
      return `row ${i}: ${inputs[i]!.map(hex).join(', ')} gives ${hex(found)}, not ${hex(due)}`;
  }
  return `${inputs.length} equal`;
}

describeGpu('f64', (gpu) => {
  const PAIRS = pairs();
  const rows = PAIRS.map(([a, b]) => [...a, ...b]);
  const values = PAIRS.map(([a, b]) => [floatOf(a), floatOf(b)] as const);

  it.each([
    ['f64_add', 'f64', (a: number, b: number) => a + b],
    ['f64_sub', 'f64', (a: number, b: number) => a - b],
    ['f64_mul', 'f64-mul', (a: number, b: number) => a * b],
    ['f64_div', 'f64-div', (a: number, b: number) => a / b],
    ['f64_max', 'f64-compare', (a: number, b: number) => Math.max(a, b)],
    ['f64_min', 'f64-compare', (a: number, b: number) => Math.min(a, b)],
  ] as const)('%s gives the bits of JavaScript', async (name, lib, operate) => {
    const got = await evaluateRows(gpu(), [lib], `y = vec4<u32>(${name}(x[0].xy, x[0].zw), 0u, 0u);`, rows);
    const verdict = judge(got, PAIRS, (i) => wordsOf(operate(...values[i]!)));
    expect(verdict).toBe(`${PAIRS.length} equal`);
  });

  it.each([
    ['f64_less', (a: number, b: number) => a < b],
    ['f64_less_equal', (a: number, b: number) => a <= b],
    ['f64_equal', (a: number, b: number) => a === b],
  ] as const)('%s decides as JavaScript', async (name, operate) => {
    const body = `y.x = select(0u, 1u, ${name}(x[0].xy, x[0].zw));`;
    const got = await evaluateRows(gpu(), ['f64-compare'], body, rows);
    const verdict = judge(got, PAIRS, (i) => [operate(...values[i]!) ? 1 : 0, 0]);
    expect(verdict).toBe(`${PAIRS.length} equal`);
  });

  it.each([
    ['f64_neg(x[0].xy)', (a: Words) => wordsOf(-floatOf(a))],
    ['f64_abs(x[0].xy)', (a: Words) => wordsOf(Math.abs(floatOf(a)))],
    ['vec2<u32>(select(0u, 1u, f64_is_nan(x[0].xy)), 0u)', (a: Words) => [+Number.isNaN(floatOf(a)), 0]],
    ['f64_from_u32(x[0].x)', ([low]: Words) => wordsOf(low)],
    ['f64_from_i32(bitcast<i32>(x[0].x))', ([low]: Words) => wordsOf(low | 0)],
    ['f64_from_u64(x[0].xy)', ([low, high]: Words) => wordsOf(Number(big(low, high)))],
    ['f64_from_i64(x[0].xy)', ([low, high]: Words) => wordsOf(Number(BigInt.asIntN(64, big(low, high))))],
  ] as const)('%s', async (call, want) => {
    const singles = PAIRS.map(([a]) => [a]).concat(INTEGERS.map((value) => [value]));
    const got = await evaluateRows(
      gpu(),
      ['f64'],
      `y = vec4<u32>(${call}, 0u, 0u);`,
      singles.map(([a]) => [...a!, 0, 0]),
    );
    expect(judge(got, singles, (i) => want(singles[i]![0]!) as Words)).toBe(`${singles.length} equal`);
  });

  it.each([
    [
      '10,000 random values',
      2 / 21,
      (_: number, next: () => number) => ((next() | 0) % 1e6) * 1e-4,
      (end: number) => Math.abs(end) > 1,
    ],
    [
      'one value, decaying to a subnormal',
      0.1,
      (i: number) => +(i === 0),
      (end: number) => end > 0 && end < 2 ** -1070,
    ],
    ['one value, decaying to zero', 0.6, (i: number) => +(i === 0), (end: number) => end === 0],
  ] as const)(
    'an exponential average of %s follows JavaScript at every step',
    async (_, weight, value, ends) => {
      const next = seeded(7);
      const data = Array.from({ length: 10_000 }, (_, i) => value(i, next));
      let average = data[0]!;
      const want = data.map((x) => {
        average += weight * (x - average);
        return wordsOf(average);
      });
      expect(ends(average), `${average}`).toBe(true);
      const inputs = data.map((x): Words[] => [wordsOf(x), wordsOf(weight)]);
      const body = `if (row > 0u) { return; }
      var average = source[0].xy;
      for (var i = 0u; i < arrayLength(&source); i++) {
        average = f64_add(average, f64_mul(source[i].zw, f64_sub(source[i].xy, average)));
        sink[i] = vec4<u32>(average, 0u, 0u);
      }
      y = sink[0];`;
      const got = await evaluateRows(
        gpu(),
        ['f64-mul'],
        body,
        inputs.map((pair) => pair.flat()),
      );
      expect(judge(got, inputs, (i) => want[i]!)).toBe('10000 equal');
    },
  );
});
