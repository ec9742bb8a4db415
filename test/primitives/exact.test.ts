import { describe, expect, it } from 'vitest';
import {
  addExact,
  bigAt,
  decodeWords,
  divideBig,
  type ExactColumn,
  encodeWords,
  exactColumn,
  isExact,
  ratio,
  SAFE,
  setBig,
  type Weights,
  weightedRatio,
  weightedSum,
} from '../../src/core/exact.js';
import { random } from '../support/random.js';

const next = random(20240808);
const word = (): bigint => BigInt(Math.floor(next() * 4294967296));
/** A uniform integer of at most `bits` bits. */
const bigBits = (bits: number): bigint => {
  let value = 0n;
  for (let at = 0; at < bits; at += 32) value = (value << 32n) | word();
  return BigInt.asUintN(bits, value);
};
/** An integer of a random width up to `bits`, of either sign. */
const anyBig = (bits: number): bigint => {
  const value = bigBits(1 + Math.floor(next() * bits));
  return next() < 0.5 ? -value : value;
};

/** The nearest f64 of num / den by long division to 53 bits and the remainder's half; ties to even. */
function nearest(num: bigint, den: bigint): number {
  if (num === 0n) return 0;
  const negative = num < 0n !== den < 0n;
  let n = num < 0n ? -num : num;
  let d = den < 0n ? -den : den;
  let exponent = 0;
  for (; n / d >= 1n << 53n; exponent++) d <<= 1n;
  for (; n / d < 1n << 52n; exponent--) n <<= 1n;
  let mantissa = n / d;
  const rest = 2n * (n - mantissa * d);
  if (rest > d || (rest === d && mantissa % 2n === 1n)) mantissa++;
  const value = Number(mantissa) * 2 ** exponent;
  return negative ? -value : value;
}

const columnOf = (values: readonly bigint[]): ExactColumn => {
  const column = exactColumn(values.length);
  values.forEach((value, row) => {
    setBig(column, row, value);
  });
  return column;
};
const bigs = (column: ExactColumn): bigint[] => Array.from(column.values, (_, row) => bigAt(column, row));

/** Around every bound a sum may cross, on both sides of zero. */
const EDGES: readonly bigint[] = [31n, 32n, 52n, 53n, 54n, 63n, 64n, 65n, 95n, 96n, 97n, 125n, 126n]
  .flatMap((bits) => [-2n, -1n, 0n, 1n, 2n].map((step) => (1n << bits) + step))
  .flatMap((value) => [value, -value])
  .concat([0n, 1n, -1n]);

describe('setBig and bigAt', () => {
  it('hold any integer, and its nearest f64 beside it', () => {
    const column = columnOf(EDGES);
    expect(bigs(column)).toEqual(EDGES);
    EDGES.forEach((value, row) => {
      expect(column.values[row]).toBe(Number(value));
      expect(column.wide?.has(row) ?? false).toBe(value > BigInt(SAFE) || value < -BigInt(SAFE));
    });
  });

  it('forget a wide value that a narrow one replaces', () => {
    const column = columnOf([1n << 90n]);
    setBig(column, 0, 5n);
    expect(bigAt(column, 0)).toBe(5n);
    expect(column.wide?.size).toBe(0);
  });

  it('isExact tells columns from typed arrays', () => {
    expect(isExact(exactColumn(0))).toBe(true);
    for (const other of [new Float64Array(1), null, undefined, 1, {}]) expect(isExact(other)).toBe(false);
  });
});

describe('addExact', () => {
  it('sums to the integer, up across every bound and back down', () => {
    const target = exactColumn(1);
    let sum = 0n;
    const steps = Array.from({ length: 400 }, () => anyBig(126));
    for (const step of [...steps, ...EDGES, ...EDGES.map((edge) => -edge), ...steps.map((step) => -step)]) {
      addExact(target, 0, columnOf([step]), 0);
      sum += step;
      expect(bigAt(target, 0)).toBe(sum);
      expect(target.values[0]).toBe(Number(sum));
    }
    expect(bigAt(target, 0)).toBe(0n);
  });

  it('is exact just where f64 sums stop being so', () => {
    for (const [a, b] of [
      [2n ** 53n - 1n, 1n],
      [2n ** 53n - 1n, 2n],
      [2n ** 53n, 1n],
      [2n ** 53n, -1n],
      [-(2n ** 53n), -1n],
      [2n ** 53n + 1n, -1n],
    ] as const) {
      const target = columnOf([a]);
      addExact(target, 0, columnOf([b]), 0);
      expect(bigAt(target, 0)).toBe(a + b);
    }
  });

  it('adds a column to itself', () => {
    const column = columnOf([2n ** 96n + 1n, 7n]);
    addExact(column, 1, column, 0);
    expect(bigs(column)).toEqual([2n ** 96n + 1n, 2n ** 96n + 8n]);
  });
});

describe('divideBig', () => {
  it('rounds random quotients once, as long division does', () => {
    for (let i = 0; i < 4000; i++) {
      const num = anyBig(200);
      const den = anyBig(150) || 1n;
      expect(divideBig(num, den), `${num} / ${den}`).toBe(nearest(num, den));
    }
  });

  it('takes ties to even, and breaks them by the smallest excess', () => {
    for (let i = 0; i < 500; i++) {
      // num / den = (mantissa + 1/2) · 2^shift exactly
      const mantissa = (1n << 52n) | bigBits(52);
      const den = bigBits(60) | 1n;
      const shift = BigInt(Math.floor(next() * 60));
      const tie = ((2n * mantissa + 1n) * den) << shift;
      const scale = 2 ** (Number(shift) + 1);
      const even = Number(mantissa + (mantissa % 2n));
      expect(divideBig(tie, den)).toBe(even * scale);
      expect(divideBig(-tie, den)).toBe(-even * scale);
      expect(divideBig(tie + 1n, den)).toBe(Number(mantissa + 1n) * scale);
      expect(divideBig(tie - 1n, den)).toBe(Number(mantissa) * scale);
      // the same tie below one
      expect(divideBig(2n * mantissa + 1n, 1n << 100n)).toBe(even * 2 ** -99);
    }
  });

  it('equals the f64 division where that is exact in its operands', () => {
    for (let i = 0; i < 2000; i++) {
      const a = Number(bigBits(53));
      const b = Number(bigBits(53)) + 1;
      expect(divideBig(BigInt(a), BigInt(b))).toBe(a / b);
    }
  });

  it('keeps signs and gives 0 for 0', () => {
    expect(divideBig(7n, -2n)).toBe(-3.5);
    expect(divideBig(-7n, -2n)).toBe(3.5);
    expect(divideBig(0n, -5n)).toBe(0);
    expect(divideBig(1n, 3n)).toBe(1 / 3);
  });

  it('reaches far quotients on both sides of one', () => {
    expect(divideBig(1n << 900n, 3n)).toBe(nearest(1n << 900n, 3n));
    expect(divideBig(3n, (1n << 900n) + 1n)).toBe(nearest(3n, (1n << 900n) + 1n));
  });
});

describe('ratio', () => {
  it('divides wide and narrow cells alike, and is null over 0', () => {
    const nums = [...EDGES, 5n, 0n];
    const dens = nums.map((_, i) =>
      i === nums.length - 2 ? 0n : i % 3 === 0 ? 7n : (1n << 60n) + BigInt(i),
    );
    const got = ratio(columnOf(nums), columnOf(dens));
    nums.forEach((num, i) => {
      if (dens[i] === 0n) expect(got[i]).toBeNaN();
      else expect(got[i], `${num} / ${dens[i]}`).toBe(nearest(num, dens[i]!));
    });
  });
});

describe('weightedSum and weightedRatio', () => {
  const positive = EDGES.filter((edge) => edge >= 0n);
  const cells = (n: number): bigint[] =>
    Array.from({ length: n }, () =>
      next() < 0.3 ? positive[Math.floor(next() * positive.length)]! : bigBits(Math.floor(next() * 100)),
    );
  const WEIGHTS: readonly Weights[] = [
    [1, -1, 0],
    [1, 1, 1],
    [1, -1, -1],
    [1, -1, 1],
    [0, 0, 1],
  ];

  it('are exact past 2^53, 2^64 and 2^96', () => {
    const lists = [cells(300), cells(300), cells(300)] as const;
    const columns = lists.map(columnOf) as unknown as readonly [ExactColumn, ExactColumn, ExactColumn];
    for (const weights of WEIGHTS) {
      const sums = lists[0].map((_, i) =>
        lists.reduce((sum, list, n) => sum + list[i]! * BigInt(weights[n]!), 0n),
      );
      expect(bigs(weightedSum(columns, weights))).toEqual(sums);
      const totals = lists[0].map((_, i) => lists[0][i]! + lists[1][i]! + lists[2][i]!);
      const got = weightedRatio(columns, weights, [1, 1, 1]);
      totals.forEach((total, i) => {
        if (total === 0n) expect(got[i]).toBeNaN();
        else expect(got[i], `${sums[i]} / ${total}`).toBe(nearest(sums[i]!, total));
      });
    }
  });

  it('is null where the denominator is 0 though a column is not', () => {
    const columns = [columnOf([0n]), columnOf([0n]), columnOf([9n])] as const;
    expect(weightedRatio(columns, [1, -1, 0], [1, 1, 0])[0]).toBeNaN();
    expect(weightedRatio(columns, [1, -1, -1], [1, 1, 1])[0]).toBe(-1);
  });

  it('cancels where the f64 sum would have lost the difference', () => {
    const columns = [columnOf([2n ** 96n + 1n]), columnOf([2n ** 96n]), columnOf([0n])] as const;
    expect(bigs(weightedSum(columns, [1, -1, 0]))).toEqual([1n]);
    expect(weightedRatio(columns, [1, -1, 0], [1, 1, 0])[0]).toBe(nearest(1n, 2n ** 97n + 1n));
  });
});

describe('encodeWords and decodeWords', () => {
  it('round trips four signed words past every bound', () => {
    const values = [...EDGES, ...Array.from({ length: 500 }, () => anyBig(126))];
    const column = columnOf(values);
    const words = encodeWords(column, 0, values.length);
    values.forEach((value, row) => {
      for (let w = 0; w < 4; w++)
        expect(BigInt(words[row * 4 + w]!)).toBe(
          (BigInt.asUintN(128, value) >> BigInt(32 * w)) & 0xffffffffn,
        );
    });
    const back = decodeWords(words, values.length, 4, true);
    expect(bigs(back)).toEqual(values);
    expect([...(back.wide?.keys() ?? [])]).toEqual([...(column.wide?.keys() ?? [])]);
  });

  it('encodes a range of rows', () => {
    const column = columnOf([1n, 2n ** 70n, -3n, 2n ** 100n]);
    expect(bigs(decodeWords(encodeWords(column, 1, 3), 2, 4, true))).toEqual([2n ** 70n, -3n]);
    expect(encodeWords(column, 2, 2).length).toBe(0);
  });

  it.each([2, 3, 4] as const)('decodes %i words, signed and unsigned', (words) => {
    const bits = words * 32;
    const values = [
      ...EDGES.map((edge) => BigInt.asUintN(bits, edge)),
      ...Array.from({ length: 300 }, () => bigBits(bits)),
    ];
    const source = Uint32Array.from(
      values.flatMap((value) =>
        Array.from({ length: words }, (_, w) => Number((value >> BigInt(32 * w)) & 0xffffffffn)),
      ),
    );
    expect(bigs(decodeWords(source, values.length, words, false))).toEqual(values);
    expect(bigs(decodeWords(source, values.length, words, true))).toEqual(
      values.map((value) => BigInt.asIntN(bits, value)),
    );
  });
});
