import { describe, expect, it } from 'vitest';
import { decimalToNumber } from '../../src/core/decimal.js';
import { bigAt, divideBig } from '../../src/core/exact.js';
import { present } from '../../src/table/present.js';
import { isValid, type PresentedTable, readInt64 } from '../../src/table/presented.js';
import { readDecimal, scaledWords } from '../../src/table/scaled-words.js';
import { exact, input, instrument } from './support.js';

const column = (table: PresentedTable, name: string) => table.columns.find((c) => c.name === name)!;
const f64 = (table: PresentedTable, name: string): number[] => {
  const { data } = column(table, name);
  if (data.type !== 'f64') throw new Error(`${name} is ${data.type}`);
  return [...data.values];
};
const decimals = (table: PresentedTable, name: string): bigint[] => {
  const { data } = column(table, name);
  if (data.type !== 'decimal') throw new Error(`${name} is ${data.type}`);
  return Array.from({ length: table.rows }, (_, row) => readDecimal(data.words, row));
};

describe('present', () => {
  it('gives decimal prices and sizes, each rounded once', () => {
    const a = instrument('A', '0.01', '0.001', { base: 268_000 });
    const b = instrument('B', '0.5', '100', { base: -3 });
    const table = present(
      input([a, b], {
        instrument: ['instrument', Uint32Array.of(0, 0, 1, 1)],
        open: ['tick', Int32Array.of(0, -67, 4, 5)],
        volume: ['lots', exact([4_960_564, 1, 7, 2n ** 61n + 1n])],
      }),
    );
    expect(f64(table, 'open')).toEqual([2680, 2679.33, 0.5, 1]);
    expect(f64(table, 'volume')).toEqual([4960.564, 0.001, 700, Number((2n ** 61n + 1n) * 100n)]);
  });

  it('rounds as the exact rational would for random units and magnitudes to 2^62', () => {
    let state = 1n;
    const next = (bits: bigint): bigint => {
      state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
      return state >> (64n - bits);
    };
    for (const [tick, lot] of [
      ['0.000001', '0.00000003'],
      ['0.05', '1e-18'],
      ['7', '250'],
    ]) {
      const one = instrument('A', tick!, lot!);
      const values = Array.from(
        { length: 300 },
        (_, i) => next(BigInt(1 + (i % 62))) * (i % 2 === 0 ? 1n : -1n),
      );
      const source = exact(values);
      const table = present(
        input([one], { instrument: ['instrument', new Uint32Array(values.length)], size: ['lots', source] }),
      );
      const got = f64(table, 'size');
      values.forEach((_, i) => {
        expect(got[i]).toBe(divideBig(bigAt(source, i) * BigInt(one.lot.coef), 10n ** BigInt(one.lot.scale)));
      });
    }
  });

  it('gives money one common scale and an f64 beside it, signs and widths intact', () => {
    const fine = instrument('A', '0.000001', '0.001');
    const coarse = instrument('B', '0.5', '10', { multiplier: { coef: 2, scale: 0 } });
    const values = [1, -1, 9_007_199_254_740_991, -(2n ** 90n), 3, -(2n ** 70n)];
    const source = exact(values);
    const table = present(
      input([fine, coarse], {
        instrument: ['instrument', Uint32Array.of(0, 0, 0, 0, 1, 1)],
        notional: ['money', source],
      }),
    );
    expect(column(table, 'notional').data).toMatchObject({ type: 'decimal', scale: 9 });
    expect(decimals(table, 'notional')).toEqual([
      1n,
      -1n,
      9_007_199_254_740_991n,
      -(2n ** 90n),
      3n * 10n * 10n ** 9n,
      -(2n ** 70n) * 10n * 10n ** 9n,
    ]);
    expect(f64(table, 'notional_f64')).toEqual([
      1e-9,
      -1e-9,
      9007199.254740991,
      divideBig(-(2n ** 90n), 10n ** 9n),
      30,
      -Number(2n ** 70n * 10n),
    ]);
  });

  it('counts inverse money in lots · face value', () => {
    const one = instrument('C', '0.1', '1', { contract: 'inverse', multiplier: { coef: 10, scale: 0 } });
    const table = present(
      input([one], { instrument: ['instrument', Uint32Array.of(0)], notional: ['money', exact([3])] }),
    );
    expect(f64(table, 'notional_f64')).toEqual([30]);
  });

  it('refuses money beyond 38 digits and names the instrument, and takes the largest that fits', () => {
    const one = instrument('BIG', '1', '1');
    const of = (value: bigint) =>
      input([one], { instrument: ['instrument', Uint32Array.of(0)], notional: ['money', exact([value])] });
    expect(decimals(present(of(10n ** 38n - 1n)), 'notional')).toEqual([10n ** 38n - 1n]);
    expect(() => present(of(10n ** 38n))).toThrow(/^BIG notional .* must fit 38 decimal digits/);
    const wide = [
      instrument('A', '1e-20', '1'),
      instrument('B', '1', '1e-20', { multiplier: decimalOf('1') }),
    ];
    expect(() =>
      present(
        input(wide, { instrument: ['instrument', Uint32Array.of(1)], notional: ['money', exact([1e12, 0])] }),
      ),
    ).not.toThrow();
  });

  it('gives money the finest decimal it really has, where the finest unit leaves no room', () => {
    const fine = instrument('FINE', '1e-18', '1e-18');
    const large = instrument('LARGE', '1', '1');
    const of = (first: bigint) =>
      input([fine, large], {
        instrument: ['instrument', Uint32Array.of(0, 0, 1)],
        notional: ['money', exact([first, 0, 60_000])],
      });
    // 3 · 10^20 · 10^-36 is 0.0000000000000003
    const table = present(of(3n * 10n ** 20n));
    expect(column(table, 'notional').data).toMatchObject({ type: 'decimal', scale: 16 });
    expect(decimals(table, 'notional')).toEqual([3n, 0n, 60_000n * 10n ** 16n]);
    expect(f64(table, 'notional_f64')).toEqual([3e-16, 0, 60_000]);
    expect(() => present(of(3n))).toThrow(
      'FINE notional 3 · 10^-36 must fit 38 decimal digits beside LARGE 60000; leave FINE out by --instruments',
    );
    // without the large one the unit's own scale stands
    expect(
      column(
        present(
          input([fine], { instrument: ['instrument', Uint32Array.of(0)], notional: ['money', exact([30])] }),
        ),
        'notional',
      ).data,
    ).toMatchObject({ scale: 36 });
  });

  it('presents as many instruments as there may be', () => {
    const many = Array.from({ length: 300_000 }, (_, i) =>
      instrument(`S${i}`, i === 299_999 ? '0.01' : '1', '1'),
    );
    const codes = Uint32Array.of(0, 299_999);
    const table = present(
      input(many, { instrument: ['instrument', codes], notional: ['money', exact([5, 5])] }),
    );
    expect(decimals(table, 'notional')).toEqual([500n, 5n]);
  });

  it('turns NaN and infinities into nulls with zeros beneath', () => {
    const table = present(
      input([instrument('A', '1', '1')], {
        instrument: ['instrument', new Uint32Array(5)],
        vi: ['f64', Float64Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1)],
        poc: ['tick', Float64Array.of(1, Number.NaN, 3, 4, 5) as never],
        at: ['time', Float64Array.of(1, 2, Number.NaN, 4, 5)],
        label: ['index', Float64Array.of(-7, 0, Number.NaN, 4, 2 ** 40)],
      }),
    );
    const valid = (name: string): boolean[] =>
      Array.from({ length: 5 }, (_, row) => isValid(column(table, name), row));
    expect(valid('vi')).toEqual([true, false, false, false, true]);
    expect(f64(table, 'vi')).toEqual([0.5, 0, 0, 0, -1]);
    expect(valid('poc')).toEqual([true, false, true, true, true]);
    expect(f64(table, 'poc')).toEqual([1, 0, 3, 4, 5]);
    expect(column(table, 'at').nulls).toBe(1);
    const { data } = column(table, 'label');
    if (data.type !== 'i64') throw new Error(data.type);
    expect([0, 1, 2, 3, 4].map((row) => readInt64(data.words, row))).toEqual([-7, 0, 0, 4, 2 ** 40]);
  });

  it('shows exact integers and hidden columns on request only, in declared order', () => {
    const of = input([instrument('A', '0.1', '0.01', { base: 50 })], {
      instrument: ['instrument', Uint32Array.of(0)],
      open: ['tick', Int32Array.of(-1)],
      secret: ['index', exact([2n ** 100n]), true],
      volume: ['lots', exact([-3])],
    });
    expect(present(of).columns.map((c) => c.name)).toEqual(['instrument', 'open', 'volume']);
    const table = present(of, { exact: true });
    expect(table.columns.map((c) => c.name)).toEqual([
      'instrument',
      'open',
      'open_ticks',
      'secret',
      'volume',
      'volume_lots',
    ]);
    const ticks = column(table, 'open_ticks').data;
    expect(ticks.type === 'i64' && readInt64(ticks.words, 0)).toBe(49);
    expect(decimals(table, 'volume_lots')).toEqual([-3n]);
    expect(decimals(table, 'secret')).toEqual([2n ** 100n]);
  });
});

describe('scaledWords', () => {
  it('multiplies without BigInt as BigInt does, around every limb boundary', () => {
    const values: number[] = [0];
    for (const power of [1, 23, 24, 25, 31, 32, 47, 48, 49, 52, 53])
      for (const by of [-1, 0, 1]) values.push(2 ** power + (power === 53 ? Math.min(by, 0) : by));
    const both = [...values, ...values.map((v) => -v)];
    const out = new Uint32Array(both.length * 4);
    for (const factor of [1n, 10n, 3n ** 15n, 10n ** 21n, (1n << 72n) - 1n, 1n << 73n]) {
      const fitting = both.map((v) =>
        BigInt(v) * factor < 10n ** 38n && BigInt(v) * factor > -(10n ** 38n) ? v : 0,
      );
      expect(scaledWords(out, exact(fitting), 0, fitting.length, factor)).toBe(-1);
      fitting.forEach((v, row) => {
        expect(readDecimal(out, row)).toBe(BigInt(v) * factor);
      });
    }
  });
});

const decimalOf = (text: string) => {
  const d = instrument('x', text, '1').tick;
  expect(decimalToNumber(d)).toBe(Number(text));
  return d;
};
