import { describe, expect, it } from 'vitest';
import type { Accuracy, ColumnSpec, OutputSpec } from '../src/core/analytic.js';
import type { Column, Instrument } from '../src/core/columns.js';
import { decimal } from '../src/core/decimal.js';
import { type ExactColumn, exactColumn, setBig } from '../src/core/exact.js';
import { compareColumns, compareResults } from '../src/engine/compare.js';
import type { Result, ResultTable } from '../src/engine/result.js';

const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
const exact = (...values: (number | bigint)[]): ExactColumn => {
  const column = exactColumn(values.length);
  values.forEach((value, row) => {
    setBig(column, row, BigInt(value));
  });
  return column;
};
const within = (absolute: number): Accuracy => ({ absolute, why: 'the test says so' });
const EVERY: readonly Accuracy[] = ['exact', 'rounded', 'f64', within(1e300)];
const named = (accuracy: Accuracy): string => (typeof accuracy === 'string' ? accuracy : 'absolute');

/** The next f64 away from zero, by its bits. */
function up(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}

const misses = (got: Column | undefined, want: Column | undefined, accuracy: Accuracy): number =>
  compareColumns(got, want, accuracy).count;

describe('compareColumns, in every accuracy class', () => {
  describe.each(EVERY.map((accuracy) => [named(accuracy), accuracy] as const))('%s', (_, accuracy) => {
    it('equal values agree, nulls and infinities included', () => {
      const values = f64(0, -0, 1, -1.5, 1e-308, 5e-324, 2 ** 53, Number.NaN, Infinity, -Infinity);
      expect(compareColumns(values, values.slice(), accuracy)).toEqual({ count: 0, worst: undefined });
    });

    it.each([
      ['null for a number', Number.NaN, 1],
      ['null for zero', Number.NaN, 0],
      ['a number for null', 1, Number.NaN],
      ['zero for null', 0, Number.NaN],
      ['null for infinity', Number.NaN, Infinity],
      ['infinity for null', Infinity, Number.NaN],
      ['infinity for a number', Infinity, 1],
      ['a number for infinity', 1, Infinity],
      ['a number for minus infinity', 1, -Infinity],
      ['infinity for minus infinity', Infinity, -Infinity],
      ['the largest number for infinity', Number.MAX_VALUE, Infinity],
    ])('%s is a mismatch, and an infinite one', (_what, got, want) => {
      expect(compareColumns(f64(7, got), f64(7, want), accuracy)).toEqual({
        count: 1,
        worst: { row: 1, excess: Infinity },
      });
    });

    it('a missing column, on one side or on both, does not agree', () => {
      expect(misses(undefined, f64(1), accuracy)).toBe(1);
      expect(misses(f64(1), undefined, accuracy)).toBe(1);
      expect(misses(undefined, undefined, accuracy)).toBe(1);
    });

    it('other lengths are one mismatch of no row', () => {
      const want = { count: 1, worst: { row: -1, excess: Infinity } };
      expect(compareColumns(f64(1), f64(1, 2), accuracy)).toEqual(want);
      expect(compareColumns(f64(1, 2), f64(1), accuracy)).toEqual(want);
      expect(compareColumns(f64(), f64(1), accuracy)).toEqual(want);
      expect(compareColumns(exact(1), exact(1, 2), accuracy)).toEqual(want);
    });

    it('an exact column is no f64 column', () => {
      expect(misses(exact(1), f64(1), accuracy)).toBe(1);
      expect(misses(f64(1), exact(1), accuracy)).toBe(1);
    });

    it('empty columns agree', () => {
      expect(misses(f64(), f64(), accuracy)).toBe(0);
      expect(misses(exact(), exact(), accuracy)).toBe(0);
    });
  });
});

describe('compareColumns, exact and rounded', () => {
  for (const accuracy of ['exact', 'rounded'] as const) {
    it(`${accuracy}: one unit in the last place is a mismatch, at every magnitude`, () => {
      for (const value of [1, -1, 1 / 3, 2 ** 52, 2 ** 53, 1e15, 1e-300, 1e300, 5e-324]) {
        expect(misses(f64(up(value)), f64(value), accuracy), String(value)).toBe(1);
        expect(misses(f64(value), f64(up(value)), accuracy), String(value)).toBe(1);
      }
    });

    it(`${accuracy}: zero is not minus zero`, () => {
      expect(compareColumns(f64(0), f64(-0), accuracy)).toEqual({ count: 1, worst: { row: 0, excess: 0 } });
      expect(misses(f64(-0), f64(0), accuracy)).toBe(1);
    });

    it(`${accuracy}: integers differ by their values, not by their words`, () => {
      expect(misses(Int32Array.of(-1), Uint32Array.of(4294967295), accuracy)).toBe(1);
      expect(misses(Int32Array.of(7), Uint32Array.of(7), accuracy)).toBe(0);
    });
  }
});

describe('compareColumns, f64', () => {
  it('takes 1e-12 of the wanted value, and nothing beyond', () => {
    for (const want of [1, -1, 1e-200, 1e200, 12345.678, 2 ** 53]) {
      const bound = 1e-12 * Math.abs(want);
      const inside = want + bound * 0.999;
      const outside = want + bound * 1.001;
      expect(misses(f64(inside), f64(want), 'f64'), `${inside} for ${want}`).toBe(0);
      expect(misses(f64(want - bound * 0.999), f64(want), 'f64')).toBe(0);
      expect(misses(f64(outside), f64(want), 'f64'), `${outside} for ${want}`).toBe(1);
      expect(misses(f64(want - bound * 1.001), f64(want), 'f64')).toBe(1);
      expect(misses(f64(-want), f64(want), 'f64')).toBe(1);
    }
  });

  it('takes the bound itself and not one unit in the last place more', () => {
    const want = 2 ** 40;
    const bound = 1e-12 * want;
    let inside = want;
    while (up(inside) - want <= bound) inside = up(inside);
    expect(inside).toBeGreaterThan(want);
    expect(misses(f64(inside), f64(want), 'f64')).toBe(0);
    expect(misses(f64(up(inside)), f64(want), 'f64')).toBe(1);
  });

  it('is relative to the wanted value: nothing but zero is near zero', () => {
    expect(misses(f64(5e-324), f64(0), 'f64')).toBe(1);
    expect(misses(f64(0), f64(5e-324), 'f64')).toBe(1);
    expect(misses(f64(0), f64(1e-300), 'f64')).toBe(1);
    expect(misses(f64(-0), f64(0), 'f64')).toBe(0);
  });
});

describe('compareColumns, absolute', () => {
  it('takes the stated bound and nothing beyond', () => {
    expect(misses(f64(1.25), f64(1), within(0.25))).toBe(0);
    expect(misses(f64(0.75), f64(1), within(0.25))).toBe(0);
    expect(misses(f64(up(1.25)), f64(1), within(0.25))).toBe(1);
    expect(misses(f64(1e-9), f64(0), within(1e-9))).toBe(0);
    expect(misses(f64(up(1e-9)), f64(0), within(1e-9))).toBe(1);
  });

  it('does not grow with the value', () => {
    expect(misses(f64(1e9 + 0.5), f64(1e9), within(0.25))).toBe(1);
  });

  it('0 means equal', () => {
    expect(misses(f64(1), f64(1), within(0))).toBe(0);
    expect(misses(f64(up(1)), f64(1), within(0))).toBe(1);
  });

  it('a bound of infinity or NaN still refuses nulls and infinities', () => {
    for (const bound of [Infinity, Number.NaN]) {
      expect(misses(f64(Number.NaN), f64(1), within(bound))).toBe(1);
      expect(misses(f64(1), f64(Infinity), within(bound))).toBe(1);
    }
    expect(misses(f64(2), f64(1), within(Number.NaN))).toBe(1);
  });
});

describe('compareColumns, integers beyond 2^53', () => {
  const base = 2n ** 80n;

  it('tells apart integers with the same f64', () => {
    expect(Number(base)).toBe(Number(base + 1n));
    expect(compareColumns(exact(1, base + 1n), exact(1, base), 'exact')).toEqual({
      count: 1,
      worst: { row: 1, excess: 1 },
    });
    expect(misses(exact(-base - 1n), exact(-base), 'exact')).toBe(1);
    expect(misses(exact(2n ** 53n + 1n), exact(2n ** 53n), 'exact')).toBe(1);
    expect(misses(exact(2n ** 53n), exact(2n ** 53n + 1n), 'exact')).toBe(1);
  });

  it('counts a cell once, whether or not its f64 shows the difference', () => {
    expect(misses(exact(base, 2n * base, 3n), exact(base + 1n, base, 4n), 'exact')).toBe(3);
  });

  it('agrees on equal ones', () => {
    expect(
      misses(exact(base, -base, 2n ** 53n + 1n, 5), exact(base, -base, 2n ** 53n + 1n, 5), 'exact'),
    ).toBe(0);
  });

  it('finds a wide value that one side lost', () => {
    const lost: ExactColumn = { values: f64(Number(base)), wide: undefined };
    expect(misses(lost, exact(base + 1n), 'exact')).toBe(1);
    expect(misses(exact(base + 1n), lost, 'exact')).toBe(1);
    expect(misses(lost, exact(base), 'exact')).toBe(0);
  });
});

describe('compareColumns, the worst cell', () => {
  it('is the one that misses by most, the first among equals', () => {
    expect(compareColumns(f64(1, 5, 3, 8), f64(1, 3, 3, 4), 'exact')).toEqual({
      count: 2,
      worst: { row: 3, excess: 4 },
    });
    expect(compareColumns(f64(2, 9, 2), f64(1, 9, 1), 'exact').worst).toEqual({ row: 0, excess: 1 });
  });

  it('is a null before any finite miss, wherever it stands', () => {
    expect(compareColumns(f64(1e300, Number.NaN), f64(1, 1), 'f64').worst?.row).toBe(1);
    expect(compareColumns(f64(Number.NaN, 1e300), f64(1, 1), 'f64').worst?.row).toBe(0);
  });

  it('is found among wide integers too', () => {
    const a = exact(4, 2n ** 80n + 3n);
    expect(compareColumns(a, exact(3, 2n ** 80n), 'exact').worst).toEqual({ row: 1, excess: 3 });
  });
});

const TIMES = [1_704_067_200_000_000, 1_704_067_260_000_000, 1_704_067_200_000_000];
const instruments: Instrument[] = ['BTC-PERP', 'ETH-PERP'].map((symbol) => ({
  symbol,
  tick: decimal('0.1'),
  lot: decimal('0.001'),
  tickDeclared: true,
  contract: 'linear',
  multiplier: decimal('1'),
  base: 0,
}));

const spec = (accuracies: Readonly<Record<string, Accuracy>>): OutputSpec<unknown> => {
  const column = (accuracy: Accuracy): ColumnSpec<unknown> => ({
    dtype: 'f64',
    merge: 'sum',
    unit: 'size',
    nulls: 'never',
    accuracy,
    doc: 'a column',
  });
  return {
    grain: 'instrument × bar',
    key: ['instrument', 'time'],
    columns: Object.fromEntries(
      Object.entries({ instrument: 'exact', time: 'exact', ...accuracies } as Record<string, Accuracy>).map(
        ([name, accuracy]) => [name, column(accuracy)],
      ),
    ),
  };
};

const SPEC = spec({ volume: 'exact', vi: 'rounded', sigma: 'f64', score: within(0.5) });
const COLUMNS: Readonly<Record<string, Column>> = {
  instrument: Uint32Array.of(0, 0, 1),
  time: f64(...TIMES),
  volume: exact(10, 2n ** 90n, 30),
  vi: f64(0.25, Number.NaN, -1),
  sigma: f64(1, 2, 3),
  score: f64(1, 2, 3),
};

const tableOf = (columns: Readonly<Record<string, Column | undefined>>, rows = 3): ResultTable => ({
  spec: SPEC,
  table: { rows, columns: { ...COLUMNS, ...columns } as Record<string, Column> },
  instruments,
  every: 0,
  params: {},
});

const resultOf = (tables: Readonly<Record<string, ResultTable>>): Result => ({
  analytic: 'made-up',
  version: '1.0.0',
  params: {},
  carry: {},
  tables,
  backend: 'cpu',
  adapter: 'none',
  device: 'CPU',
  inputHash: '',
  profile: [],
  timing: { rows: 0, seconds: 0, tiles: 1 },
});

const compare = (got: Readonly<Record<string, Column | undefined>>) =>
  compareResults(resultOf({ bars: tableOf(got) }), resultOf({ bars: tableOf({}) }));

describe('compareResults', () => {
  it('agrees with itself, and says what was compared', () => {
    expect(compare({})).toEqual({
      tables: [{ name: 'bars', rows: 3, columns: 6 }],
      mismatches: 0,
      worst: undefined,
    });
  });

  it('names the worst cell: instrument, time, column, got, want, bound', () => {
    expect(compare({ volume: exact(10, 2n ** 90n, 31) })).toMatchObject({
      mismatches: 1,
      worst: {
        table: 'bars',
        instrument: 'ETH-PERP',
        time: '2024-01-01T00:00:00.000Z',
        row: 2,
        column: 'volume',
        got: '31',
        want: '30',
        bound: 'equal to the bit',
      },
    });
  });

  it('prints integers beyond 2^53 in full', () => {
    expect(compare({ volume: exact(10, 2n ** 90n + 1n, 30) }).worst).toMatchObject({
      instrument: 'BTC-PERP',
      time: '2024-01-01T00:01:00.000Z',
      row: 1,
      got: '1237940039285380274899124225',
      want: '1237940039285380274899124224',
    });
  });

  it('prints null as null and minus zero as such', () => {
    expect(compare({ vi: f64(0.25, 0.5, -1) }).worst).toMatchObject({ got: '0.5', want: 'null' });
    const zero = compareResults(
      resultOf({ bars: tableOf({ vi: f64(-0, 0, 0) }) }),
      resultOf({ bars: tableOf({ vi: f64(0, 0, 0) }) }),
    );
    expect(zero.worst).toMatchObject({ row: 0, got: '-0', want: '0' });
  });

  it('states the bound of each class', () => {
    expect(compare({ sigma: f64(1, 2.1, 3) }).worst).toMatchObject({
      column: 'sigma',
      bound: '1e-12 relative',
    });
    expect(compare({ score: f64(1, 2, 9) }).worst).toMatchObject({ column: 'score', bound: '0.5 absolute' });
    expect(compare({ vi: f64(0.5, Number.NaN, -1) }).worst).toMatchObject({ bound: 'equal to the bit' });
  });

  it('compares each column by its own class', () => {
    const near = { volume: COLUMNS.volume, vi: f64(up(0.25), Number.NaN, -1), sigma: f64(1, up(2), 3) };
    expect(compare(near)).toMatchObject({ mismatches: 1, worst: { column: 'vi', row: 0 } });
    expect(compare({ score: f64(1.5, 2, 2.5) }).mismatches).toBe(0);
  });

  it('counts the cells of all columns and takes the worst of them', () => {
    const got = { volume: exact(11, 2n ** 90n, 33), sigma: f64(1, 2.5, 3), vi: f64(0.25, 0, -1) };
    expect(compare(got)).toMatchObject({ mismatches: 4, worst: { column: 'vi', row: 1 } });
  });

  it('a wrong key is a mismatch, even one that is no date or instrument', () => {
    expect(compare({ instrument: Uint32Array.of(0, 0, 7) })).toMatchObject({
      mismatches: 1,
      worst: { column: 'instrument', got: '7', want: '1', instrument: 'ETH-PERP' },
    });
    expect(compare({ time: f64(TIMES[0]!, Number.NaN, TIMES[2]!) })).toMatchObject({
      mismatches: 1,
      worst: { column: 'time', got: 'null', want: String(TIMES[1]) },
    });
    const broken = compareResults(
      resultOf({ bars: tableOf({}) }),
      resultOf({ bars: tableOf({ time: f64(TIMES[0]!, Number.NaN, TIMES[2]!) }) }),
    );
    expect(broken).toMatchObject({ mismatches: 1, worst: { time: 'NaN µs' } });
  });

  it('a column that got lacks, that want lacks, or that neither has is a mismatch', () => {
    expect(compare({ sigma: undefined })).toMatchObject({
      mismatches: 1,
      worst: { column: 'sigma', row: -1, got: 'missing', want: 'other length or kind' },
    });
    const without = resultOf({ bars: tableOf({ sigma: undefined }) });
    const complete = resultOf({ bars: tableOf({}) });
    expect(compareResults(complete, without).mismatches).toBe(1);
    expect(compareResults(without, without)).toMatchObject({ mismatches: 1, worst: { column: 'sigma' } });
    const keyless = resultOf({ bars: tableOf({ instrument: undefined }) });
    expect(compareResults(complete, keyless)).toMatchObject({
      mismatches: 1,
      worst: { column: 'instrument' },
    });
  });

  it('a column declared on one side only is a mismatch', () => {
    const more = {
      ...tableOf({}),
      spec: spec({ volume: 'exact', vi: 'rounded', sigma: 'f64', score: 'f64', new: 'exact' }),
    };
    expect(compareResults(resultOf({ bars: more }), resultOf({ bars: tableOf({}) }))).toMatchObject({
      mismatches: 1,
      worst: { column: 'new', got: 'missing', want: 'missing' },
    });
  });

  it('a column of another length is a mismatch', () => {
    expect(compare({ sigma: f64(1, 2) })).toMatchObject({
      mismatches: 1,
      worst: { column: 'sigma', row: -1 },
    });
  });

  it('a missing table, on either side, is a mismatch and the other tables are still compared', () => {
    const two = resultOf({ bars: tableOf({}), areas: tableOf({}) });
    const one = resultOf({ bars: tableOf({}) });
    expect(compareResults(one, two)).toEqual({
      tables: [{ name: 'bars', rows: 3, columns: 6 }],
      mismatches: 1,
      worst: {
        table: 'areas',
        instrument: '',
        time: '',
        row: -1,
        column: '',
        got: 'no table',
        want: '3 rows',
        bound: 'equal rows',
      },
    });
    expect(compareResults(two, one)).toMatchObject({
      mismatches: 1,
      worst: { got: '3 rows', want: 'no table' },
    });
    expect(compareResults(resultOf({}), one).mismatches).toBe(1);
  });

  it('extra and missing rows are a mismatch', () => {
    const two = { bars: tableOf({}, 2) };
    expect(compareResults(resultOf({ bars: tableOf({}) }), resultOf(two))).toMatchObject({
      tables: [],
      mismatches: 1,
      worst: { table: 'bars', got: '3 rows', want: '2 rows', bound: 'equal rows' },
    });
    expect(compareResults(resultOf(two), resultOf({ bars: tableOf({}) })).mismatches).toBe(1);
  });

  it('the worst of several tables keeps its table', () => {
    const want = resultOf({ a: tableOf({}), b: tableOf({}) });
    const got = resultOf({ a: tableOf({ sigma: f64(1, 2, 4) }), b: tableOf({ sigma: f64(1, 2, 9) }) });
    expect(compareResults(got, want)).toMatchObject({ mismatches: 2, worst: { table: 'b', got: '9' } });
  });

  it('results of nothing agree', () => {
    expect(compareResults(resultOf({}), resultOf({}))).toEqual({
      tables: [],
      mismatches: 0,
      worst: undefined,
    });
  });
});
