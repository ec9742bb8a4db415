import { describe, expect, it } from 'vitest';
import { strategySweep } from '../../src/analytics/strategy-sweep/index.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { type SweepOptions, sweep } from '../../src/engine/sweep.js';
import { checkSweepSize } from '../../src/engine/sweep-options.js';
import { SWEEP_TABLES, sweepTables } from '../../src/engine/sweep-tables.js';
import { dsr, sampleMoments, sharpeEstimate, sharpeRatio } from '../../src/stats/index.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { random } from '../support/random.js';

const DAY = 86_400_000_000;
const T0 = Date.UTC(2021, 0, 1) * 1000;
const GRID = {
  ...{ theta: '0.2,0.6,1', trend: '1/2,2/4', relativeVolume: '0,0.9', stop: '0,2', timeStop: '0,4', gate: 0 },
  ...{
    surpriseBars: 6,
    volumeBars: 2,
    atrBars: 3,
    volatilityBars: 3,
    divergenceBars: 1000,
    participation: 1,
  },
  ...{ halfSpread: 0.1, impact: 0, fees: '0:0:0.1', dailyLoss: 0, drawdownKill: 0, targetVolatility: '0.3' },
};
const TRIALS = 48;
const FAST: SweepOptions = { backend: 'cpu', samples: 300, blocks: 8 };

/** Random walks whose buyers know, to a degree, where the next bar goes. */
function market(skill: number, instruments: number, bars: number): Frame {
  const next = random(1 + Math.round(100 * skill));
  const lists = Array.from({ length: instruments }, (_, s) => {
    const rows: BarRow[] = [];
    let lean = 0;
    let price = 100_000;
    for (let t = 0; t < bars; t++) {
      const o = price;
      price = Math.max(5000, o + Math.round((next() - 0.5) * 2000 + skill * lean * 1000));
      lean = next() * 2 - 1;
      const volume = 5_000_000 + Math.floor(next() * 5_000_000);
      const buy = Math.round((volume * (1 + 0.8 * lean)) / 2);
      // listed one after another, and one that skips days
      if (t < 10 * s || (s === 1 && t % 7 === 0)) continue;
      const [h, l] = [Math.max(o, price) + 100, Math.min(o, price) - 100];
      rows.push({ t: T0 + t * DAY, o, c: price, h, l, buy, sell: volume - buy });
    }
    return rows;
  });
  return panelFrameOf(lists, DAY);
}

describe('sweep', () => {
  it('a trial is one parameter set over the whole universe, and all of them are counted', async () => {
    const frame = market(0, 4, 150);
    const got = await sweep(frame, GRID, FAST);
    expect([got.trials, got.grid, got.inference.trials]).toEqual([TRIALS, TRIALS, TRIALS]);
    const whole = await run(strategySweep, frame, { ...GRID, periods: true }, { backend: 'cpu' });
    const { columns, rows } = whole.tables.periods!.table;
    const profit = columns.profit_micros as Float64Array;
    const trial = columns.trial as Float64Array;
    const time = columns.time as Float64Array;
    expect(got.portfolio.time.length).toBe(150);
    const want = Array.from({ length: TRIALS }, () => new Float64Array(150));
    for (let i = 0; i < rows; i++) want[trial[i]!]![(time[i]! - T0) / DAY]! += profit[i]!;
    got.portfolio.returns.forEach((returns, n) => {
      // 4 instruments of 100,000
      expect(returns).toEqual(want[n]!.map((micros) => micros / 4e11));
    });
    for (const [name, column] of Object.entries(whole.tables.runs!.table.columns))
      expect(got.runs.table.columns[name], name).toEqual(column);
  });

  it('does not depend on blocks of trials or on tiles; part of a grid counts the trials before it if told', async () => {
    const frame = market(0, 3, 120);
    const whole = await sweep(frame, GRID, FAST);
    const cut = await sweep(frame, GRID, { ...FAST, tileRows: 130 });
    expect(cut.inference).toEqual(whole.inference);
    const part = await sweep(frame, { ...GRID, firstTrial: 40 }, { ...FAST, priorTrials: 40 });
    expect([part.first, part.trials, part.grid, part.inference.trials]).toEqual([40, 8, 48, 48]);
    expect(part.portfolio.returns).toEqual(whole.portfolio.returns.slice(40));
  });

  it('deflates the best trial by the number of trials and their spread', async () => {
    const { inference, portfolio } = await sweep(market(0, 3, 200), GRID, FAST);
    const estimates = portfolio.returns.map(sharpeEstimate);
    const { variance } = sampleMoments(Float64Array.from(estimates, ({ sharpe }) => sharpe));
    const { best } = inference;
    expect(inference.statistics.dsr[best]).toBe(dsr(estimates[best]!, TRIALS, variance));
    expect(inference.statistics.dsr[best]).toBeLessThan(inference.statistics.psr[best]!);
    expect(Math.max(...inference.statistics.sharpe)).toBe(inference.statistics.sharpe[best]);
    const more = await sweep(market(0, 3, 200), GRID, { ...FAST, priorTrials: 100_000 });
    expect(more.inference.statistics.dsr[best]).toBeLessThan(inference.statistics.dsr[best]!);
  });

  it('tells planted skill from noise', async () => {
    const skilled = await sweep(market(0.5, 4, 400), GRID, FAST);
    const { best } = skilled.inference;
    expect(skilled.inference.statistics.dsr[best]).toBeGreaterThan(0.99);
    expect(skilled.inference.pbo.pbo).toBeLessThan(0.2);
    expect(skilled.inference.realityCheck.p).toBeLessThan(0.02);
    expect(skilled.inference.spa.consistent).toBeLessThan(0.02);
    expect(skilled.inference.statistics.holm[best]).toBeLessThan(0.01);
    expect(skilled.walkForward.outOfSample).toBeGreaterThan(0.1);
    expect(skilled.placebos!.signFlip.p).toBeLessThan(0.02);
    expect(skilled.placebos!.timeShift.p).toBeLessThan(0.05);
    const noise = await sweep(market(0, 4, 400), GRID, FAST);
    expect(noise.inference.statistics.dsr[noise.inference.best]).toBeLessThan(0.95);
    expect(noise.inference.pbo.pbo).toBeGreaterThan(0.2);
    expect(noise.inference.realityCheck.p).toBeGreaterThan(0.05);
    expect(noise.inference.spa.consistent).toBeGreaterThan(0.05);
  });

  it('walks forward: the trial of a window is the best of what was known before it, less the embargo', async () => {
    const { portfolio, walkForward } = await sweep(market(0.2, 3, 240), GRID, {
      ...FAST,
      folds: 4,
      embargo: 5 * DAY,
    });
    expect(walkForward.folds.length).toBe(4);
    const held: number[] = [];
    for (const fold of walkForward.folds) {
      const train = [...portfolio.time.keys()].filter(
        (t) => portfolio.available[t]! <= fold.decidedAt - 5 * DAY,
      );
      expect(fold.trainPeriods).toBe(train.length);
      const score = portfolio.returns.map((r) => sharpeRatio(Float64Array.from(train, (t) => r[t]!)));
      expect(fold.inSample).toBe(Math.max(...score.filter((value) => !Number.isNaN(value))));
      expect(score[fold.winner]).toBe(fold.inSample);
      const from = portfolio.time.indexOf(fold.decidedAt);
      held.push(...portfolio.returns[fold.winner]!.slice(from, from + fold.testPeriods));
    }
    expect(held.length).toBe(walkForward.periods);
    expect(walkForward.outOfSample).toBe(sharpeRatio(Float64Array.from(held)));
  });

  it('tables: a row a trial, the best trial in full, metadata of every parameter', async () => {
    const got = await sweep(market(0.3, 3, 150), GRID, { ...FAST, inputHash: 'abc' });
    const tables = sweepTables(got);
    expect(Object.keys(tables)).toEqual([...SWEEP_TABLES]);
    expect(SWEEP_TABLES.map((name) => tables[name].rows)).toEqual([
      ...[1, TRIALS, 3 * TRIALS, 5, 150],
      ...[got.best!.tables.trades!.table.rows, 150 + 140 + 130],
    ]);
    for (const { columns, rows, metadata } of Object.values(tables)) {
      expect(metadata['steelyard.inputHash']).toBe('abc');
      expect(metadata['steelyard.trials']).toBe(String(TRIALS));
      for (const { name, data } of columns)
        if (data.type === 'f64') expect([name, data.values.length]).toEqual([name, rows]);
    }
    const column = (name: string): Float64Array => {
      const { data } = tables.trials.columns.find((found) => found.name === name)!;
      return (data as { values: Float64Array }).values;
    };
    // profit by capital both ways
    const [equity, total] = [column('equity'), column('total_return')];
    equity.forEach((value, n) => {
      expect(value / 300_000 - 1).toBeCloseTo(total[n]!, 10);
    });
    expect(column('theta')[TRIALS - 1]).toBe(1);
    // no impact, so none that could take the profit
    expect(tables.trials.columns.find(({ name }) => name === 'capacity')!.nulls).toBe(TRIALS);
  });

  it('capacity of a trial is that of its earnings and impact on all instruments', async () => {
    const got = await sweep(market(0.5, 3, 150), { ...GRID, impact: 2, theta: '0.2,9' }, FAST);
    const { rows } = got.runs.table;
    const columns = got.runs.table.columns as Record<string, Float64Array>;
    const sums = Array.from({ length: got.trials }, () => ({ earned: 0, paid: 0 }));
    for (let i = 0; i < rows; i++) {
      const sum = sums[columns.trial![i]!]!;
      sum.paid += columns.impact_cost![i]!;
      sum.earned += columns.equity![i]! - 100_000 + columns.impact_cost![i]!;
    }
    const found = sweepTables(got).trials.columns.find(({ name }) => name === 'capacity')!;
    const { values } = found.data as { values: Float64Array };
    expect(found.nulls).toBe(sums.filter(({ paid }) => paid === 0).length);
    expect(found.nulls).toBeGreaterThan(0);
    for (const [n, { earned, paid }] of sums.entries())
      if (paid > 0) {
        const want = 300_000 * (Math.max(0, earned) / paid) ** 2;
        expect(Math.abs(values[n]! - want)).toBeLessThanOrEqual(1e-9 * want);
      }
    expect(values.some((value) => value > 300_000)).toBe(true);
  });

  it('a grid that never trades has no best trial and no statistic', async () => {
    const got = await sweep(market(0, 2, 60), { ...GRID, theta: '90' }, FAST);
    expect(got.inference.best).toBe(-1);
    expect(got.best).toBeUndefined();
    expect([...got.inference.statistics.dsr].every(Number.isNaN)).toBe(true);
    expect(got.inference.pbo.pbo).toBeNaN();
    expect(sweepTables(got).trades.rows).toBe(0);
  });

  it('refuses an input without bars, and options beyond their bounds', async () => {
    await expect(sweep(panelFrameOf([[]], DAY), GRID, FAST)).rejects.toThrow(
      'sweep input 0 bars must be at least 1',
    );
    await expect(sweep(market(0, 1, 40), GRID, { ...FAST, blocks: 7 })).rejects.toThrow(
      'sweep blocks 7 must be even',
    );
    await expect(sweep(market(0, 1, 40), GRID, { ...FAST, priorTrials: -1 })).rejects.toThrow(
      'sweep priorTrials -1',
    );
    for (const [name, value] of [
      ['folds', 0],
      ['priorTrials', 1_000_000_001],
      ['embargo', Number.NaN],
      ['samples', 1_000_000],
      ['level', 1],
    ] as const)
      await expect(sweep(market(0, 1, 40), GRID, { ...FAST, [name]: value })).rejects.toThrow(
        `sweep ${name} ${value}`,
      );
    expect(() => checkSweepSize(100_000, 43_800)).toThrow('100000 trials × 43800 periods must be at most');
    await expect(sweep(market(0, 1, 40), { theta: 'x' }, FAST)).rejects.toThrow(
      'theta x must be a decimal number',
    );
  });
});
