import { beforeAll, describe, expect, it } from 'vitest';
import { imbalanceSurprise } from '../../src/analytics/imbalance-surprise/index.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData } from '../ingest/support.js';
import { describeGpu } from '../support/gpu.js';
import { DAY, klinePanel } from '../support/kline-panels.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { integerIn, random } from '../support/random.js';

const MINUTE = 60_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;

type Params = Parameters<typeof run<typeof imbalanceSurprise.params>>[2];
/** Taker-buy, taker-sell and unknown lots; null for a bar that nobody saw. */
type Flow = readonly [buy: number, sell: number, unknown: number] | null;

async function columns(frame: Frame, params: Params): Promise<Record<string, Float64Array>> {
  const { tables } = await run(imbalanceSurprise, frame, params, { backend: 'cpu' });
  return tables.bars!.table.columns as Record<string, Float64Array>;
}

const panelOfFlows = (flows: readonly Flow[], from = 0): Frame =>
  panelFrameOf(
    [
      flows.flatMap((flow, i): BarRow[] =>
        flow === null
          ? []
          : [
              {
                ...{ t: T0 + (from + i) * MINUTE, o: 10, h: 12, l: 9, c: 11 },
                ...{ buy: flow[0], sell: flow[1], unknown: flow[2] },
              },
            ],
      ),
    ],
    MINUTE,
    { lot: '1' },
  );

/** Bars of all kinds: tied, one-sided, of unknown side, empty, not seen. */
function hostile(rows: number, seed: number): Flow[] {
  const next = random(seed);
  return Array.from({ length: rows }, (_, i): Flow => {
    const kind = next();
    if (kind < 0.05 && i < rows - 1) return null;
    if (kind < 0.1) return [0, 0, integerIn(next, 0, 5)];
    if (kind < 0.3) return [integerIn(next, 0, 2), integerIn(next, 1, 2), 0];
    return [integerIn(next, 0, 2 ** 24), integerIn(next, 1, 2 ** 24), integerIn(next, 0, 9)];
  });
}

/** What VI is rounded to. */
const STEP = 2 ** -38;

describe('surprise against the definition, window by window', () => {
  const flows = hostile(700, 5);
  const vi = flows.map((flow) =>
    flow === null || flow[0] + flow[1] === 0 ? Number.NaN : (flow[0] - flow[1]) / (flow[0] + flow[1]),
  );

  const median = (sorted: readonly number[]): number =>
    (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  const ascending = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);

  it.each([
    { bars: 48 },
    { bars: 9, minPeriods: 3, form: 'robust' },
    { bars: 64, form: 'robust', includeCurrent: true },
    { bars: 900, minPeriods: 2 },
  ] as const)('%j', async (params) => {
    const got = await columns(panelOfFlows(flows), { every: '1m', ...params });
    const { bars, minPeriods, includeCurrent, form } = {
      ...{ minPeriods: undefined, includeCurrent: false, form: 'standard' },
      ...params,
    };
    expect(got.vi).toEqual(Float64Array.from(vi));
    let checked = 0;
    vi.forEach((x, i) => {
      const end = i + (includeCurrent ? 1 : 0);
      const window = vi.slice(Math.max(0, end - bars), end).filter((y) => !Number.isNaN(y));
      const warm = minPeriods === undefined ? end >= bars && window.length > 0 : window.length >= minPeriods;
      if (Number.isNaN(x) || !warm) {
        expect([got.vi_z![i], got.vi_percentile![i]]).toEqual([Number.NaN, Number.NaN]);
        return;
      }
      const below = window.filter((y) => y < x).length + window.filter((y) => y === x).length / 2;
      expect(got.vi_percentile![i]).toBe(below / window.length);
      let [centre, scale] = [0, 0];
      if (form === 'robust') {
        centre = median(ascending(window));
        scale = 1.4826 * median(ascending(window.map((y) => Math.abs(y - centre))));
      } else {
        centre = window.reduce((a, b) => a + b, 0) / window.length;
        const squares = window.reduce((sum, y) => sum + (y - centre) ** 2, 0);
        scale = Math.sqrt(squares / (window.length - 1));
      }
      // rounding moves x and centre by half a step each, and the scale by 1.4826 · (1/2 + 1/2) steps at most
      const z = (x - centre) / scale;
      expect(Math.abs(got.vi_z![i]! - z), `z ${i}`).toBeLessThanOrEqual(
        ((1 + 1.5 * Math.abs(z)) * STEP) / scale,
      );
      checked++;
    });
    expect(checked).toBeGreaterThan(500);
  });
});

describe('sums and averages', () => {
  const flows = hostile(500, 6);

  it('CVD restarts at its anchor and nowhere else', async () => {
    const got = await columns(panelOfFlows(flows), { every: '1m', anchor: '1h' });
    let cvd = 0;
    flows.forEach((flow, i) => {
      if (i % 60 === 0) cvd = 0;
      if (flow) cvd += flow[0] - flow[1];
      expect(got.cvd![i]).toBe(flow ? cvd : Number.NaN);
    });
  });

  it('adds up over wider bars: hourly D, and CVD at the end of each hour', async () => {
    const seen = flows.map((flow): Flow => flow ?? [0, 0, 0]).slice(0, 480);
    const fine = await columns(panelOfFlows(seen), { every: '1m' });
    for (let h = 0; h < 8; h++) {
      const hour = fine.delta!.slice(h * 60, h * 60 + 60).reduce((a, b) => a + b, 0);
      const before = h === 0 ? 0 : fine.cvd![h * 60 - 1]!;
      expect(fine.cvd![h * 60 + 59]! - before).toBe(hour);
    }
  });

  it.each(['sma', 'first'] as const)('averages by their closed form, seed %s', async (seed) => {
    const got = await columns(panelOfFlows(flows), { every: '1m', ema: 7, seed });
    for (const [name, values] of [
      ['vi_ema', flows.map((f) => (f && f[0] + f[1] > 0 ? (f[0] - f[1]) / (f[0] + f[1]) : Number.NaN))],
      ['volume_ema', flows.map((f) => (f ? f[0] + f[1] + f[2] : Number.NaN))],
    ] as const) {
      const seen = [...values.keys()].filter((i) => !Number.isNaN(values[i]!));
      const first = seed === 'sma' ? 7 : 1;
      seen.forEach((row, n) => {
        if (n + 1 < first) {
          expect(got[name]![row]).toBeNaN();
          return;
        }
        // weights (1 - α)^k α of the values after the seed, (1 - α)^rest of the seed; α = 1/4
        let want = 0;
        for (let k = first; k <= n; k++) want += 0.25 * 0.75 ** (n - k) * values[seen[k]!]!;
        const start = seen.slice(0, first).reduce((sum, i) => sum + values[i]!, 0) / first;
        want += 0.75 ** (n + 1 - first) * start;
        const scale = Math.max(...seen.slice(0, n + 1).map((i) => Math.abs(values[i]!)));
        expect(Math.abs(got[name]![row]! - want)).toBeLessThanOrEqual(1e-14 * scale);
      });
    }
  });

  it('sides swapped, a percentile is what is left of 1', async () => {
    const swapped = flows.map((flow): Flow => flow && [flow[1], flow[0], flow[2]]);
    const params = { every: '1m', bars: 32, minPeriods: 5 } as const;
    const got = await columns(panelOfFlows(swapped), params);
    const plain = await columns(panelOfFlows(flows), params);
    // counts are small integers: equal but for the rounding of the quotient
    plain.vi_percentile!.forEach((p, i) => {
      if (Number.isNaN(p)) expect(got.vi_percentile![i]).toBeNaN();
      else expect(Math.abs(got.vi_percentile![i]! + p - 1)).toBeLessThanOrEqual(2 ** -52);
    });
  });
});

describe('no drift', () => {
  const WINDOW = 288;
  const LAST = 400;
  let flows: Flow[];
  let frame: Frame;
  beforeAll(() => {
    flows = hostile(1_000_000, 9);
    frame = panelOfFlows(flows);
  });

  it.each(['standard', 'robust'] as const)(
    '%s: the last bars of a million have the values of their windows alone',
    async (form) => {
      const params = { every: '1m', bars: WINDOW, form } as const;
      const long = await columns(frame, params);
      const tail = flows.slice(-(WINDOW + LAST));
      // the first bar of a panel is one that somebody saw
      tail[0] ??= [0, 0, 0];
      const short = await columns(panelOfFlows(tail, flows.length - tail.length), params);
      for (const name of ['vi_z', 'vi_percentile']) {
        const got = [...long[name]!.slice(-LAST + 1)];
        expect(got, name).toEqual([...short[name]!.slice(-LAST + 1)]);
        expect(got.filter((x) => !Number.isNaN(x)).length, name).toBeGreaterThan(300);
      }
    },
  );

  describeGpu('on the GPU', () => {
    it('20,000 bars are the reference', async () => {
      const frame = panelOfFlows(hostile(20_000, 10));
      const params = { every: '1m', bars: 60, anchor: '8h' } as const;
      const want = await columns(frame, params);
      const { tables } = await run(imbalanceSurprise, frame, params, { backend: 'webgpu', adapter: 'any' });
      const got = tables.bars!.table.columns as Record<string, Float64Array>;
      for (const name of ['vi', 'cvd', 'vi_ema', 'volume_ema', 'vi_percentile'])
        expect(got[name], name).toEqual(want[name]);
      want.vi_z!.forEach((z, i) => {
        if (Number.isNaN(z)) expect(got.vi_z![i]).toBeNaN();
        else expect(Math.abs(got.vi_z![i]! - z)).toBeLessThanOrEqual(1e-14 * Math.abs(z));
      });
    });
  });
});

describe('real bars', () => {
  it.skipIf(!haveData)(`${dataLine}: daily klines of Binance by the definition`, async () => {
    const { lists, frame } = await klinePanel(['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'AAVEUSDT'], 4);
    const got = await columns(frame, { every: '1d', bars: 30, minPeriods: 20, ema: 10, seed: 'first' });
    let checked = 0;
    lists.forEach((rows, s) => {
      const from = frame.offsets[s]!;
      let [cvd, average] = [0, Number.NaN];
      const past: { t: number; vi: number }[] = [];
      for (const { t, buy = 0, sell = 0 } of rows) {
        const at = from + (t - rows[0]!.t) / DAY;
        const vi = (buy - sell) / (buy + sell);
        cvd += buy - sell;
        expect(got.cvd![at]).toBe(cvd / 1000);
        average = Number.isNaN(average) ? vi : (2 * vi + 9 * average) / 11;
        expect(Math.abs(got.vi_ema![at]! - average)).toBeLessThanOrEqual(1e-15);
        const window = past.filter((bar) => bar.t >= t - 30 * DAY).map((bar) => bar.vi);
        past.push({ t, vi });
        if (window.length < 20) continue;
        const mean = window.reduce((a, b) => a + b, 0) / window.length;
        const sd = Math.sqrt(window.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (window.length - 1));
        const z = (vi - mean) / sd;
        expect(Math.abs(got.vi_z![at]! - z)).toBeLessThanOrEqual(((2 + Math.abs(z)) * STEP) / sd);
        expect(got.vi_percentile![at]).toBe(window.filter((x) => x < vi).length / window.length);
        checked++;
      }
    });
    expect(checked).toBeGreaterThan(2300);
  });
});

describe('errors, in one line', () => {
  const frame = panelOfFlows([
    [1, 2, 0],
    [2, 1, 0],
  ]);
  it.each([
    [{ every: '1m', bars: 1 }, 'imbalance-surprise bars 1 must be at least 2'],
    [{ every: '1m', anchor: '90s' }, /anchor 90s begins at .* inside a bar of 1m/],
    [{ every: '1m', form: 'quick' }, /form quick must be one of standard, robust/],
  ] as const)('%j', async (params, message) => {
    await expect(columns(frame, params as Params)).rejects.toThrow(message);
  });
});
