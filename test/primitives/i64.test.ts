import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { bigOf, evaluateRows, wordsOf } from '../support/wgsl.js';

/** Words at which carries, signs and digits of 16 bits begin and end. */
const EDGES = [
  0, 1, 2, 3, 10_000, 0x7fff, 0x8000, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0x80000001,
  0x8000ffff, 0xfffeffff, 0xffff0000, 0xffff0001, 0xfffffffe, 0xffffffff,
];

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

/** Two 64-bit integers; c is a word. */
interface Row {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** All pairs of edge words with the third, then 200,000 rows of which half the words are edges or short. */
function table(): Row[] {
  const next = seeded(20240104);
  const word = (): bigint => BigInt(next() % 2 ? EDGES[next() % EDGES.length]! : next() >>> (next() % 32));
  const pair = (): bigint => (word() << 32n) | word();
  const list: Row[] = [];
  for (const high of EDGES)
    for (const low of EDGES)
      for (const c of EDGES) list.push({ a: (BigInt(high) << 32n) | BigInt(low), b: pair(), c: BigInt(c) });
  for (let i = 0; i < 200_000; i++) list.push({ a: pair(), b: pair(), c: word() });
  return list;
}

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const flag = (value: boolean): bigint => (value ? 1n : 0n);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Quotient to the nearest integer, halves away from zero. */
function nearest(n: bigint, d: bigint): bigint {
  const q = (2n * magnitude(n) + d) / (2n * d);
  return n < 0n ? -q : q;
}

const floor = (n: bigint, d: bigint): bigint => n / d - flag(n % d < 0n);

const TABLE = table();
const pairOf = (call: string): string => `y = vec4<u32>(${call}, 0u, 0u);`;
const wordOf = (call: string): string => `y = vec4<u32>(${call}, 0u, 0u, 0u);`;
const flagOf = (call: string): string => wordOf(`select(0u, 1u, ${call})`);

describeGpu('i64', (gpu) => {
  /** Compares over the rows; inputs are `x[0].xy` a, `x[0].zw` b, `x[1].x` c. */
  async function compare(
    lib: string,
    body: string,
    list: readonly Row[],
    want: (row: Row) => bigint,
  ): Promise<void> {
    const rows = list.map(({ a, b, c }) => [...wordsOf(a | (b << 64n)), Number(c), 0, 0, 0]);
    const got = await evaluateRows(gpu(), [lib], body, rows);
    const wrong = list.findIndex((row, i) => bigOf(got, i) !== want(row));
    const hex = (value: bigint): string => `0x${value.toString(16)}`;
    const seen = list[wrong];
    expect(
      seen
        ? `row ${wrong}: a ${hex(seen.a)}, b ${hex(seen.b)}, c ${hex(seen.c)} give ${hex(bigOf(got, wrong))}, not ${hex(want(seen))}`
        : `${list.length} equal`,
    ).toBe(`${list.length} equal`);
  }

  it.each<[string, string, (row: Row) => bigint]>([
    ['add64', pairOf('add64(x[0].xy, x[0].zw)'), ({ a, b }) => wrap(a + b)],
    ['sub64', pairOf('sub64(x[0].xy, x[0].zw)'), ({ a, b }) => wrap(a - b)],
    ['neg64', pairOf('neg64(x[0].xy)'), ({ a }) => wrap(-a)],
    ['abs64', pairOf('abs64(x[0].xy)'), ({ a }) => wrap(magnitude(signed(a)))],
    ['less64', flagOf('less64(x[0].xy, x[0].zw)'), ({ a, b }) => flag(a < b)],
    [
      'less64 of equal high words',
      flagOf('less64(x[0].xw, x[0].zw)'),
      ({ a, b }) => flag((a & 0xffffffffn) < (b & 0xffffffffn)),
    ],
    ['less_signed64', flagOf('less_signed64(x[0].xy, x[0].zw)'), ({ a, b }) => flag(signed(a) < signed(b))],
    [
      'less_signed64 of equal high words',
      flagOf('less_signed64(x[0].xw, x[0].zw)'),
      ({ a, b }) => flag((a & 0xffffffffn) < (b & 0xffffffffn)),
    ],
    ['mul64', pairOf('mul64(x[0].xy, x[1].x)'), ({ a, c }) => wrap(a * c)],
    [
      'mul_signed64',
      pairOf('mul_signed64(bitcast<i32>(x[0].x), x[1].x)'),
      ({ a, c }) => wrap(BigInt.asIntN(32, a) * c),
    ],
    [
      'leading_zeros64',
      wordOf('leading_zeros64(x[0].xy)'),
      ({ a }) => BigInt(a ? 64 - a.toString(2).length : 64),
    ],
    ['shift_left64', pairOf('shift_left64(x[0].xy, x[1].x % 64u)'), ({ a, c }) => wrap(a << (c % 64n))],
    ['shift_right64', pairOf('shift_right64(x[0].xy, x[1].x % 64u)'), ({ a, c }) => a >> (c % 64n)],
  ])('%s equals BigInt', (_, body, want) => compare('i64', body, TABLE, want));

  it('shifts by every distance', () => {
    const list = TABLE.slice(0, 6400).map((row, i) => ({ ...row, c: BigInt(i % 64) }));
    const body = 'y = vec4<u32>(shift_left64(x[0].xy, x[1].x), shift_right64(x[0].xy, x[1].x));';
    return compare('i64', body, list, ({ a, c }) => wrap(a << c) | ((a >> c) << 64n));
  });

  const divisors = TABLE.filter(({ c }) => c > 0n);

  it('div_wide gives quotient and remainder', () =>
    compare(
      'div64',
      'let q = div_wide(x[0].y % x[1].x, x[0].x, x[1].x); y = vec4<u32>(q, 0u, 0u);',
      divisors,
      ({ a, c }) => {
        const n = (((a >> 32n) % c) << 32n) | (a & 0xffffffffn);
        return (n / c) | ((n % c) << 32n);
      },
    ));

  /** a · (b's low word) / c with a signed; only rows whose quotient fits. */
  const products = divisors
    .map(({ a, b, c }) => ({ a, b: b & 0xffffffffn, c }))
    .filter(({ a, b, c }) => (magnitude(signed(a)) * b) / c < 2n ** 63n - 1n);

  it('mul_div64 gives quotient and remainder', () => {
    expect(products.length).toBeGreaterThan(100_000);
    return compare(
      'div64',
      'y = vec4<u32>(mul_div64(abs64(x[0].xy), x[0].z, x[1].x), 0u);',
      products,
      ({ a, b, c }) => {
        const n = magnitude(signed(a)) * b;
        return (n / c) | ((n % c) << 64n);
      },
    );
  });

  it('mul_div_round64 rounds halves away from zero', () =>
    compare('div64', pairOf('mul_div_round64(x[0].xy, x[0].z, x[1].x)'), products, ({ a, b, c }) =>
      wrap(nearest(signed(a) * b, c)),
    ));

  it('mul_div_floor64 rounds down', () =>
    compare('div64', pairOf('mul_div_floor64(x[0].xy, x[0].z, x[1].x)'), products, ({ a, b, c }) =>
      wrap(floor(signed(a) * b, c)),
    ));

  it('a fee of 4 bps: halves of a unit go away from zero', () => {
    const money = [12500n, -12500n, 12499n, -12499n, 1250n, -1250n, 1249n, 3750n, -3750n, 0n];
    const due = [5n, -5n, 5n, -5n, 1n, -1n, 0n, 2n, -2n, 0n];
    const list = money.map((a, i) => ({ a: wrap(a), b: wrap(due[i]!), c: 0n }));
    return compare('div64', pairOf('mul_div_round64(x[0].xy, 4u, 10000u)'), list, ({ b }) => b);
  });

  it.each([0, 1, 15, 16, 30, 31])('ratio64 to %i bits is the nearest', (bits) => {
    const list = TABLE.map(({ a, b }) => {
      const top = b >> 1n || 1n;
      return { a: a > top ? a % (top + 1n) : a, b: top, c: 0n };
    });
    // whole, nothing, and ties
    for (const b of [1n, 2n, 3n << 40n, 2n ** 62n, 2n ** 63n - 1n])
      list.push({ a: b, b, c: 0n }, { a: 0n, b, c: 0n }, { a: b >> 1n, b, c: 0n });
    for (let n = 1n; n < 64n; n += 2n)
      list.push(
        { a: n << 20n, b: 2n ** BigInt(bits + 21), c: 0n },
        { a: n, b: 2n ** BigInt(bits + 1), c: 0n },
      );
    return compare(
      'div64',
      wordOf(`ratio64(x[0].xy, x[0].zw, ${bits}u)`),
      list.filter(({ a, b }) => a <= b),
      ({ a, b }) => nearest(a << BigInt(bits), b),
    );
  });
});
