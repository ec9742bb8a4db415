import { describe, expect, it } from 'vitest';
import { volumeIndicators } from '../../src/analytics/volume-indicators/index.js';
import { vwapDeviation } from '../../src/analytics/vwap-deviation/index.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData } from '../ingest/support.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { describeGpu } from '../support/gpu.js';
import { DAY, klinePanel } from '../support/kline-panels.js';
import { marketRows } from '../support/markets.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { integerIn, random } from '../support/random.js';
import { haveTables, tablesLine, workedTable } from '../support/worked-tables.js';

const MINUTE = 60_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;

type Params = NonNullable<Parameters<typeof run<typeof vwapDeviation.params>>[2]>;
type Columns = Record<string, Float64Array>;

async function columns(frame: Frame, params: Params): Promise<Columns> {
  const { tables } = await run(vwapDeviation, frame, params, { backend: 'cpu' });
  return tables.bars!.table.columns as Columns;
}

const close = (got: number, want: number, what: string, bound = 1e-12): void => {
  if (Number.isNaN(want)) expect(got, what).toBeNaN();
  else
    expect(Math.abs(got - want), `${what}: ${got}, want ${want}`).toBeLessThanOrEqual(bound * Math.abs(want));
};

/** A price in 1/units ticks and what was traded at it. */
type Fill = readonly [price: bigint, lots: bigint];

/** Σ p q / Σ q and the variance, as exact fractions turned into f64 once. */
function moments(fills: readonly Fill[], units: number, tick: number): { vwap: number; sigma: number } {
  const volume = fills.reduce((sum, [, q]) => sum + q, 0n);
  const first = fills.reduce((sum, [p, q]) => sum + p * q, 0n);
  const second = fills.reduce((sum, [p, q]) => sum + p * p * q, 0n);
  // the integer root of 2^200 times the square has more than 53 bits
  const root = (square: bigint): number => {
    if (square === 0n) return 0;
    let guess = 1n << BigInt((square << 200n).toString(2).length);
    for (let next = guess - 1n; next < guess; next = (guess + (square << 200n) / guess) >> 1n) guess = next;
    return Number(guess) / 2 ** 100;
  };
  const whole = first / volume;
  const vwap = ((Number(whole) + Number(first - whole * volume) / Number(volume)) * tick) / units;
  return { vwap, sigma: ((root(volume * second - first * first) / Number(volume)) * tick) / units };
}

const TYPICAL: Record<string, readonly [units: number, price: (b: BarRow) => number]> = {
  hlc3: [3, (b) => b.h + b.l + b.c],
  ohlc4: [4, (b) => b.o + b.h + b.l + b.c],
  close: [1, (b) => b.c],
};

/** Every value by its definition, from the bars of its own window alone. */
function checkBars(
  got: Columns,
  list: readonly (BarRow | null)[],
  params: Params,
  tick: number,
  every: number,
): number {
  const {
    reset = 'anchor',
    bars = 20,
    includeCurrent = false,
    minPeriods,
    typicalPrice = 'hlc3',
  } = params as {
    reset?: string;
    bars?: number;
    includeCurrent?: boolean;
    minPeriods?: number;
    typicalPrice?: string;
  };
  const [units, price] = TYPICAL[typicalPrice]!;
  const start = list.find((bar) => bar !== null)!.t;
  let checked = 0;
  list.forEach((bar, i) => {
    const end = reset === 'rolling' && !includeCurrent ? i : i + 1;
    const day = Math.floor((start + i * every) / DAY);
    const first = reset === 'rolling' ? Math.max(0, end - bars) : 0;
    const window = list
      .slice(first, end)
      .filter((b): b is BarRow => b !== null && b.buy! > 0)
      .filter((b) => reset !== 'anchor' || Math.floor(b.t / DAY) === day);
    const warm =
      reset !== 'rolling' ||
      (minPeriods === undefined ? end >= bars && window.length > 0 : window.length >= minPeriods);
    const at = (name: string): number => got[name]![i]!;
    if (bar === null || !warm || window.length === 0) {
      for (const name of ['vwap', 'sigma', 'z', 'dev_bps', 'twap', 'upper_1']) expect(at(name)).toBeNaN();
      expect(at('carried')).toBe(0);
      return;
    }
    const fills = window.map((b): Fill => [BigInt(price(b)), BigInt(b.buy!)]);
    const { vwap, sigma } = moments(fills, units, tick);
    close(at('vwap'), vwap, `vwap ${i}`, 1e-15);
    close(at('sigma'), sigma, `sigma ${i}`);
    close(at('upper_3'), vwap + 3 * sigma, `upper_3 ${i}`);
    close(at('lower_2'), vwap - 2 * sigma, `lower_2 ${i}`, 1e-11);
    const mean = window.reduce((sum, b) => sum + price(b), 0) / window.length;
    close(at('twap'), (mean * tick) / units, `twap ${i}`);
    expect(at('carried')).toBe(bar.buy === 0 ? 1 : 0);
    if (bar.buy === 0) {
      expect([at('z'), at('dev_bps')]).toEqual([Number.NaN, Number.NaN]);
      return;
    }
    // close - VWAP over a common denominator
    const volume = fills.reduce((sum, [, q]) => sum + q, 0n);
    const above = BigInt(bar.c * units) * volume - fills.reduce((sum, [p, q]) => sum + p * q, 0n);
    const total = fills.reduce((sum, [p, q]) => sum + p * q, 0n);
    close(at('dev_bps'), (1e4 * Number(above)) / Number(total), `dev_bps ${i}`);
    const height = ((Number(above) / Number(volume)) * tick) / units;
    close(at('z'), sigma === 0 ? Number.NaN : height / sigma, `z ${i}`);
    checked++;
  });
  return checked;
}

/** Bars from `t` on, some empty and some that nobody saw; prices walk about `level`. */
function hostile(rows: number, level: number, step: number, most: number, every: number): (BarRow | null)[] {
  const next = random(rows + level + step);
  let k = level;
  return Array.from({ length: rows }, (_, i): BarRow | null => {
    if (next() < 0.04 && i > 0 && i < rows - 1) return null;
    k += integerIn(next, -step, step);
    const [h, l] = [k + integerIn(next, 0, step), k - integerIn(next, 0, step)];
    const buy = next() < 0.1 ? 0 : integerIn(next, 1, most);
    return { t: T0 + i * every, o: integerIn(next, l, h), h, l, c: integerIn(next, l, h), buy };
  });
}

const panelOf = (list: readonly (BarRow | null)[], every: number, tick = '0.01'): Frame =>
  panelFrameOf([list.filter((bar) => bar !== null)], every, { tick, lot: '1' });

describe('VWAP against the definition, bar by bar', () => {
  const HOUR = 60 * MINUTE;
  const cases: readonly Params[] = [
    { every: '1h' },
    { every: '1h', reset: 'never', typicalPrice: 'close' },
    { every: '1h', reset: 'rolling', bars: 7, typicalPrice: 'ohlc4' },
    { every: '1h', reset: 'rolling', bars: 24, includeCurrent: true, minPeriods: 2 },
  ];
  it.each(cases)('%j, small volumes', async (params) => {
    const list = hostile(200, 5000, 40, 9, HOUR);
    expect(checkBars(await columns(panelOf(list, HOUR), params), list, params, 0.01, HOUR)).toBeGreaterThan(
      120,
    );
  });
  it.each(cases)('%j, moments far beyond 2^53', async (params) => {
    const list = hostile(200, 40_000_000, 9000, 2 ** 42, HOUR);
    expect(checkBars(await columns(panelOf(list, HOUR), params), list, params, 0.01, HOUR)).toBeGreaterThan(
      120,
    );
  });
  it.each(cases)('%j, prices so wide apart that integers need any size', async (params) => {
    const list = hostile(200, 2 ** 40, 2 ** 31, 2 ** 42, HOUR);
    expect(checkBars(await columns(panelOf(list, HOUR), params), list, params, 0.01, HOUR)).toBeGreaterThan(
      120,
    );
  });

  it('trades keep the dispersion inside bars: every bar_vwap is that of the trades themselves', async () => {
    const trades = marketRows({ seed: 31, instruments: 1, rows: 2000, span: 6 * HOUR });
    const got = await columns(frameOf(trades), { every: '15m', typicalPrice: 'bar_vwap', anchor: '2h' });
    got.time!.forEach((time, i) => {
      const start = Math.floor(time / (2 * HOUR)) * 2 * HOUR;
      const fills = trades[0]!
        .filter(({ t }: TradeRow) => t >= start && t < time + 15 * MINUTE)
        .map(({ k, lots }: TradeRow): Fill => [BigInt(k), BigInt(lots)]);
      const { vwap, sigma } = moments(fills, 1, 0.01);
      close(got.vwap![i]!, vwap, `vwap ${i}`, 1e-15);
      close(got.sigma![i]!, sigma, `sigma ${i}`);
    });
    expect(got.time!.length).toBe(24);
  });
});

describe('invariants', () => {
  const list = hostile(480, 7000, 30, 500, MINUTE);

  it('low ≤ VWAP ≤ high of its bars, to the bit', async () => {
    const got = await columns(panelOf(list, MINUTE), { every: '1m', anchor: '1h' });
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    list.forEach((bar, i) => {
      if (i % 60 === 0) [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      if (bar === null) return;
      if (bar.buy! > 0) [low, high] = [Math.min(low, bar.l), Math.max(high, bar.h)];
      if (Number.isNaN(got.vwap![i]!)) return;
      expect(got.vwap![i]).toBeGreaterThanOrEqual(low / 100);
      expect(got.vwap![i]).toBeLessThanOrEqual(high / 100);
    });
  });

  it('a price shift moves the VWAP by that shift and leaves sigma and z', async () => {
    const shift = 4_000_000_000;
    const shifted = list.map(
      (b) => b && { ...b, o: b.o + shift, h: b.h + shift, l: b.l + shift, c: b.c + shift },
    );
    for (const params of [{ anchor: '1h' }, { reset: 'rolling', bars: 30, minPeriods: 2 }] as const) {
      const plain = await columns(panelOf(list, MINUTE, '1'), { every: '1m', ...params });
      const moved = await columns(panelOf(shifted, MINUTE, '1'), { every: '1m', ...params });
      expect(moved.sigma).toEqual(plain.sigma);
      expect(moved.z).toEqual(plain.z);
      plain.vwap!.forEach((vwap, i) => {
        close(moved.vwap![i]!, vwap + shift, `${i}`, 2 ** -52);
      });
    }
  });

  it('M16: the volume it covers restarts with each session, neither never nor with every bar', async () => {
    const got = await columns(panelOf(list, MINUTE), { every: '1m', anchor: '1h' });
    let volume = 0;
    list.forEach((bar, i) => {
      if (i % 60 === 0) volume = 0;
      volume += bar?.buy ?? 0;
      if (bar !== null && volume > 0) expect(got.volume![i]).toBe(volume);
      else expect(got.volume![i]).toBeNaN();
    });
  });

  it('rolls up: by trades, the VWAP at the end of an hour is that of hourly bars', async () => {
    const trades = frameOf(marketRows({ seed: 32, instruments: 3, rows: 3000, span: 360 * MINUTE }));
    const fine = await columns(trades, { every: '1m', typicalPrice: 'bar_vwap' });
    const wide = await columns(trades, { every: '1h', typicalPrice: 'bar_vwap' });
    const key = (c: Columns, i: number, time: number): string => `${c.instrument![i]} ${time}`;
    const ends = new Map<string, number>();
    // the last row before an hour's end holds all trades up to it
    fine.time!.forEach((time, i) => {
      ends.set(key(fine, i, Math.floor(time / (60 * MINUTE)) * 60 * MINUTE), i);
    });
    wide.time!.forEach((time, i) => {
      const at = ends.get(key(wide, i, time))!;
      close(fine.vwap![at]!, wide.vwap![i]!, `vwap ${i}`, 2 ** -52);
      close(fine.sigma![at]!, wide.sigma![i]!, `sigma ${i}`, 1e-14);
    });
    expect(wide.time!.length).toBeGreaterThan(12);
  });
});

describe('no drift', () => {
  /** Large volumes at far prices first: whatever they leave behind would drown what comes last. */
  const wild = (rows: number): BarRow[] => {
    const next = random(3);
    return Array.from({ length: rows }, (_, i): BarRow => {
      const far = i % 2000 < 1000;
      const c = 1_000_000_000 + (far ? integerIn(next, 0, 5_000_000) : integerIn(next, 0, 2));
      return { t: T0 + i * MINUTE, o: c, h: c, l: c, c, buy: far ? integerIn(next, 1, 2 ** 33) : 1 };
    });
  };

  it('the last bars of a million have the values of their windows alone', async () => {
    const list = wild(1_000_000);
    const params = { every: '1m', reset: 'rolling', bars: 50 } as const;
    const long = await columns(panelOf(list, MINUTE), params);
    const tail = await columns(panelOf(list.slice(-300), MINUTE), params);
    for (const name of ['vwap', 'sigma', 'z', 'dev_bps', 'twap', 'lower_1'])
      expect([...long[name]!.slice(-250)], name).toEqual([...tail[name]!.slice(-250)]);
    expect(long.sigma!.at(-1)).toBeGreaterThan(0);
    expect(long.sigma!.at(-1)).toBeLessThan(0.02);
  });

  describeGpu('on the GPU', () => {
    it('20,000 bars are the reference to the bit', async () => {
      const frame = panelOf(wild(20_000), MINUTE);
      for (const params of [{ reset: 'rolling', bars: 50 }, { anchor: '8h' }] as const) {
        const given = { every: '1m', ...params } as const;
        const want = await columns(frame, given);
        const { tables } = await run(vwapDeviation, frame, given, { backend: 'webgpu', adapter: 'any' });
        const got = tables.bars!.table.columns as Columns;
        for (const name of Object.keys(want)) expect(got[name], name).toEqual(want[name]);
      }
    });
  });
});

describe('real bars', () => {
  it.skipIf(!haveTables)(`${tablesLine}: cs-vwap, fourteen days with the day itself`, async () => {
    const sheet = workedTable('cs-vwap');
    const ticks = (text: string): number => Math.round(Number(text) * 1e4);
    const list = sheet.High!.map((high, i): BarRow => {
      const [h, l, c] = [ticks(high), ticks(sheet.Low![i]!), ticks(sheet.Close![i]!)];
      return { t: T0 + i * DAY, o: c, h, l, c, buy: Math.round(Number(sheet.Volume![i]) * 1000) };
    });
    const got = await columns(panelFrameOf([list], DAY, { tick: '0.0001', lot: '0.001' }), {
      ...{ every: '1d', reset: 'rolling', bars: 14, minPeriods: 1, includeCurrent: true },
    });
    expect(list.length).toBe(30);
    // the sheet's own sums are f64: fourteen terms, some units of the last place
    sheet.vwap!.forEach((want, i) => {
      close(got.vwap![i]!, Number(want), `row ${i}`, 1e-14);
    });
  });

  it.skipIf(!haveData)(`${dataLine}: daily klines of Binance by the definition`, async () => {
    const { lists, frame } = await klinePanel(['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'AAVEUSDT'], 4);
    for (const params of [
      { every: '1d', reset: 'rolling', bars: 30 },
      { every: '1d', reset: 'never' },
    ] as const) {
      const got = await columns(frame, params);
      lists.forEach((rows, s) => {
        const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
        const part = Object.fromEntries(
          Object.entries(got).map(([name, column]) => [name, column.slice(from, to)]),
        );
        const byDay = new Map(rows.map((bar) => [bar.t, { ...bar, buy: bar.buy! + bar.sell! }]));
        const dense = Array.from(
          { length: to - from },
          (_, i): BarRow | null => byDay.get(rows[0]!.t + i * DAY) ?? null,
        );
        expect(checkBars(part, dense, params, 0.0001, DAY)).toBeGreaterThan(500);
      });
    }
  });

  it.skipIf(!haveData)(`${dataLine}: bar_vwap of klines is their money over their volume`, async () => {
    const { lists, frame } = await klinePanel(['BTCUSDT', 'ETHUSDT'], 2);
    const got = await columns(frame, { every: '1d', typicalPrice: 'bar_vwap' });
    lists.flat().forEach((bar, i) => {
      // one bar a session, so its VWAP alone; money over rounded volume, to a thousandth of a tick
      const volume = (bar.buy! + bar.sell!) / 1000;
      expect(Math.abs(got.vwap![i]! - bar.notional! / volume)).toBeLessThanOrEqual(0.51e-5);
      expect(got.sigma![i]).toBe(0);
    });
    expect(got.vwap!.length).toBe(1276);
  });
});

describe('errors, in one line', () => {
  const bars: BarRow[] = [{ t: T0, o: 1, h: 1, l: 1, c: 1, buy: 1 }];
  const frame = panelFrameOf([bars], MINUTE);
  it.each([
    [{ every: '1m', window: '90s' }, 'vwap-deviation window 90s must be a multiple of 1m'],
    [{ every: '1m', window: '1s' }, 'vwap-deviation window 1s must be a multiple of 1m'],
    [{ every: '1m', bars: 0 }, 'vwap-deviation bars 0 must be at least 1'],
    [{ every: '1m', anchor: '30s' }, /anchor 30s begins at .* inside a bar of 1m/],
  ] as const)('%j', async (params, message) => {
    await expect(columns(frame, params as Params)).rejects.toThrow(message);
  });

  it('bars of inverse contracts have no VWAP of their own', async () => {
    const inverse = panelFrameOf([bars], MINUTE, { contract: 'inverse' });
    await expect(columns(inverse, { every: '1m', typicalPrice: 'bar_vwap' })).rejects.toThrow(
      'vwap-deviation bar_vwap of S00000 must have trades: the contract is inverse',
    );
  });
});

it('bar_vwap needs the notional of every traded bar', async () => {
  const bar = { o: 100, h: 101, l: 99, c: 100, buy: 1, notional: Number.NaN };
  const frame = panelFrameOf(
    [
      [
        { t: 0, ...bar, notional: 1 },
        { t: 60_000_000, ...bar },
      ],
    ],
    60_000_000,
  );
  for (const analytic of [vwapDeviation, volumeIndicators] as AnyAnalytic[])
    await expect(
      run(analytic, frame, { every: '1m', typicalPrice: 'bar_vwap' }, { backend: 'cpu' }),
    ).rejects.toThrow('1970-01-01T00:01:00.000Z needs the notional of every traded bar');
});
