import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../src/core/normal-cdf.js';
import { normalQuantile } from '../../src/stats/normal-quantile.js';
import { twoSidedP } from '../../src/stats/two-sided-p.js';

describe('normalQuantile', () => {
  // the first three are the check values Wichura (1988) prints; the others by Newton's method on erfc with 50 digits
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.0902323061678136],
    [1e-20, -9.262340089798409],
    [0.1, -1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.9599639845400538],
    [0.99, 2.3263478740408408],
    [1e-10, -6.361340902404057],
    [1e-300, -37.0470962993612],
  ])('Φ⁻¹(%d)', (p, published) => {
    expect(Math.abs(normalQuantile(p) / published - 1)).toBeLessThan(1e-15);
  });

  it('is the inverse of Φ across its three regions', () => {
    for (let p = 1e-12; p < 1; p += 1 / 509) {
      const x = normalQuantile(p);
      expect(Math.abs(normalCdf(x) - p)).toBeLessThan(4e-16 + 1e-14 * p);
    }
  });

  it('is odd about one half, rises, and is null outside (0, 1)', () => {
    expect(normalQuantile(0.5)).toBe(0);
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < 1024; i++) {
      const x = normalQuantile(i / 1024);
      expect(x).toBeGreaterThan(before);
      expect(normalQuantile(1 - i / 1024)).toBe(x === 0 ? 0 : -x);
      before = x;
    }
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe('twoSidedP', () => {
  it('has the values of the table, either side alike', () => {
    expect(twoSidedP(1.959963984540054)).toBeCloseTo(0.05, 15);
    expect(twoSidedP(-2.5758293035489004)).toBeCloseTo(0.01, 15);
    expect(twoSidedP(0)).toBe(1);
  });

  it('keeps the digits of the far tail, which 1 - Φ would lose', () => {
    // 2·erfc(10/√2)/2 with 60 digits
    expect(twoSidedP(10) / 1.5239706048321054e-23).toBeCloseTo(1, 13);
  });

  it('is null for null', () => {
    expect(twoSidedP(Number.NaN)).toBeNaN();
  });
});
