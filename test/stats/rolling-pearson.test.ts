import { describe, expect, it } from 'vitest';
import { LONGEST_ROLLING, rollingPearson, rollingScratch } from '../../src/stats/rolling-pearson.js';
import { random } from '../support/random.js';
import { f64, noise } from '../support/series.js';

const NULL = Number.NaN;

function rolling(x: Float64Array, y: Float64Array, window: number, minPairs = 4) {
  const out = { pearson: new Float64Array(x.length), n_pairs: new Uint32Array(x.length) };
  rollingPearson(x, 0, y, 0, x.length, minPairs, rollingScratch(window), out, 0);
  return out;
}

/** n Σab - Σa Σb in whole numbers of 2^-200, nearest f64: exact for values whose last digit is not below 2^-100. */
function scatter(a: readonly number[], b: readonly number[]): number {
  const whole = (value: number): bigint => BigInt(value * 2 ** 100);
  let [sa, sb, sab] = [0n, 0n, 0n];
  for (let i = 0; i < a.length; i++) {
    sa += whole(a[i]!);
    sb += whole(b[i]!);
    sab += whole(a[i]!) * whole(b[i]!);
  }
  return Number(BigInt(a.length) * sab - sa * sb);
}

/** The definition: the last pairs up to and including a row, from exact sums. */
function direct(x: Float64Array, y: Float64Array, row: number, window: number): { rho: number; n: number } {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = row; i >= 0 && a.length < window; i--)
    if (!Number.isNaN(x[i]!) && !Number.isNaN(y[i]!)) {
      a.push(x[i]!);
      b.push(y[i]!);
    }
  return { rho: scatter(a, b) / Math.sqrt(scatter(a, a)) / Math.sqrt(scatter(b, b)), n: a.length };
}

const bound = (window: number): number => 6 * (window + 4) ** 2 * 2 ** -53;

describe('rollingPearson', () => {
  it('hand case: windows of four pairs, across a block and past nulls', () => {
    const { pearson, n_pairs } = rolling(f64(1, NULL, 2, 3, 6, 0, 5), f64(2, 9, 1, 4, 5, NULL, 0), 4);
    expect([...n_pairs]).toEqual([1, 1, 2, 3, 4, 4, 4]);
    expect([...pearson.subarray(0, 4)]).toEqual([NULL, NULL, NULL, NULL]);
    // 1 2 3 6 and 2 1 4 5: deviations -2 -1 0 3 and -1 -2 1 2, as in `pearson`
    expect(pearson[4]).toBeCloseTo(10 / Math.sqrt(140), 15);
    expect(pearson[5]).toBe(pearson[4]);
    // 2 3 6 5 and 1 4 5 0: deviations -2 -1 2 1 and -1.5 1.5 2.5 -2.5, products 3 - 1.5 + 5 - 2.5
    expect(pearson[6]).toBeCloseTo(4 / Math.sqrt(10 * 17), 15);
  });

  it.each([4, 5, 16, 288])(
    'is the correlation of the last %i pairs at every row, nulls skipped',
    (window) => {
      const next = random(window);
      const x = noise(1, 900).map((value) => (next() < 0.2 ? NULL : 0.1 * value));
      const y = noise(2, 900).map((value, i) => (next() < 0.2 ? NULL : 0.1 * value + (x[i] || 0)));
      const { pearson, n_pairs } = rolling(x, y, window);
      for (let row = 0; row < 900; row++) {
        const { rho, n } = direct(x, y, row, window);
        expect(n_pairs[row]).toBe(n);
        if (n < 4) expect(pearson[row]).toBeNaN();
        else expect(Math.abs(pearson[row]! - rho)).toBeLessThan(1e-13);
      }
    },
  );

  it('reads its series and writes its rows from where it is told', () => {
    const [x, y] = [noise(3, 60), noise(4, 60)];
    const out = { pearson: new Float64Array(60).fill(7), n_pairs: new Uint32Array(60).fill(7) };
    rollingPearson(x, 5, y, 9, 40, 4, rollingScratch(12), out, 11);
    const want = rolling(x.slice(5, 45), y.slice(9, 49), 12);
    expect(out.pearson.subarray(11, 51)).toEqual(want.pearson);
    expect(out.n_pairs.subarray(11, 51)).toEqual(want.n_pairs);
    for (const i of [0, 10, 51, 59]) expect([out.pearson[i], out.n_pairs[i]]).toEqual([7, 7]);
  });

  it('never looks ahead, and a scratch keeps nothing of the series before', () => {
    const [x, y] = [noise(5, 500), noise(6, 500)];
    const scratch = rollingScratch(48);
    const again = { pearson: new Float64Array(300), n_pairs: new Uint32Array(300) };
    for (const [a, b] of [
      [y.map((value) => 1e6 * value), x],
      [x, y],
    ] as const)
      rollingPearson(a, 0, b, 0, 300, 4, scratch, again, 0);
    const whole = rolling(x, y, 48);
    expect(again.pearson).toEqual(whole.pearson.slice(0, 300));
    expect(again.n_pairs).toEqual(whole.n_pairs.slice(0, 300));
  });

  it('is null while one side does not vary, exactly, whatever came before and comes after', () => {
    const x = noise(7, 400).map((value, i) => (i >= 100 && i < 300 ? 0.1 : 1e9 * value));
    const { pearson } = rolling(x, noise(8, 400), 30);
    for (let i = 0; i < 400; i++)
      expect(Number.isNaN(pearson[i]!), `${i}`).toBe(i < 3 || (i >= 129 && i < 300));
  });

  it('tells the least difference from none', () => {
    const x = new Float64Array(120).fill(0.1);
    x[60] = 0.1 + 2 ** -56;
    const { pearson } = rolling(x, noise(9, 120), 30);
    for (let i = 0; i < 120; i++) expect(Number.isNaN(pearson[i]!), `${i}`).toBe(i < 60 || i >= 90);
  });

  it('does not drift: after a million rows of jumping levels it is within the bound of the window alone', () => {
    const ROWS = 1_000_000;
    const WINDOW = 288;
    const next = random(10);
    let level = 0;
    const x = new Float64Array(ROWS);
    const y = new Float64Array(ROWS);
    const plain = { sx: 0, sy: 0, sxx: 0, syy: 0, sxy: 0 };
    const change = (i: number, sign: number): void => {
      plain.sx += sign * x[i]!;
      plain.sy += sign * y[i]!;
      plain.sxx += sign * x[i]! * x[i]!;
      plain.syy += sign * y[i]! * y[i]!;
      plain.sxy += sign * x[i]! * y[i]!;
    };
    for (let i = 0; i < ROWS; i++) {
      if (i % 1000 === 0) level = 1e6 * (next() - 0.5);
      const common = next() - 0.5;
      x[i] = level + 0.1 * common;
      y[i] = 0.1 * (common + next());
      change(i, 1);
      if (i >= WINDOW) change(i - WINDOW, -1);
    }
    const { pearson } = rolling(x, y, WINDOW);
    let worst = 0;
    for (let row = WINDOW; row < ROWS; row += row < ROWS - 600 ? 997 : 1) {
      const { rho } = direct(x, y, row, WINDOW);
      worst = Math.max(worst, Math.abs(pearson[row]! - rho));
    }
    expect(worst).toBeLessThan(bound(WINDOW) / 1000);
    // what is added and taken out again does not come back to what it was
    const xx = plain.sxx - plain.sx ** 2 / WINDOW;
    const yy = plain.syy - plain.sy ** 2 / WINDOW;
    const carried = (plain.sxy - (plain.sx * plain.sy) / WINDOW) / Math.sqrt(xx) / Math.sqrt(yy);
    expect(Math.abs(carried - pearson[ROWS - 1]!)).toBeGreaterThan(bound(WINDOW));
  });

  it.each([30, 288, 2000, LONGEST_ROLLING])(
    'keeps its bound where every pivot of windows of %i is an outlier',
    (window) => {
      const rows = 3 * window;
      const far = (values: Float64Array): Float64Array =>
        values.map((value, i) => 0.1 * value + (i % window === 0 ? 1e6 / 3 : 0));
      const [x, y] = [far(noise(11, rows)), far(noise(12, rows))];
      const { pearson } = rolling(x, y, window);
      let worst = 0;
      for (let row = window; row < rows; row += Math.ceil(window / 40))
        worst = Math.max(worst, Math.abs(pearson[row]! - direct(x, y, row, window).rho));
      expect(worst).toBeLessThan(bound(window));
    },
  );
});
