import { describe, expect, it } from 'vitest';
import { imbalanceCorrelation } from '../../src/analytics/imbalance-correlation/index.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { pearson } from '../../src/stats/pearson.js';
import { spearman } from '../../src/stats/spearman.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { random } from '../support/random.js';

const MINUTE = 60_000_000;
const LOTS = 1_000_000;

/** One bar a minute whose imbalance is the value; NaN is a bar without a trade. */
const barsOf = (values: readonly number[], from = 0): BarRow[] =>
  values.map((vi, i) => {
    const buy = Number.isNaN(vi) ? 0 : Math.round(((1 + vi) / 2) * LOTS);
    return { t: (from + i) * MINUTE, o: 1, h: 1, l: 1, c: 1, buy, sell: Number.isNaN(vi) ? 0 : LOTS - buy };
  });

const pairsOf = async (frame: Frame, params: object = {}) =>
  (await run(imbalanceCorrelation, frame, params, { backend: 'cpu' })).tables.pairs!.table.columns as Record<
    string,
    Float64Array
  >;

const vi = ({ buy, sell }: BarRow): number => (buy! - sell!) / (buy! + sell!);

describe('correlations of imbalance', () => {
  const next = random(3);
  const series = Array.from({ length: 6 }, (_, s) =>
    Array.from({ length: 200 }, () => (s > 2 && next() < 0.1 ? Number.NaN : 2 * next() - 1)),
  );

  it('are of no pair where bars never begin together', async () => {
    const shifted = barsOf(series[1]!).map((bar) => ({ ...bar, t: bar.t + MINUTE / 2 }));
    for (const bars of [
      [barsOf(series[0]!), shifted],
      [shifted, barsOf(series[0]!)],
    ]) {
      const got = await pairsOf(panelFrameOf(bars, MINUTE));
      expect([...got.n_pairs!]).toEqual([0]);
      expect(got.pearson![0]).toBeNaN();
    }
  });

  it('are those of the common bars, wherever each series begins', async () => {
    const starts = [0, 0, 5, 40, 3, 250];
    const bars = series.map((values, s) => barsOf(values, starts[s]));
    const got = await pairsOf(panelFrameOf(bars, MINUTE));
    let row = 0;
    for (let a = 0; a < bars.length; a++)
      for (let b = a + 1; b < bars.length; b++, row++) {
        const grid = (s: number): Float64Array => {
          const out = new Float64Array(450).fill(Number.NaN);
          bars[s]!.forEach((bar, i) => {
            out[starts[s]! + i] = vi(bar);
          });
          return out;
        };
        const [x, y] = [grid(a), grid(b)];
        expect([got.instrument![row], got.other![row]]).toEqual([a, b]);
        expect(got.n_pairs![row]).toBe(x.filter((v, i) => !Number.isNaN(v + y[i]!)).length);
        const want = pearson(x, y);
        if (Number.isNaN(want)) expect(got.pearson![row]).toBeNaN();
        else expect(got.pearson![row]).toBeCloseTo(want, 12);
        // no bar missing in either: the ranks are those of the pair
        if (a < 2 && b < 2) expect(got.spearman![row]).toBeCloseTo(spearman(x, y), 12);
      }
    expect(row).toBe(15);
  });

  it('find what was planted, and nothing among independent series', async () => {
    const common = Array.from({ length: 400 }, () => 2 * next() - 1);
    const independent = Array.from({ length: 40 }, () => common.map(() => 2 * next() - 1));
    const planted = [1, -1].map((sign) => common.map((x) => (sign * x + next() - 0.5) / 2));
    const got = await pairsOf(
      panelFrameOf(
        [...independent, ...planted].map((v) => barsOf(v)),
        MINUTE,
      ),
    );
    const rows = got.p!.length;
    expect(got.q!.filter((q) => q < 0.05).length).toBe(1);
    expect(got.q![rows - 1]).toBeLessThan(1e-10);
    expect(got.pearson![rows - 1]).toBeLessThan(-0.5);
    expect(got.hi![rows - 1]).toBeLessThan(0);
    for (const p of [got.p!, got.spearman_p!]) {
      const share = p.filter((value) => value < 0.05).length / rows;
      expect(share).toBeGreaterThan(0.035);
      expect(share).toBeLessThan(0.065);
    }
  });

  it('keep their size under autocorrelation, which an interval of independent pairs does not', async () => {
    const persistent = Array.from({ length: 40 }, () => {
      let x = 0;
      return Array.from({ length: 1000 }, () => {
        x = 0.8 * x + 0.15 * (2 * next() - 1);
        return x;
      });
    });
    const frame = panelFrameOf(
      persistent.map((v) => barsOf(v)),
      MINUTE,
    );
    const share = async (hacLags: number) => {
      const { p } = await pairsOf(frame, { hacLags });
      return p!.filter((value) => value < 0.05).length / p!.length;
    };
    expect(await share(0)).toBeGreaterThan(0.2);
    expect(await share(15)).toBeLessThan(0.1);
  });
});

it('refuses more instruments than a table of pairs can hold', async () => {
  const frame = panelFrameOf(
    Array.from({ length: 4097 }, () => barsOf([0])),
    MINUTE,
  );
  await expect(pairsOf(frame)).rejects.toThrow('imbalance-correlation instruments 4097 must be at most 4096');
});
