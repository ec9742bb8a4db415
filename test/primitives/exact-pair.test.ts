import { describe, expect, it } from 'vitest';
import { ExactPair } from '../../src/core/exact-pair.js';
import { productError } from '../../src/core/product-error.js';
import { integerIn, random } from '../support/random.js';

const exactly = ({ high, low }: ExactPair): bigint => BigInt(high) + BigInt(low);

describe('pairs of f64', () => {
  it('add products of integers up to 2^101 exactly, and take them out again without a trace', () => {
    const next = random(21);
    const integer = (bits: number): number =>
      (next() < 0.5 ? -1 : 1) * Math.floor(next() * 2 ** integerIn(next, 1, bits));
    const pair = new ExactPair();
    let want = 0n;
    const terms: [number, number][] = [];
    for (let i = 0; i < 5000; i++) {
      const term: [number, number] = next() < 0.05 ? [2 ** 52 - 1, 2 ** 37 - 1] : [integer(52), integer(37)];
      terms.push(term);
      pair.addProduct(...term);
      want += BigInt(term[0]) * BigInt(term[1]);
      expect(exactly(pair)).toBe(want);
      // the nearest f64 of the whole, so that equal integers are equal pairs
      expect(pair.high).toBe(Number(want));
    }
    const copy = new ExactPair();
    copy.copy(pair);
    for (const [a, b] of terms) copy.addProduct(-a, b);
    expect([copy.high + 0, copy.low + 0]).toEqual([0, 0]);
    pair.clear();
    expect(exactly(pair)).toBe(0n);
  });

  it('the error of a product is what rounding took', () => {
    const next = random(22);
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [Math.floor(next() * 2 ** 53), Math.floor(next() * 2 ** 53)];
      expect(BigInt(a * b) + BigInt(productError(a, b, a * b))).toBe(BigInt(a) * BigInt(b));
    }
  });
});
