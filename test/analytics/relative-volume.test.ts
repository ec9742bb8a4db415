import { describe, expect, it } from 'vitest';
import { relativeVolume } from '../../src/analytics/relative-volume/index.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData } from '../ingest/support.js';
import { describeGpu } from '../support/gpu.js';
import { DAY, klinePanel } from '../support/kline-panels.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { integerIn, random } from '../support/random.js';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2024, 0, 1) * 1000;

type Params = Parameters<typeof run<typeof relativeVolume.params>>[2];

/** Columns of a run on the CPU. */
async function columns(frame: Frame, params: Params): Promise<Record<string, Float64Array>> {
  const { tables } = await run(relativeVolume, frame, params, { backend: 'cpu' });
  return tables.bars!.table.columns as Record<string, Float64Array>;
}

const bar = (t: number, lots: number): BarRow => ({ t, o: 10, h: 12, l: 9, c: 11, unknown: lots });

/** One instrument of bars `every` µs wide; a null volume is of a bar nobody saw. */
const panelOfVolumes = (volumes: readonly (number | null)[], every: number, start = T0): Frame =>
  panelFrameOf([volumes.flatMap((lots, i) => (lots === null ? [] : [bar(start + i * every, lots)]))], every, {
    lot: '1',
  });

const close = (got: number, want: number, what: string): void =>
  expect(Math.abs(got - want), `${what}: ${got}, want ${want}`).toBeLessThanOrEqual(1e-12 * Math.abs(want));

describe('relative volume against the definition, window by window', () => {
  /** Volumes of every width, ties, zeros and gaps; the total stays below 2^53. */
  const next = random(4);
  const volumes = Array.from({ length: 600 }, (_, i): number | null => {
    const kind = next();
    // a panel ends with a bar that somebody saw
    if (kind < 0.05 && i < 599) return null;
    if (kind < 0.15) return 0;
    return kind < 0.5 ? integerIn(next, 1, 4) : Math.floor(next() * 2 ** integerIn(next, 1, 43));
  });

  it.each([
    { bars: 1 },
    { bars: 20, minPeriods: 3 },
    { bars: 48, includeCurrent: true },
    { bars: 700, minPeriods: 2 },
  ])('%j', async (params) => {
    const got = await columns(panelOfVolumes(volumes, HOUR), { every: '1h', ...params });
    const {
      bars,
      minPeriods,
      includeCurrent = false,
    } = params as {
      bars: number;
      minPeriods?: number;
      includeCurrent?: boolean;
    };
    let checked = 0;
    volumes.forEach((v, i) => {
      const end = i + (includeCurrent ? 1 : 0);
      const window = volumes.slice(Math.max(0, end - bars), end).filter((x) => x !== null);
      const warm = minPeriods === undefined ? end >= bars && window.length > 0 : window.length >= minPeriods;
      if (v === null || !warm) {
        expect([got.rvol![i], got.z![i], got.percentile![i]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
        return;
      }
      const mean = window.reduce((a, b) => a + b, 0) / window.length;
      if (mean === 0) expect(got.rvol![i]).toBeNaN();
      else close(got.rvol![i]!, v / mean, `rvol ${i}`);
      const below = window.filter((x) => x < v).length + window.filter((x) => x === v).length / 2;
      expect(got.percentile![i]).toBe(below / window.length);
      // variance by exact integers: n Σ x² - (Σ x)², over n (n - 1)
      const big = window.map(BigInt);
      const n = BigInt(window.length);
      const sum = big.reduce((a, b) => a + b, 0n);
      const scatter = n * big.reduce((a, b) => a + b * b, 0n) - sum * sum;
      if (scatter === 0n) expect(got.z![i]).toBeNaN();
      else {
        const sd = Math.sqrt(Number(scatter) / (window.length * (window.length - 1)));
        close(got.z![i]!, Number(n * BigInt(v) - sum) / window.length / sd, `z ${i}`);
        checked++;
      }
    });
    if (bars > 1) expect(checked).toBeGreaterThan(300);
  });
});

describe('invariants', () => {
  it('constant volume is 1 everywhere, without a deviation', async () => {
    const got = await columns(panelOfVolumes(Array(24 * 12).fill(77), HOUR), { every: '1h', sessions: 10 });
    for (const name of ['rvol', 'rvol_cumulative', 'rvol_regular']) {
      const given = got[name]!.filter((x) => !Number.isNaN(x));
      expect(given.length).toBe(name === 'rvol' ? 288 - 20 : 48);
      expect(new Set(given)).toEqual(new Set([1]));
    }
    expect(got.z!.every(Number.isNaN)).toBe(true);
    expect(new Set(got.percentile!.slice(20))).toEqual(new Set([0.5]));
  });

  it('rolls up: cumulative ratios at the end of an hour are those of hourly bars', async () => {
    const next = random(8);
    const minutes = Array.from({ length: 5 * 24 * 60 }, () => integerIn(next, 0, 900));
    const hours = Array.from({ length: 5 * 24 }, (_, h) =>
      minutes.slice(h * 60, h * 60 + 60).reduce((a, b) => a + b, 0),
    );
    const fine = await columns(panelOfVolumes(minutes, MINUTE), { every: '1m', sessions: 3 });
    const coarse = await columns(panelOfVolumes(hours, HOUR), { every: '1h', sessions: 3 });
    const ends = Array.from({ length: hours.length }, (_, h) => fine.rvol_cumulative![h * 60 + 59]!);
    expect(ends).toEqual([...coarse.rvol_cumulative!]);
    expect(ends.filter((x) => x > 0).length).toBe(48);
  });

  it('keeps the local time of day when daylight saving begins: 2024-03-10 has no slot of 2 o’clock', async () => {
    // New York: days of 24, 23 and 24 hours from 2024-03-09T05:00Z
    const start = Date.UTC(2024, 2, 9, 5) * 1000;
    const local = [
      ...Array(24).keys(),
      ...[0, 1],
      ...Array.from({ length: 21 }, (_, k) => k + 3),
      ...Array(24).keys(),
    ];
    const volumes = local.map((hour, i) => (hour + 1) * (i < 24 ? 1 : i < 47 ? 3 : 2));
    const got = await columns(panelOfVolumes(volumes, HOUR, start), {
      ...{ every: '1h', session: 'day@America/New_York', sessions: 2, minSessions: 1 },
    });
    // second day against the first: 3; third against both: 2 / mean(1, 3) = 1, its 2 o'clock against the first only: 2
    const want = local.map((hour, i) => (i < 24 ? Number.NaN : i < 47 ? 3 : hour === 2 ? 2 : 1));
    expect([...got.rvol_regular!]).toEqual(want);
  });
});

describe('no drift', () => {
  /** Volumes that leave plain sums of squares far behind 2^53, and then small ones. */
  const wild = (rows: number): number[] => {
    const next = random(77);
    return Array.from({ length: rows }, (_, i) => Math.floor(next() * (i % 1000 < 500 ? 2 ** 34 : 100)));
  };
  const LAST = 60;

  it('the last bars of a million have the values of their windows alone', async () => {
    const volumes = wild(1_000_000);
    const params = { every: '1m', bars: 30, session: '1h', sessions: 2 } as const;
    const long = await columns(panelOfVolumes(volumes, MINUTE), params);
    const tail = 240 + LAST;
    const short = await columns(
      panelOfVolumes(volumes.slice(-tail), MINUTE, T0 + (volumes.length - tail) * MINUTE),
      params,
    );
    for (const name of ['rvol', 'z', 'percentile', 'rvol_cumulative', 'rvol_regular']) {
      const got = [...long[name]!.slice(-LAST)];
      expect(got, name).toEqual([...short[name]!.slice(-LAST)]);
      expect(got.some(Number.isNaN), name).toBe(false);
    }
  });

  describeGpu('on the GPU', () => {
    it('20,000 bars are the reference to the bit', async () => {
      const frame = panelOfVolumes(wild(20_000), MINUTE);
      const params = { every: '1m', bars: 30, session: '8h', sessions: 3 } as const;
      const want = await columns(frame, params);
      const { tables } = await run(relativeVolume, frame, params, { backend: 'webgpu', adapter: 'any' });
      const got = tables.bars!.table.columns as Record<string, Float64Array>;
      for (const name of ['rvol', 'percentile', 'cumulative_volume', 'rvol_cumulative', 'rvol_regular'])
        expect(got[name], name).toEqual(want[name]);
    });
  });
});

describe('real bars', () => {
  it.skipIf(!haveData)(`${dataLine}: daily klines of Binance by the definition`, async () => {
    const { lists, frame } = await klinePanel(['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'AAVEUSDT'], 4);
    const got = await columns(frame, { every: '1d', bars: 20, sessions: 10 });
    let checked = 0;
    lists.forEach((rows, s) => {
      const from = frame.offsets[s]!;
      const volumes = new Map(rows.map((row) => [row.t, row.buy! + row.sell!]));
      const of = (day: number): number | undefined => volumes.get(rows[0]!.t + day * DAY);
      const mean = (day: number, n: number): number => {
        const window = Array.from({ length: n }, (_, k) => of(day - 1 - k)).filter((v) => v !== undefined);
        return window.reduce((a, b) => a + b, 0) / window.length;
      };
      for (let day = 20; from + day < frame.offsets[s + 1]!; day++) {
        const v = of(day);
        if (v === undefined) continue;
        close(got.rvol![from + day]!, v / mean(day, 20), `rvol ${day}`);
        // a day is a session of one slot
        close(got.rvol_cumulative![from + day]!, v / mean(day, 10), `cumulative ${day}`);
        close(got.rvol_regular![from + day]!, v / mean(day, 10), `regular ${day}`);
        checked++;
      }
    });
    expect(checked).toBeGreaterThan(2300);
  });
});

describe('errors, in one line', () => {
  const frame = panelOfVolumes([1, 2, 3], HOUR);
  it.each([
    [{ every: '1h', bars: 0 }, 'relative-volume bars 0 must be at least 1'],
    [{ every: '1h', session: '90m' }, /session 90m begins at .* inside a bar of 1h/],
    [{ every: '1h', session: '8h', baseline: 'day_of_month' }, /session 8h must be 1d or day@<IANA zone>/],
    [{ every: '1m' }, /bars of 1m must be as wide as those given, 1h/],
  ] as const)('%j', async (params, message) => {
    await expect(columns(frame, params as Params)).rejects.toThrow(message);
  });
});
