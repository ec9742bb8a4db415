import { describe, expect, it } from 'vitest';
import { quadrantOf } from '../../src/analytics/open-interest/derive.js';
import { openInterest } from '../../src/analytics/open-interest/index.js';
import type { Frame } from '../../src/core/columns.js';
import { run } from '../../src/engine/run.js';
import { caseName, casesOf, PARAMS } from '../support/cases.js';
import { marketOf } from '../support/market-rows.js';
import { type OiRow, oiFrameOf } from '../support/oi-frames.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { integerIn, random } from '../support/random.js';

const MINUTE = 60_000_000;

const barsOf = async (panel: Frame, oi: Frame, params: object = {}) =>
  (await run(openInterest, { panel, oi }, params, { backend: 'cpu' })).tables.bars!.table.columns as Record<
    string,
    Float64Array
  >;

describe('bounds on every market', () => {
  it.each(casesOf('open-interest').map((c) => [caseName(c), c] as const))(
    '%s',
    async (_, { params, market }) => {
      const { tables } = await run(openInterest, marketOf(openInterest, params, market), params, {
        backend: 'cpu',
      });
      const { columns, rows } = tables.bars!.table;
      const c = columns as Record<string, Float64Array>;
      for (let i = 0; i < rows; i++) {
        if (!Number.isNaN(c.vi![i]!)) expect(Math.abs(c.vi![i]!)).toBeLessThanOrEqual(1);
        const share = c.short_hold_share![i]!;
        if (!Number.isNaN(share)) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          expect(c.excess![i]).toBe(Math.abs(c.delta_oi_to_volume![i]!) > 1 ? 1 : 0);
        }
        // a change never stands where the observation is that of the bar before
        if (i > 0 && c.oi_time![i] === c.oi_time![i - 1] && c.instrument![i] === c.instrument![i - 1])
          expect(c.delta_oi![i]).toBeNaN();
      }
    },
  );
});

describe('the join', () => {
  const next = random(5);
  const bars = Array.from({ length: 300 }, (_, i): BarRow => {
    const c = integerIn(next, 90, 110);
    return {
      t: i * MINUTE,
      o: 100,
      h: 120,
      l: 80,
      c,
      buy: integerIn(next, 0, 9),
      sell: integerIn(next, 0, 9),
    };
  }).filter((_, i) => i % 37 !== 5);
  const seen = Array.from({ length: 80 }, (_, i): OiRow => {
    const t = i * 3.7 * MINUTE;
    return {
      t,
      a: t + integerIn(next, 0, 12) * MINUTE,
      oi: next() < 0.1 ? Number.NaN : integerIn(next, 1, 99),
    };
  });
  const maxAge = 6 * MINUTE;

  it('is that of a search through all observations, bar by bar', async () => {
    const got = await barsOf(panelFrameOf([bars], MINUTE), oiFrameOf([seen]), { maxAge });
    const latest = (end: number): number => {
      const usable = seen.map((_, i) => i).filter((i) => Math.max(seen[i]!.t, seen[i]!.a!) <= end);
      const last = usable.at(-1);
      return last !== undefined && end - seen[last]!.a! <= maxAge ? last : -1;
    };
    const at = (i: number): BarRow | undefined => bars.find(({ t }) => t === i * MINUTE);
    let held = latest(MINUTE);
    let since = 0;
    for (let i = 1; i < got.oi!.length; i++) {
      const use = latest((i + 1) * MINUTE);
      expect(got.oi![i]).toBe(use < 0 ? Number.NaN : seen[use]!.oi);
      const fresh = use >= 0 && held >= 0 && use !== held;
      const covered = since > 0 || held < 0 || seen[held]!.a! > 0;
      const within = Array.from({ length: i - since }, (_, k) => at(since + 1 + k));
      const volume = within.every((bar) => bar)
        ? within.reduce((v, bar) => v + bar!.buy! + bar!.sell!, 0)
        : Number.NaN;
      expect(got.delta_oi![i]).toBe(fresh && covered ? seen[use]!.oi - seen[held]!.oi : Number.NaN);
      const want = fresh && covered ? volume / 1000 : Number.NaN;
      if (Number.isNaN(want)) expect(got.interval_volume![i]).toBeNaN();
      else expect(got.interval_volume![i]).toBeCloseTo(want, 12);
      if (use !== held) since = i;
      held = use;
    }
  });

  it('gives contracts × c the same ratios when sizes are × c', async () => {
    const scaled = (by: number) => [
      panelFrameOf([bars.map((bar) => ({ ...bar, buy: bar.buy! * by, sell: bar.sell! * by }))], MINUTE),
      oiFrameOf([seen.map((row) => ({ ...row, oi: row.oi * by }))]),
    ];
    const [one, eight] = await Promise.all(
      [1, 8].map(async (by) => {
        const [panel, oi] = scaled(by);
        return barsOf(panel!, oi!, { maxAge });
      }),
    );
    for (const name of [
      'vi',
      'volume_to_oi',
      'delta_oi_to_volume',
      'volume_to_delta_oi',
      'short_hold_share',
      'dln_oi',
    ])
      expect(eight![name]).toEqual(one![name]);
    expect(one!.vi!.some((vi) => !Number.isNaN(vi))).toBe(true);
  });

  it('of USD has changes, but no ratio to volume', async () => {
    const oi = oiFrameOf([seen]);
    const usd = { ...oi, columns: { ...oi.columns, oi_usd: oi.columns.oi!, oi: oi.columns.oi_usd! } };
    const panel = panelFrameOf([bars], MINUTE);
    const contracts = await barsOf(panel, oi, { maxAge });
    const got = await barsOf(panel, usd as Frame, { maxAge, measure: 'usd' });
    expect(got.dln_oi).toEqual(contracts.dln_oi);
    for (const name of ['volume_to_oi', 'delta_oi_to_volume', 'volume_to_delta_oi', 'short_hold_share'])
      expect(got[name]!.every(Number.isNaN)).toBe(true);
  });
});

it('names the quadrants', () => {
  expect([quadrantOf(1, 2), quadrantOf(1, -2), quadrantOf(-1, 2), quadrantOf(-1, -2)]).toEqual([
    1, 2, -1, -2,
  ]);
  expect([quadrantOf(0, 2), quadrantOf(-3, 0)]).toEqual([0, 0]);
  expect([quadrantOf(Number.NaN, 2), quadrantOf(1, Number.NaN), quadrantOf(0, Number.NaN)]).toEqual(
    Array.from({ length: 3 }, () => Number.NaN),
  );
});

it.each([
  [{ maxAge: '0s' }, 'open-interest maxAge 0s must be a duration such as 1m, a multiple of 1ms'],
  [{ measure: 'coins' }, 'open-interest measure coins must be one of contracts, usd'],
])('%j', async (params, message) => {
  const market = marketOf(openInterest, PARAMS['open-interest']![0]!, { rows: 10 });
  await expect(run(openInterest, market, params as object, { backend: 'cpu' })).rejects.toThrow(message);
});
