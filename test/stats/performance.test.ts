import { describe, expect, it } from 'vitest';
import { annualisedSharpe } from '../../src/stats/annualised-sharpe.js';
import { calmar } from '../../src/stats/calmar.js';
import { maxDrawdown } from '../../src/stats/max-drawdown.js';
import { sharpeEstimate } from '../../src/stats/sharpe-estimate.js';
import { sharpeRatio } from '../../src/stats/sharpe-ratio.js';
import { sortino } from '../../src/stats/sortino.js';
import { autoregression, f64, noise } from '../support/series.js';

const NULL = Number.NaN;

describe('sharpeRatio', () => {
  it('hand case 1, 2, 3, 6: 3/√(14/3)', () => {
    expect(sharpeRatio(f64(1, 2, NULL, 3, 6))).toBeCloseTo(3 / Math.sqrt(14 / 3), 14);
  });

  it('is null for one return and for a constant', () => {
    expect(sharpeRatio(f64(0.1, 0.1, 0.1))).toBeNaN();
    expect(sharpeRatio(f64(0.1))).toBeNaN();
    expect(sharpeRatio(f64())).toBeNaN();
  });

  it('does not depend on leverage and turns with the side', () => {
    const returns = noise(1, 100).map((x) => x + 0.2);
    expect(sharpeRatio(returns.map((r) => 4 * r))).toBe(sharpeRatio(returns));
    expect(sharpeRatio(returns.map((r) => -r))).toBe(-sharpeRatio(returns));
  });

  it('comes with what its inference needs', () => {
    const estimate = sharpeEstimate(f64(1, 2, NULL, 3, 6));
    expect(estimate.sharpe).toBe(sharpeRatio(f64(1, 2, 3, 6)));
    expect(estimate.n).toBe(4);
    expect(estimate.kurtosis).toBeCloseTo(2, 14);
    expect(sharpeEstimate(f64(2, 2)).sharpe).toBeNaN();
  });
});

describe('annualisedSharpe', () => {
  it('hand case: four periods with ρ = 2/14, -3/14, -6/14', () => {
    // radicand 4 + 2(3·2 - 2·3 - 1·6)/14 = 4 - 6/7 = 22/7; SR = 3/√(14/3)
    const sharpe = 3 / Math.sqrt(14 / 3);
    expect(annualisedSharpe(f64(1, 2, 3, 6), 4)).toBeCloseTo((sharpe * 4) / Math.sqrt(22 / 7), 13);
    // the first lag alone: 4 + 2·3·2/14 = 34/7
    expect(annualisedSharpe(f64(1, 2, 3, 6), 4, 1)).toBeCloseTo((sharpe * 4) / Math.sqrt(34 / 7), 13);
  });

  it('without lags it is √q times the Sharpe ratio', () => {
    const returns = noise(2, 200).map((x) => x + 0.1);
    expect(annualisedSharpe(returns, 12, 0)).toBeCloseTo(Math.sqrt(12) * sharpeRatio(returns), 13);
    expect(annualisedSharpe(returns, 1)).toBe(sharpeRatio(returns));
  });

  it('corrects trending returns down and reverting ones up, by Lo’s factor of an AR(1)', () => {
    for (const phi of [0.3, -0.3]) {
      const returns = autoregression(3, 200_000, phi).map((x) => x + 0.1);
      const ratio = annualisedSharpe(returns, 12) / annualisedSharpe(returns, 12, 0);
      // q + 2Σ(q-k)φ^k in closed form
      const q = 12;
      const radicand = q + ((2 * phi) / (1 - phi)) * (q - (1 - phi ** q) / (1 - phi));
      expect(ratio / Math.sqrt(q / radicand)).toBeCloseTo(1, 1);
      expect(ratio < 1).toBe(phi > 0);
    }
  });

  it('is null where the radicand is not positive, without variance, and with no returns', () => {
    // 1, -1, 1, -1 + drift: ρ1 = -3/4, radicand 2 - 2·3/4 = ½ at q = 2; at q = 4 with ρ1 alone 4 - 2·3·¾ = -½
    expect(annualisedSharpe(f64(1.1, -0.9, 1.1, -0.9), 4, 1)).toBeNaN();
    expect(annualisedSharpe(f64(1.1, -0.9, 1.1, -0.9), 2)).not.toBeNaN();
    expect(annualisedSharpe(f64(0.1, 0.1, 0.1), 12)).toBeNaN();
    expect(annualisedSharpe(f64(), 12)).toBeNaN();
  });

  it('refuses lags beyond the periods', () => {
    expect(() => annualisedSharpe(f64(1, 2), 12, 12)).toThrow('Sharpe lags 12 must be at most 11');
  });
});

describe('sortino', () => {
  it('hand case 3, -1, 2, -2 counts all four returns below the root', () => {
    // mean ½, downside √((1 + 4)/4)
    expect(sortino(f64(3, -1, NULL, 2, -2))).toBeCloseTo(0.5 / Math.sqrt(5 / 4), 14);
    // target 1: excess 2, -2, 1, -3: mean -½, downside √(13/4)
    expect(sortino(f64(3, -1, 2, -2), 1)).toBeCloseTo(-0.5 / Math.sqrt(13 / 4), 14);
  });

  it('is null without a loss', () => {
    expect(sortino(f64(1, 2, 0))).toBeNaN();
    expect(sortino(f64())).toBeNaN();
  });
});

describe('maxDrawdown and calmar', () => {
  it('hand case: 100, 120, 90, 130, 104 falls by 30/120', () => {
    expect(maxDrawdown(f64(100, 120, 90, NULL, 130, 104))).toBe(0.25);
    // two years from 100 to 121 are 10 % a year
    expect(calmar(f64(100, 150, 120, 121), 2)).toBeCloseTo(0.1 / 0.2, 14);
  });

  it('the start is a peak; a curve that only rises has none', () => {
    expect(maxDrawdown(f64(100, 80, 90))).toBe(0.2);
    expect(maxDrawdown(f64(1, 2, 3))).toBe(0);
    expect(calmar(f64(1, 2, 3), 1)).toBeNaN();
  });

  it('passes 1 once equity is negative, and then growth has no root', () => {
    expect(maxDrawdown(f64(100, 50, -20))).toBe(1.2);
    expect(calmar(f64(100, 50, -20), 1)).toBeNaN();
    expect(calmar(f64(100, 50, 0), 1)).toBeNaN();
  });

  it('is null for no curve and for one that starts at nothing', () => {
    expect(maxDrawdown(f64())).toBeNaN();
    expect(maxDrawdown(f64(NULL, NULL))).toBeNaN();
    expect(maxDrawdown(f64(0, 10, 5))).toBeNaN();
    expect(calmar(f64(), 1)).toBeNaN();
    expect(() => calmar(f64(1, 2), 0)).toThrow('Calmar years 0 must be above 0');
  });

  it('does not depend on the unit of equity', () => {
    const equity = autoregression(4, 300, 0.9).map((x) => 100 + x);
    expect(maxDrawdown(equity.map((x) => 8 * x))).toBe(maxDrawdown(equity));
  });
});
