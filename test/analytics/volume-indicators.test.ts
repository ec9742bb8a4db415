import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { volumeIndicators } from '../../src/analytics/volume-indicators/index.js';
import { INDICATORS } from '../../src/analytics/volume-indicators/parameters.js';
import type { Frame } from '../../src/core/columns.js';
import { openBackend } from '../../src/engine/backend.js';
import { resolve } from '../../src/engine/resolve.js';
import { run, runOn } from '../../src/engine/run.js';
import * as dd from '../support/double-double.js';
import { describeGpu } from '../support/gpu.js';
import { indicatorOracle, type OracleBar } from '../support/indicator-oracle.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { integerIn, random } from '../support/random.js';
import { toNumber } from '../support/rational.js';
import { haveTables, printed, tablesLine, workedTable } from '../support/worked-tables.js';

const MINUTE = 60_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;
const WHOLE = { tick: '1', lot: '1' };

type Params = NonNullable<Parameters<typeof run<typeof volumeIndicators.params>>[2]>;
type Columns = Record<string, Float64Array>;

async function indicators(panel: Frame, params: Params = {}): Promise<Columns> {
  const { tables } = await run(volumeIndicators, { panel }, params, { backend: 'cpu' });
  return tables.indicators!.table.columns as Columns;
}

/** A panel of one minute a bar, of whole ticks and lots; null was not observed, an empty bar had no trade. */
function panelOf(lists: readonly (readonly OracleBar[])[]): Frame {
  const rows = lists.map((bars) =>
    bars.map((bar, i): BarRow => {
      const { h, l, c, v } = bar === null || bar === 'empty' ? { h: 1, l: 1, c: 1, v: 1 } : bar;
      return { t: T0 + i * MINUTE, o: c, h, l, c, unknown: v };
    }),
  );
  const panel = panelFrameOf(rows, MINUTE, WHOLE);
  const columns = panel.columns as Columns;
  lists.flat().forEach((bar, i) => {
    if (bar !== null && bar !== 'empty') return;
    for (const name of ['open', 'high', 'low', 'close']) columns[name]![i] = Number.NaN;
    for (const name of ['volume', 'unknown_volume', 'trades', 'notional'])
      columns[name]![i] = bar === null ? Number.NaN : 0;
  });
  return panel;
}

/** A walk with ties, flat bars, bars without a trade and, if asked, bars that nobody saw. */
function walk(seed: number, bars: number, outages: boolean): OracleBar[] {
  const next = random(seed);
  let c = 60;
  return Array.from({ length: bars }, (): OracleBar => {
    if (outages && next() < 0.12) return null;
    if (next() < 0.15) return 'empty';
    c = Math.max(1, c + integerIn(next, -3, 3));
    const flat = next() < 0.1;
    const [up, down] = flat ? [0, 0] : [integerIn(next, 0, 4), integerIn(next, 0, Math.min(4, c - 1))];
    return { h: c + up, l: c - down, c, v: integerIn(next, 1, 9) };
  });
}

describe('an oracle in exact fractions', () => {
  const short = {
    ...{ cmfPeriod: 4, mfiPeriod: 3, vwmaPeriod: 5, vrocPeriod: 2, emvPeriod: 3, emvScale: 1 },
    ...{
      adoscFast: 2,
      adoscSlow: 4,
      pvoFast: 3,
      pvoSlow: 6,
      pvoSignal: 3,
      kvoFast: 3,
      kvoSlow: 5,
      kvoSignal: 2,
    },
  };
  const sets: readonly Params[] = [
    short,
    { ...short, emaSeed: 'first', kvoForm: 'inner' },
    {
      ...short,
      cmfPeriod: 1,
      mfiPeriod: 1,
      vwmaPeriod: 1,
      emvPeriod: 1,
      adoscFast: 1,
      kvoFast: 1,
      pvoFast: 1,
    },
  ];
  it.each(sets.flatMap((set, i) => [1, 2, 3].map((seed) => [i, seed, set] as const)))(
    'parameters %i, walk %i',
    async (i, seed, set) => {
      const bars = walk(10 * i + seed, 55, seed > 1);
      if (seed === 3) bars.unshift('empty', null, 'empty');
      const p = set as Required<typeof short> & Params;
      const want = indicatorOracle(bars, {
        ...{ emaSeed: p.emaSeed ?? 'sma', inner: p.kvoForm === 'inner' },
        ...{ cmf: p.cmfPeriod, mfi: p.mfiPeriod, vwma: p.vwmaPeriod, vroc: p.vrocPeriod, emv: p.emvPeriod },
        adosc: [p.adoscFast, p.adoscSlow],
        pvo: [p.pvoFast, p.pvoSlow, p.pvoSignal],
        kvo: [p.kvoFast, p.kvoSlow, p.kvoSignal],
      });
      const got = await indicators(panelOf([bars]), p);
      for (const [name, cells] of Object.entries(want)) {
        let filled = 0;
        // sums that cancel are as exact as their largest values
        const values = cells.map((x) => x && toNumber(x));
        const largest = Math.max(...values.map((x) => Math.abs(x ?? 0)));
        values.forEach((x, row) => {
          if (x !== null) filled++;
          const found = got[name]![row]!;
          if (x === null) expect(found, `${name}[${row}]`).toBeNaN();
          else
            expect(Math.abs(found - x), `${name}[${row}] ${found} ${x}`).toBeLessThanOrEqual(1e-14 * largest);
        });
        expect(filled, name).toBeGreaterThan(10);
      }
    },
  );
});

describe('bounds and comparisons', () => {
  it('0 ≤ MFI ≤ 100 and |CMF| ≤ 1, to the bit', async () => {
    const next = random(5);
    const lists = Array.from({ length: 40 }, () =>
      Array.from({ length: 100 }, (): OracleBar => {
        const l = integerIn(next, 1, 1000);
        const h = l + integerIn(next, 0, 30);
        // closes at an end, so that many windows hold the extremes
        return { h, l, c: next() < 0.9 ? h : l, v: integerIn(next, 1, 1_000_003) };
      }).sort((a, b) => (a as { l: number }).l - (b as { l: number }).l),
    );
    const { mfi, cmf } = await indicators(panelOf(lists), { mfiPeriod: 2, cmfPeriod: 3 });
    expect(Math.min(...mfi!.filter((x) => !Number.isNaN(x)))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...mfi!.filter((x) => !Number.isNaN(x)))).toBe(100);
    expect(Math.max(...cmf!.filter((x) => !Number.isNaN(x)))).toBe(1);
    expect(Math.min(...cmf!.filter((x) => !Number.isNaN(x)))).toBeGreaterThanOrEqual(-1);
  });

  it('OBV compares the close with the previous close, not with the open', async () => {
    // both later bars close above their open; only the second also closes above the close before
    const bars: BarRow[] = [
      { t: T0, o: 20, h: 20, l: 20, c: 20, unknown: 1 },
      { t: T0 + MINUTE, o: 10, h: 15, l: 10, c: 15, unknown: 7 },
      { t: T0 + 2 * MINUTE, o: 12, h: 16, l: 12, c: 16, unknown: 5 },
    ];
    const { obv } = await indicators(panelFrameOf([bars], MINUTE, WHOLE));
    expect([...obv!]).toEqual([0, -7, -2]);
  });

  it('OBV is an exact integer near 2^53', async () => {
    const bars: OracleBar[] = [1, 2, 3, 2, 3].map((c) => ({ h: c, l: c, c, v: 1_801_439_850_948_197 }));
    bars.push({ h: 4, l: 4, c: 4, v: 3 });
    const { obv } = await indicators(panelOf([bars]));
    expect([...obv!]).toEqual(
      [0, 1, 2, 1, 2, 2].map((n, i) => n * 1_801_439_850_948_197 + (i === 5 ? 3 : 0)),
    );
  });
});

describe('bars that were not observed', () => {
  it('are null, and the others are as if they did not exist', async () => {
    const lists = [
      walk(31, 300, true),
      walk(32, 300, true),
      [],
      walk(33, 5, true),
      [null, null, ...walk(34, 90, false)],
    ];
    const panel = panelOf(lists);
    const params: Params = {
      cmfPeriod: 6,
      kvoFast: 4,
      kvoSlow: 7,
      pvoFast: 3,
      pvoSlow: 5,
      typicalPrice: 'ohlc4',
    };
    const got = await indicators(panel, params);
    const want = await indicators(panelOf(lists.map((bars) => bars.filter((bar) => bar !== null))), params);
    let at = 0;
    lists.flat().forEach((bar, row) => {
      for (const names of Object.values(VALUES))
        for (const name of names) {
          if (bar === null) expect(got[name]![row], name).toBeNaN();
          else expect(got[name]![row], name).toBe(want[name]![at]);
        }
      if (bar !== null) at++;
    });
    expect(at).toBeLessThan(panel.rows - 40);
    expect(got.time).toEqual(panel.columns.time);
    expect(got.available_at).toEqual(panel.columns.available_at);
  });
});

/** Columns by indicator. */
const VALUES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  INDICATORS.map((name) => [
    name,
    {
      force: ['force2', 'force13'],
      pvo: ['pvo', 'pvo_signal'],
      kvo: ['kvo', 'kvo_signal'],
      emv: ['emv', 'emv_sma'],
    }[name as string] ?? [name],
  ]),
);

describe('only some indicators', () => {
  const panel = panelOf([walk(41, 120, true)]);
  it.each(INDICATORS)('%s alone is the same, and the rest is null', async (name) => {
    const all = await indicators(panel);
    const own = await indicators(panel, { only: name });
    for (const [indicator, columns] of Object.entries(VALUES))
      for (const column of columns) {
        if (indicator === name) expect(own[column], column).toEqual(all[column]);
        else expect(own[column]!.every(Number.isNaN), column).toBe(true);
      }
  });
});

describe('a million bars', () => {
  const BARS = 1_000_000;
  const U = 2 ** -53;
  const next = random(77);
  const high = new Float64Array(BARS);
  const low = new Float64Array(BARS);
  const close = new Float64Array(BARS);
  const volume = new Float64Array(BARS);
  for (let i = 0, c = 500_000; i < BARS; i++) {
    c += integerIn(next, -9, 9);
    close[i] = c;
    high[i] = c + integerIn(next, 0, 20);
    low[i] = c - integerIn(next, 0, 20);
    volume[i] = integerIn(next, 1, 1_000_000);
  }
  // a shock that a window which adds and takes away would remember for ever
  volume[1000] = 4e15;
  const panel = (() => {
    const one = panelFrameOf([[{ t: T0, o: 1, h: 1, l: 1, c: 1, unknown: 1 }]], MINUTE, WHOLE);
    const time = Float64Array.from({ length: BARS }, (_, i) => T0 + i * MINUTE);
    const columns = { time, available_at: time, open: close, high, low, close, volume, notional: volume };
    return { ...one, rows: BARS, offsets: Uint32Array.of(0, BARS), columns };
  })();
  const answer = indicators(panel, { emvScale: 2, emaSeed: 'first' });

  it('ADL and PVT stay within n · 2^-53 · Σ|terms|', async () => {
    const { adl, pvt } = await answer;
    let flow: dd.DoubleDouble = [0, 0];
    let trend: dd.DoubleDouble = [0, 0];
    let flowSize = 0;
    let trendSize = 0;
    let worst = 0;
    for (let i = 0; i < BARS; i++) {
      const [h, l, c, v] = [high[i]!, low[i]!, close[i]!, volume[i]!];
      if (h > l) {
        const term = dd.over(dd.twoProduct(2 * c - l - h, v), h - l);
        flow = dd.add(flow, term);
        flowSize += Math.abs(term[0]);
      }
      if (i > 0) {
        const term = dd.over(dd.twoProduct(c - close[i - 1]!, v), close[i - 1]!);
        trend = dd.add(trend, term);
        trendSize += Math.abs(term[0]);
      }
      worst = Math.max(
        worst,
        Math.abs(dd.errorOf(adl![i]!, flow)) / ((i + 3) * U * flowSize || 1),
        Math.abs(dd.errorOf(pvt![i]!, trend)) / ((i + 3) * U * trendSize || 1),
      );
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('NVI and PVI stay within 2 n · 2^-53', async () => {
    const { nvi, pvi } = await answer;
    let negative: dd.DoubleDouble = [1000, 0];
    let positive: dd.DoubleDouble = [1000, 0];
    for (let i = 1; i < BARS; i++) {
      const moved = (index: dd.DoubleDouble) => dd.over(dd.times(index, close[i]!), close[i - 1]!);
      if (volume[i]! < volume[i - 1]!) negative = moved(negative);
      if (volume[i]! > volume[i - 1]!) positive = moved(positive);
    }
    const last = BARS - 1;
    expect(Math.abs(dd.errorOf(nvi![last]!, negative))).toBeLessThanOrEqual(2 * BARS * U * negative[0]);
    expect(Math.abs(dd.errorOf(pvi![last]!, positive))).toBeLessThanOrEqual(2 * BARS * U * positive[0]);
  });

  it('averages stay within (period / 2 + 7) · 2^-53 of the largest value, and forget the rest', async () => {
    const { force13 } = await answer;
    let e: dd.DoubleDouble = [0, 0];
    let largest = 0;
    let worst = 0;
    for (let i = 1; i < BARS; i++) {
      const x = (close[i]! - close[i - 1]!) * volume[i]!;
      e = i === 1 ? [x, 0] : dd.over(dd.add(dd.times(e, 12), [2 * x, 0]), 14);
      // the shock is below 2^-53 of itself 300 bars later
      largest = i === 1300 ? 0 : Math.max(largest, Math.abs(x));
      if (i > 1600 || i < 1300)
        worst = Math.max(worst, Math.abs(dd.errorOf(force13![i]!, e)) / ((13 / 2 + 7) * U * largest));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('windows are those of their own bars, long after the shock', async () => {
    const { cmf, vwma, mfi, emv_sma: mean } = await answer;
    const places = [1000, 1010, 1019, 1020, 1021, 5000, 77_777, BARS - 2, BARS - 1];
    for (const at of places) {
      const window = (n: number) => Array.from({ length: n }, (_, k) => at - n + 1 + k);
      const sum = (terms: readonly dd.DoubleDouble[]) => terms.reduce(dd.add, [0, 0]);
      const traded = window(20).reduce((total, i) => total + volume[i]!, 0);
      const flows = window(20).map((i) =>
        high[i]! > low[i]!
          ? dd.over(dd.twoProduct(2 * close[i]! - low[i]! - high[i]!, volume[i]!), high[i]! - low[i]!)
          : ([0, 0] as const),
      );
      const wanted = dd.over(sum(flows), traded);
      expect(Math.abs(dd.errorOf(cmf![at]!, wanted)), `cmf ${at}`).toBeLessThanOrEqual(23 * U);
      const average = dd.over(sum(window(20).map((i) => dd.twoProduct(close[i]!, volume[i]!))), traded);
      expect(Math.abs(dd.errorOf(vwma![at]!, average)), `vwma ${at}`).toBeLessThanOrEqual(
        23 * U * average[0],
      );
      const level = (i: number) => high[i]! + low[i]! + close[i]!;
      const side = (s: number) =>
        sum(
          window(14).map((i) =>
            Math.sign(level(i) - level(i - 1)) === s ? dd.twoProduct(level(i), volume[i]!) : [0, 0],
          ),
        );
      const [up, down] = [side(1), side(-1)];
      const total = dd.add(up, down);
      const index = dd.over(dd.times(up, 100), total[0]);
      expect(Math.abs(dd.errorOf(mfi![at]!, index)), `mfi ${at}`).toBeLessThanOrEqual(36 * U * 100);
      const movements = window(14).map((i) =>
        dd.over(
          dd.twoProduct(high[i]! + low[i]! - high[i - 1]! - low[i - 1]!, high[i]! - low[i]!),
          volume[i]!,
        ),
      );
      const largest = Math.max(...movements.map(([x]) => Math.abs(x)));
      expect(Math.abs(dd.errorOf(mean![at]!, dd.over(sum(movements), 14))), `emv ${at}`).toBeLessThanOrEqual(
        20 * U * largest,
      );
    }
  });
});

describe('parameters', () => {
  const panel = panelOf([walk(51, 5, false)]);
  it.each<[Params, string]>([
    [{ only: 'obv,rsi' }, 'volume-indicators only obv,rsi must be names among obv, adl, cmf'],
    [{ cmfPeriod: 0 }, 'volume-indicators cmfPeriod 0 must be at least 1'],
    [{ adoscFast: 10 }, 'volume-indicators adoscFast 10 must be below adoscSlow 10'],
    [{ pvoSlow: 5 }, 'volume-indicators pvoFast 12 must be below pvoSlow 5'],
    [{ kvoFast: 60 }, 'volume-indicators kvoFast 60 must be below kvoSlow 55'],
    [{ every: '5m' }, 'volume-indicators bars of 5m must be as wide as those given, 1m'],
  ])('%j', async (params, message) => {
    await expect(indicators(panel, params)).rejects.toThrow(message);
  });

  it('bar_vwap of an inverse contract', async () => {
    const inverse = panelFrameOf([[{ t: T0, o: 1, h: 1, l: 1, c: 1, unknown: 1 }]], MINUTE, {
      contract: 'inverse',
    });
    await expect(indicators(inverse, { typicalPrice: 'bar_vwap' })).rejects.toThrow(
      'volume-indicators typicalPrice bar_vwap must be another price: notional of S00000, an inverse contract, is its face value',
    );
    expect([...(await indicators(inverse)).obv!]).toEqual([0]);
  });
});

describe(tablesLine, () => {
  const DAY = 86_400_000_000;
  /** The sheet's bars; prices it does not give are its close, or its low. */
  const sheet = (table: Record<string, string[]>, tick: string, lot: string) => {
    const count = table.Volume!.length;
    const number = (title: string, i: number, unit: string, otherwise: number): number =>
      table[title]?.[i] ? Math.round(Number(table[title][i]) / Number(unit)) : otherwise;
    const rows = Array.from({ length: count }, (_, i): BarRow => {
      const c = number('Close', i, tick, number('Low', i, tick, 1));
      const [h, l] = [number('High', i, tick, c), number('Low', i, tick, c)];
      return { t: T0 + i * DAY, o: c, h, l, c, unknown: number('Volume', i, lot, 1) };
    });
    return panelFrameOf([rows], DAY, { tick, lot });
  };
  const compare = (got: ArrayLike<number>, cells: readonly string[], slack = 1): void => {
    let compared = 0;
    cells.forEach((cell, i) => {
      if (cell === '') return;
      compared++;
      const relative = 1e-12 * Math.abs(Number(cell));
      expect(Math.abs(got[i]! - Number(cell)), `row ${i}: ${got[i]} for ${cell}`).toBeLessThanOrEqual(
        slack * printed(cell) * (1 + 1e-9) + relative,
      );
    });
    expect(compared).toBeGreaterThan(10);
  };
  const first: Params = { every: '1d', emaSeed: 'first' };

  it.skipIf(!haveTables)('cs-obv', async () => {
    const table = workedTable('cs-obv');
    compare((await indicators(sheet(table, '0.01', '1'), first)).obv!, table.OBV!);
  });

  it.skipIf(!haveTables)('cs-accum', async () => {
    const table = workedTable('cs-accum');
    const { adl, cmf } = await indicators(sheet(table, '0.0001', '0.001'), first);
    compare(adl!, table.ADLine!);
    // the sheet has no CMF, but what it is made of
    const sum = (cells: readonly string[], i: number) =>
      cells.slice(i - 19, i + 1).reduce((total, cell) => total + Number(cell), 0);
    for (let i = 19; i < cmf!.length; i++) {
      const traded = sum(table.Volume!, i);
      const want = sum(table['MF Value']!, i) / traded;
      expect(Math.abs(cmf![i]! - want), `row ${i}`).toBeLessThanOrEqual((20 * 0.00005) / traded);
    }
  });

  it.skipIf(!haveTables)('cs-mfi', async () => {
    const table = workedTable('cs-mfi');
    compare((await indicators(sheet(table, '0.0001', '0.001'), first)).mfi!, table.MFI!);
  });

  it.skipIf(!haveTables)('cs-fi, whose average begins with its first value', async () => {
    const table = workedTable('cs-fi');
    compare((await indicators(sheet(table, '0.01', '1'), first)).force13!, table.FI!);
  });

  it.skipIf(!haveTables)('cs-pvo, whose averages begin with their first value', async () => {
    const table = workedTable('cs-pvo');
    const { pvo, pvo_signal: signal } = await indicators(sheet(table, '1', '0.001'), first);
    compare(pvo!, table.PVO!);
    compare(signal!, table.PVO_Signal_Line!);
    compare(
      pvo!.map((x, i) => x - signal![i]!),
      table.PVO_Histogram!,
    );
  });

  it.skipIf(!haveTables)('cs-vpt', async () => {
    const table = workedTable('cs-vpt');
    const { pvt } = await indicators(sheet(table, '0.0001', '0.001'), first);
    compare(pvt!, table['unsmoothed vpt']!);
    const smoothed = pvt!.map((_, i) => pvt!.slice(i - 13, i + 1).reduce((a, b) => a + b, 0) / 14);
    compare(smoothed, table['14-smoothed vpt']!);
  });

  it.skipIf(!haveTables)('cs-easeofmovement, whose scale is 10^8', async () => {
    const table = workedTable('cs-easeofmovement');
    const { emv, emv_sma: mean } = await indicators(sheet(table, '0.01', '1'), first);
    compare(emv!, table.EMV!);
    compare(mean!, table.SMA_EMV!);
  });
});

describeGpu('volume-indicators on the GPU', () => {
  it('bars that were not observed: the reference to the bit', async () => {
    const lists = [
      walk(61, 150, true),
      [],
      walk(62, 80, true),
      ['empty', null, 'empty', ...walk(63, 70, true)] as OracleBar[],
    ];
    const panel = panelOf(lists);
    const gpu = await openBackend({ backend: 'webgpu', adapter: 'any', poison: true });
    try {
      for (const params of [
        {},
        { emaSeed: 'first', cmfPeriod: 3, kvoFast: 2, kvoSlow: 4 },
      ] satisfies Params[]) {
        const want = await indicators(panel, params);
        const result = await runOn(gpu, resolve(volumeIndicators, params, registry), { panel }, {});
        const got = result.tables.indicators!.table.columns as Columns;
        for (const name of Object.values(VALUES).flat())
          got[name]!.forEach((x, i) => {
            expect(Object.is(x, want[name]![i]), `${name}[${i}] ${x} ${want[name]![i]}`).toBe(true);
          });
      }
    } finally {
      await gpu.close();
    }
  });
});
