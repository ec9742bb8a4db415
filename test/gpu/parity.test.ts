import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import type { Frame } from '../../src/core/columns.js';
import { type Backend, openBackend } from '../../src/engine/backend.js';
import { compareResults } from '../../src/engine/compare.js';
import { resolve } from '../../src/engine/resolve.js';
import { type Inputs, type RunOptions, runOn } from '../../src/engine/run.js';
import { caseName, casesOf, MARKETS } from '../support/cases.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { goldenCases, goldenInputs } from '../support/golden.js';
import { describeGpu } from '../support/gpu.js';
import { marketOf, rowKinds } from '../support/market-rows.js';

// binary64 in integers takes its time on SwiftShader: markets of many bars need minutes there
vi.setConfig({ testTimeout: 300_000 });

describeGpu('GPU equals the reference', () => {
  const backends = new Map<string, Backend>();
  let cpu: Backend;
  beforeAll(async () => {
    cpu = await openBackend({ backend: 'cpu' });
    // outputs start poisoned, so a cell no thread writes shows
    for (const workgroup of [64, 1, 256])
      backends.set(
        `workgroup ${workgroup}`,
        await openBackend({ backend: 'webgpu', adapter: 'any', poison: true, workgroup }),
      );
    backends.set(
      'tiny limits',
      await openBackend({
        backend: 'webgpu',
        adapter: 'any',
        poison: true,
        workgroup: 8,
        limits: {
          maxStorageBufferBindingSize: 16_384,
          maxBufferSize: 16_384,
          maxComputeWorkgroupsPerDimension: 3,
        },
      }),
    );
  });
  afterAll(async () => {
    for (const backend of backends.values()) await backend.close();
  });

  const check = async (
    name: string,
    backend: string,
    inputs: Frame | Inputs,
    params: object,
    options: RunOptions = {},
  ) => {
    const node = resolve(registry.get(name)!, { ...params }, registry);
    const want = await runOn(cpu, node, inputs, {});
    const got = await runOn(backends.get(backend)!, node, inputs, options);
    expect(got.backend).toBe('webgpu');
    expect(compareResults(got, want).worst).toBeUndefined();
    return got;
  };

  const shaded = [...registry.values()].filter(({ kernel }) => kernel !== undefined);
  for (const analytic of shaded) {
    const { name } = analytic;
    const cases = casesOf(name);
    const ofTrades = [...rowKinds(analytic, cases[0]!.params)].join() === 'trades';
    it.each(goldenCases(name).map((c) => [c.note, c] as const))(`${name}, golden: %s`, async (_, golden) => {
      await check(name, 'workgroup 64', goldenInputs(golden), golden.params);
    });

    it.each(cases.map((c) => [caseName(c), c] as const))(
      `${name}: %s`,
      async (_, { params, market: options }) => {
        await check(name, 'workgroup 64', marketOf(analytic, params, options), params);
      },
    );

    it.each(MARKETS.map((m, i) => [i, m] as const))(
      `${name}: other workgroups, tiles and cuts, market %i`,
      async (_, options) => {
        const { params } = cases[0]!;
        const inputs = marketOf(analytic, params, options);
        const half = Math.floor(Object.values(inputs)[0]!.rows / 2);
        await check(name, 'workgroup 1', inputs, params, { tileRows: 700 });
        await check(name, 'workgroup 256', inputs, params, { cuts: [1, 64, 65, half] });
      },
    );

    it(`${name}: limits of 16 KiB a buffer and 3 workgroups cut tiles, not results`, async () => {
      const got = await check(
        name,
        'tiny limits',
        marketOf(analytic, cases[0]!.params, { seed: 8, rows: 6000, received: true }),
        cases[0]!.params,
      );
      if (analytic.cut !== 'never') expect(got.timing.tiles).toBeGreaterThan(1);
    });

    if (!ofTrades) continue;

    it(`${name}: every size across the chunk boundaries`, async () => {
      for (const rows of [1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 769])
        for (const bars of [1, rows]) await check(name, 'workgroup 64', line(rows, bars), cases[0]!.params);
    });

    // all pairs of 20,000 would be a table of 200 million rows
    const many = analytic.cut === 'never' ? 200 : 20_000;
    it(`${name}: ${many} instruments of three trades`, async () => {
      const lists = Array.from({ length: many }, (_, s): TradeRow[] =>
        [0, 1, 2].map((i) => ({
          t: T0 + s * 1000 + i * 40_000_000,
          k: 100 + ((s + i) % 7),
          lots: 1 + i,
          side: i === 1 ? 'S' : 'B',
        })),
      );
      await check(name, 'workgroup 64', frameOf(lists), cases[0]!.params);
      // most sessions are empty for most instruments: bins must follow what trades
      if ('rowTicks' in analytic.params && 'session' in analytic.params)
        await check(name, 'workgroup 64', frameOf(lists), { rowTicks: 1, session: '1m' });
    });

    it(`${name}: one instrument with 95 % of all rows`, async () => {
      const lists: TradeRow[][] = Array.from({ length: 21 }, (_, s) =>
        Array.from(
          { length: s === 7 ? 19_000 : 50 },
          (_, i): TradeRow => ({
            t: T0 + i * 300_000,
            k: 500 + ((i * 7) % 90),
            lots: 1 + (i % 50),
            side: i % 3 ? 'B' : 'S',
          }),
        ),
      );
      await check(name, 'workgroup 64', frameOf(lists), cases[0]!.params, { tileRows: 1500 });
    });
  }
});

const T0 = Date.UTC(2024, 0, 1) * 1000;

/** One instrument, `rows` trades over `bars` minutes. */
const line = (rows: number, bars: number): Frame =>
  frameOf([
    Array.from({ length: rows }, (_, i): TradeRow => {
      const minute = Math.floor((i * bars) / rows);
      return {
        t: T0 + minute * 60_000_000 + (i % 60) * 1000,
        k: 1000 + ((i * 31) % 17),
        lots: 1 + (i % 9),
        side: i % 2 ? 'S' : 'B',
      };
    }).sort((a, b) => a.t - b.t),
  ]);
