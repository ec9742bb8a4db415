import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { qOf } from '../../src/analytics/imbalance-regression/derive.js';
import { imbalanceRegression } from '../../src/analytics/imbalance-regression/index.js';
import type { Frame } from '../../src/core/columns.js';
import { nativeDataset } from '../../src/engine/native-dataset.js';
import { openBars } from '../../src/engine/open-bars.js';
import { run } from '../../src/engine/run.js';
import { leastSquares, neweyWest, regimeRegression } from '../../src/stats/index.js';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { describeGpu } from '../support/gpu.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { random } from '../support/random.js';
import { noise } from '../support/series.js';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2024, 0, 1) * 1000;
const NONE = 0;
const HIGH_VOLATILITY = 1;
const TREND = 2;
const NEWS = 3;

type Params = Parameters<typeof run<typeof imbalanceRegression.params>>[2];
type Row = Record<string, number>;

/** Rows of a run as objects. */
async function rowsOf(
  frame: Frame,
  params: Params,
  options: Parameters<typeof run>[3] = { backend: 'cpu' },
): Promise<Row[]> {
  const { table } = (await run(imbalanceRegression, frame, params, options)).tables.regressions!;
  return Array.from({ length: table.rows }, (_, i) =>
    Object.fromEntries(
      Object.entries(table.columns).map(([name, values]) => [name, (values as Float64Array)[i]!]),
    ),
  );
}

const find = (rows: readonly Row[], horizon: number, regime = NONE, instrument = 0): Row =>
  rows.find((row) => row.horizon === horizon && row.regime === regime && row.instrument === instrument)!;

/** Hourly bars of these log returns and imbalances; a null imbalance is a bar without a trade. */
function panelOfSeries(
  series: readonly { readonly returns: Float64Array; readonly imbalance: readonly (number | null)[] }[],
): Frame {
  return panelFrameOf(
    series.map(({ returns, imbalance }) => {
      let level = 0;
      return imbalance.flatMap((vi, i): BarRow[] => {
        level += returns[i]!;
        if (vi === null) return [];
        const c = Math.round(1e9 * Math.exp(level));
        const buy = Math.round(1e6 * (1 + vi));
        return [{ t: T0 + i * HOUR, o: c, h: c, l: c, c, buy, sell: 2e6 - buy }];
      });
    }),
    HOUR,
    { absent: 'empty' },
  );
}

const uniform = (seed: number, n: number): number[] => {
  const next = random(seed);
  return Array.from({ length: n }, () => 2 * next() - 1);
};

describe('M13: what moves with the imbalance need not follow it', () => {
  it('same bar explained, no forecast, in two columns', async () => {
    const n = 3000;
    const imbalance = uniform(1, n);
    const returns = noise(2, n).map((e, t) => 0.01 * imbalance[t]! + 0.002 * e);
    const rows = await rowsOf(panelOfSeries([{ returns, imbalance }]), { every: '1h' });
    for (const horizon of [1, 3, 12, 48]) {
      const row = find(rows, horizon);
      expect(row.r2_contemporaneous).toBeGreaterThan(0.85);
      expect(row.r2_predictive).toBeLessThan(0.005);
      expect(row.p).toBeGreaterThan(0.01);
      expect(row.n).toBe(n - horizon);
      expect(row.lags).toBeGreaterThanOrEqual(horizon - 1);
    }
  });
});

describe('what is planted is found', () => {
  const n = 3000;
  const imbalance = uniform(3, n);
  const news = Array.from({ length: 150 }, (_, k) => T0 + (20 * k + 3) * HOUR);
  /** The window of four hours: bars 3 to 6 of every twenty. */
  const inNews = (t: number): boolean => t % 20 >= 3 && t % 20 <= 6;

  it.each([1, -1])('a slope of %d per cent, at the horizon it lives for', async (sign) => {
    const returns = noise(4, n).map((e, t) => (t === 0 ? 0 : sign * 0.01 * imbalance[t - 1]!) + 0.01 * e);
    const rows = await rowsOf(panelOfSeries([{ returns, imbalance }]), { every: '1h' });
    const next = find(rows, 1);
    expect(Math.abs(next.b! - sign * 0.01)).toBeLessThan(3 * next.b_error!);
    expect(sign * next.t!).toBeGreaterThan(10);
    expect(next.q).toBeLessThan(1e-6);
    // later returns owe the imbalance nothing: the slope stays, its share fades
    expect(Math.abs(find(rows, 12).b! - sign * 0.01)).toBeLessThan(4 * find(rows, 12).b_error!);
    expect(find(rows, 12).r2_predictive).toBeLessThan(next.r2_predictive! / 4);
  });

  it('momentum that news turns into reversal', async () => {
    const returns = noise(5, n).map((e, t) => {
      const slope = inNews(t - 1) ? -0.01 : 0.005;
      return (t === 0 ? 0 : slope * imbalance[t - 1]!) + 0.005 * e;
    });
    const rows = await rowsOf(panelOfSeries([{ returns, imbalance }]), {
      every: '1h',
      news: news.map((time) => new Date(time / 1000).toISOString()),
      newsWindow: '4h',
    });
    const row = find(rows, 1, NEWS);
    expect(row.n_inside).toBe(600);
    expect(Math.abs(row.b! - 0.005)).toBeLessThan(3 * row.b_error!);
    expect(Math.abs(row.c! + 0.015)).toBeLessThan(3 * row.c_error!);
    expect(row.c_q).toBeLessThan(1e-6);
    expect(row.r2_predictive).toBeGreaterThan(find(rows, 1).r2_predictive!);
  });
});

describe('against the statistics of general least squares', () => {
  const n = 700;
  const params = {
    ...{ every: '1h', horizons: [1, 3, 12, 48], volatilityBars: 8, regimeBars: 40, regimeQuantile: 0.7 },
    ...{
      trendFast: 5,
      trendSlow: 15,
      news: ['2024-01-04T12:30:00Z', '2024-01-20T00:00:00Z'],
      newsWindow: '2d',
    },
  } as const;
  const frame = panelOfSeries(
    [0, 1].map((s) => {
      const e = noise(10 + s, n);
      const next = random(20 + s);
      // calm and wild weeks; the second instrument has bars without a trade
      const returns = e.map((x, t) => (t % 150 < 50 ? 0.01 : 0.003) * x + (t % 200 < 60 ? 0.004 : 0));
      const imbalance = Array.from(e, (_, t) =>
        s === 1 && t % 97 === 17
          ? null
          : Math.max(-1, Math.min(1, 0.5 * (2 * next() - 1) + 0.2 * (e[t + 1] ?? 0))),
      );
      return { returns, imbalance };
    }),
  );

  /** Series of an instrument by the definitions, bar by bar. */
  function oracle(s: number) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    const column = (name: string): number[] => [...(frame.columns[name] as Float64Array).slice(from, to)];
    const [close, buy, sell, time] = ['close', 'buy_volume', 'sell_volume', 'time'].map(column) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const imbalance = Float64Array.from(buy, (b, t) => (b - sell[t]!) / (b + sell[t]!));
    const returns = Float64Array.from(close, (c, t) => Math.log(c / close[t - 1]!));
    const volatility = close.map((_, t) => {
      if (t <= params.volatilityBars) return Number.NaN;
      const squares = [...returns.slice(t - params.volatilityBars, t)]
        .filter((r) => !Number.isNaN(r))
        .map((r) => r * r);
      return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
    });
    const average = (period: number, until: number): number => {
      const closes = close.slice(0, until).filter((c) => !Number.isNaN(c));
      if (closes.length < period) return Number.NaN;
      let e = closes.slice(0, period).reduce((a, b) => a + b, 0) / period;
      for (const c of closes.slice(period)) e += (2 / (period + 1)) * (c - e);
      return e;
    };
    const trend = close.map((_, t) =>
      Math.abs(average(params.trendFast, t) / average(params.trendSlow, t) - 1),
    );
    const above = (measure: readonly number[]): Float64Array => {
      const begun = measure.findIndex((x) => !Number.isNaN(x));
      return Float64Array.from(measure, (x, t) => {
        if (t - begun < params.regimeBars || Number.isNaN(x)) return Number.NaN;
        const before = measure.slice(t - params.regimeBars, t).filter((v) => !Number.isNaN(v));
        const rank = before.filter((v) => v < x).length + before.filter((v) => v === x).length / 2;
        return rank / before.length > params.regimeQuantile ? 1 : 0;
      });
    };
    const news = Float64Array.from(time, (t) =>
      params.news.some((text) => {
        const age = t + HOUR - Date.parse(text) * 1000;
        return age > 0 && age <= 2 * DAY;
      })
        ? 1
        : 0,
    );
    return { imbalance, returns, regimes: [undefined, above(volatility), above(trend), news] };
  }

  const near = (got: number, want: number, what: string): void => {
    if (Number.isNaN(want)) expect(got, what).toBeNaN();
    else
      expect(Math.abs(got - want), `${what}: ${got}, want ${want}`).toBeLessThanOrEqual(
        1e-9 * Math.abs(want),
      );
  };

  it('every instrument, horizon and regime, with gaps', async () => {
    const rows = await rowsOf(frame, params);
    expect(rows).toHaveLength(2 * 4 * 4);
    for (const s of [0, 1]) {
      const { imbalance, returns, regimes } = oracle(s);
      for (const horizon of params.horizons)
        regimes.forEach((regime, code) => {
          const row = find(rows, horizon, code, s);
          const want = regimeRegression(returns, imbalance, regime, horizon)!;
          const what = `instrument ${s}, horizon ${horizon}, regime ${code}`;
          expect([row.n, row.lags], what).toEqual([want.n, want.lags]);
          near(row.b!, want.imbalance.b, `${what} b`);
          near(row.c!, want.interaction.b, `${what} c`);
          near(row.r2_predictive!, want.rSquared, `${what} R²`);
          const tested = code === NONE || Math.min(row.n_inside!, row.n! - row.n_inside!) >= 30;
          near(row.b_error!, tested ? want.imbalance.error : Number.NaN, `${what} b_error`);
          near(row.c_error!, tested ? want.interaction.error : Number.NaN, `${what} c_error`);
          near(row.t!, tested ? want.imbalance.t : Number.NaN, `${what} t`);
          const regressors = [imbalance, ...(regime ? [imbalance.map((x, t) => x * regime[t]!)] : [])];
          near(row.r2_contemporaneous!, leastSquares(returns, regressors)!.rSquared, `${what} same bar`);
        });
    }
    // both answers of the rule that too small a regime is not tested occur
    const inside = rows.filter((row) => row.regime !== NONE).map((row) => Number.isNaN(row.c_p!));
    expect(new Set(inside)).toEqual(new Set([true, false]));
    expect(rows.filter((row) => row.regime === HIGH_VOLATILITY && row.n_inside! > 60).length).toBeGreaterThan(
      0,
    );
    expect(rows.filter((row) => row.regime === TREND && row.n_inside! > 60).length).toBeGreaterThan(0);
  });

  it('lags as given, but never fewer than horizon - 1', async () => {
    const rows = await rowsOf(frame, { ...params, hacLags: 7 });
    const { imbalance, returns } = oracle(1);
    for (const [horizon, lags] of [
      [1, 7],
      [12, 11],
    ] as const) {
      const ahead = Float64Array.from(returns, (_, t) =>
        t + horizon < n ? returns.slice(t + 1, t + 1 + horizon).reduce((a, b) => a + b, 0) : Number.NaN,
      );
      const hac = neweyWest(leastSquares(ahead, [imbalance])!, lags);
      const row = find(rows, horizon, NONE, 1);
      expect(row.lags).toBe(lags);
      near(row.b_error!, hac.errors[1]!, `horizon ${horizon}`);
      expect(row.p! / hac.p[1]!).toBeCloseTo(1, 7);
    }
  });

  it('no regime of a bar knows the bar: a wild return moves the regimes after it, not its own', async () => {
    const imbalance = uniform(31, 300);
    const returns = noise(32, 300).map((e, t) => (t < 290 ? 0.01 : 0.001) * e);
    const inside = async (wild?: number): Promise<number[]> => {
      const series = { returns: returns.map((r, t) => (t === wild ? 0.5 : r)), imbalance };
      const rows = await rowsOf(panelOfSeries([series]), { ...params, horizons: 1, news: [] });
      return rows.filter((row) => row.regime !== NONE).map((row) => row.n_inside!);
    };
    // bar 298 is the last with a return ahead
    const plain = await inside();
    expect(await inside(298)).toEqual(plain);
    expect(await inside(297)).toEqual(plain.map((count) => count + 1));
  });
});

describe('several tests at once', () => {
  it('Benjamini and Hochberg by hand, a regime at a time, nulls not counted', () => {
    // four of regime 0: 4·0.005 = 0.02, 4·0.01/2 = 0.02, 4·0.03/3 = 0.04, 4·0.04/4 = 0.04; two of regime 1: 2·0.03, 0.9
    const table = {
      rows: 7,
      columns: {
        regime: Uint32Array.of(0, 1, 0, 0, 0, 1, 0),
        p: Float64Array.of(0.01, 0.03, 0.04, Number.NaN, 0.03, 0.9, 0.005),
      },
    };
    const q = qOf('p')({ table, instruments: [], params: {}, every: 0 });
    const want = [0.02, 0.06, 0.04, Number.NaN, 0.04, 0.9, 0.02];
    expect([...q]).toEqual(want.map((x) => (Number.isNaN(x) ? x : expect.closeTo(x, 15))));
  });

  it('q covers all instruments and horizons of the regime', async () => {
    const series = Array.from({ length: 5 }, (_, s) => ({
      returns: noise(40 + s, 400).map((e) => 0.01 * e),
      imbalance: uniform(50 + s, 400),
    }));
    const rows = (await rowsOf(panelOfSeries(series), { every: '1h' })).filter((row) => row.regime === NONE);
    const sorted = [...rows].sort((a, b) => a.p! - b.p!);
    expect(sorted).toHaveLength(20);
    let smallest = 1;
    for (let i = 19; i >= 0; i--) {
      smallest = Math.min(smallest, (20 * sorted[i]!.p!) / (i + 1));
      expect(sorted[i]!.q).toBeCloseTo(smallest, 14);
    }
  });
});

describe('invariants and nulls', () => {
  const n = 300;
  const imbalance = uniform(60, n);
  const returns = noise(61, n).map((e, t) => 0.003 * (imbalance[t - 1] ?? 0) + 0.01 * e);
  const frame = panelOfSeries([{ returns, imbalance }]);

  it('swapped sides turn slopes and t, and nothing else', async () => {
    const plain = await rowsOf(frame, { every: '1h' });
    const swapped = await rowsOf(panelOfSeries([{ returns, imbalance: imbalance.map((x) => -x) }]), {
      every: '1h',
    });
    expect(plain.length).toBe(12);
    plain.forEach((row, i) => {
      for (const [name, value] of Object.entries(row))
        expect(swapped[i]![name]).toBe(['b', 't', 'c', 'c_t'].includes(name) ? -value : value);
    });
    expect(plain.filter((row) => row.c_t! > 0 || row.c_t! < 0).length).toBeGreaterThan(0);
  });

  it('a horizon beyond the data is null', async () => {
    const row = find(await rowsOf(frame, { every: '1h', horizons: '1,300' }), 300);
    expect(row).toMatchObject({
      n: 0,
      lags: 0,
      b: Number.NaN,
      p: Number.NaN,
      q: Number.NaN,
      r2_predictive: Number.NaN,
    });
    expect(row.r2_contemporaneous).toBeGreaterThanOrEqual(0);
    expect(row.available_at).toBe(T0 + n * HOUR);
  });

  it.each([
    [30, true],
    [29, false],
  ])('%d bars: tested %s', async (rows, tested) => {
    const short = { returns: returns.slice(0, rows + 1), imbalance: imbalance.slice(0, rows + 1) };
    const row = find(await rowsOf(panelOfSeries([short]), { every: '1h', horizons: 1 }), 1);
    expect(row.n).toBe(rows);
    expect(row.b).not.toBeNaN();
    for (const name of ['b_error', 't', 'p', 'q']) expect(Number.isNaN(row[name]!), name).toBe(!tested);
  });

  it('a regime that always holds, a constant imbalance, a price that stands still', async () => {
    const always = await rowsOf(frame, {
      ...{ every: '1h', horizons: 1, news: '2023-12-31T23:59:59.5Z', newsWindow: '52w' },
    });
    expect(find(always, 1, NEWS)).toMatchObject({ n: 299, n_inside: 299, b: Number.NaN, c: Number.NaN });
    const constant = panelOfSeries([{ returns, imbalance: imbalance.map(() => 0.3) }]);
    expect(find(await rowsOf(constant, { every: '1h', horizons: 1 }), 1)).toMatchObject({
      ...{ n: 299, b: Number.NaN, t: Number.NaN, r2_predictive: Number.NaN, r2_contemporaneous: Number.NaN },
    });
    const still = panelOfSeries([{ returns: returns.map(() => 0), imbalance }]);
    expect(find(await rowsOf(still, { every: '1h', horizons: 1 }), 1)).toMatchObject({
      ...{ b: 0, b_error: 0, t: Number.NaN, p: Number.NaN, r2_predictive: Number.NaN },
    });
  });

  it('news times keep their µs and their order', () => {
    const { news } = imbalanceRegression.params;
    const times = news.check('2024-01-02T00:00:00Z,2024-01-01T00:00:00.000001Z', 'news');
    expect(times).toEqual([T0 + 1, T0 + DAY]);
    expect(news.print(times)).toBe('2024-01-01T00:00:00.000001Z,2024-01-02T00:00:00Z');
  });
});

describe('errors, in one line', () => {
  const frame = panelOfSeries([{ returns: noise(1, 5), imbalance: uniform(1, 5) }]);
  it.each([
    [{ horizons: '1,x' }, 'imbalance-regression horizons x must be whole numbers of bars, 1 to 10000'],
    [{ horizons: 0 }, 'horizons 0 must be whole numbers'],
    [{ horizons: Array.from({ length: 17 }, (_, i) => i + 1) }, 'horizons 17 horizons must be at most 16'],
    [{ horizons: [] }, 'horizons (empty) must name at least one horizon'],
    [{ news: 'yesterday' }, 'news yesterday must be ISO times'],
    [{ trendFast: 50 }, 'imbalance-regression trendFast 50 must be less than trendSlow, 50'],
    [{ minRows: 2 }, 'minRows 2 must be at least 3'],
  ] as const)('%j', async (params, message) => {
    await expect(rowsOf(frame, { every: '1h', ...params } as Params)).rejects.toThrow(message);
  });
});

describeGpu('on the GPU', () => {
  it('long series with gaps are the reference to the bit', async () => {
    const n = 1200;
    const series = [0, 1, 2].map((s) => ({
      returns: noise(70 + s, n).map((e) => 0.01 * e),
      imbalance: uniform(80 + s, n).map((x, t) => (s > 0 && t % (17 * s) === 5 ? null : x)),
    }));
    const frame = panelOfSeries(series);
    const params = { every: '1h', horizons: '1,48', news: '2024-01-20T00:00:00Z', newsWindow: '2w' } as const;
    const want = await rowsOf(frame, params);
    expect(want.filter((row) => row.p! >= 0).length).toBeGreaterThan(10);
    expect(await rowsOf(frame, params, { backend: 'webgpu', adapter: 'any' })).toEqual(want);
  });
});

describe.skipIf(!haveData)(`daily bars of ${dataLine}`, () => {
  it('are regressed in full: what explains a day says little about the next', async () => {
    const files = readdirSync(realData('binance-klines')).filter((name) => name.endsWith('.csv'));
    const input = await nativeDataset(
      files.map((name) => realData(`binance-klines/${name}`)),
      ['bars'],
      {},
    );
    const { frame } = await openBars(input.folder, DAY, {});
    await input.close();
    const rows = await rowsOf(frame, { every: '1d' });
    expect(rows).toHaveLength(frame.instruments.length * 4 * 3);
    const next = rows.filter((row) => row.horizon === 1 && row.regime === NONE && row.n! >= 100);
    expect(next.length).toBeGreaterThan(150);
    for (const row of rows) {
      if (Number.isNaN(row.p!)) expect(row.q).toBeNaN();
      else expect(row.q!).toBeGreaterThanOrEqual(row.p!);
      for (const name of ['r2_predictive', 'r2_contemporaneous'])
        if (!Number.isNaN(row[name]!)) expect(row[name]! >= 0 && row[name]! <= 1).toBe(true);
    }
    const median = (name: string): number =>
      next.map((row) => row[name]!).sort((a, b) => a - b)[Math.floor(next.length / 2)]!;
    expect(median('r2_contemporaneous')).toBeGreaterThan(20 * median('r2_predictive'));
  });
});
