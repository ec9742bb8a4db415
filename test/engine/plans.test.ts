import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import { DEFAULT_LIMITS, exceeds, type Limits, type Plan } from '../../src/core/plan.js';
import { gridGroups } from '../../src/core/planners.js';
import { checkParams } from '../../src/core/schema.js';
import { tileOf } from '../../src/engine/tiles.js';
import { type MarketOptions, market } from '../support/markets.js';
import { tileFrames } from '../support/needs.js';

async function planOf(
  analytic: AnyAnalytic,
  options: MarketOptions,
  params: object,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Plan> {
  const frame = market(options);
  const checked = checkParams(analytic.name, analytic.params, { ...params });
  const inputs = await tileFrames(analytic, { trades: frame }, { ...params });
  const driver = Object.keys(inputs)[0]!;
  const tile = tileOf(inputs, driver, 0, inputs[driver]!.rows);
  return analytic.kernel!.plan({ tile, params: checked, limits, carry: {}, workgroup: 64 });
}

/** A plan without its data: what is allocated, run and read. */
const shapeOf = (plan: Plan) => ({
  buffers: Object.fromEntries(
    Object.entries(plan.buffers).map(([name, b]) => [
      name,
      `${b.usage} ${b.bytes}${b.zero ? ' zeroed' : ''}`,
    ]),
  ),
  uploads: plan.uploads.map((u) => `${u.buffer} ${u.encode}`),
  dispatches: plan.dispatches.map(
    (d) =>
      `${d.shader}.${d.entry} ${d.groups.join('×')} ${JSON.stringify(d.constants)} <- ${d.bind.join(' ')}`,
  ),
  reads: plan.reads.map((r) => `${r.name} ${r.words} words${r.count ? ' a record' : ''}`),
});

const MARKET: MarketOptions = { seed: 21, rows: 2000, instruments: 5 };

describe('plans, as plain data', () => {
  it.each([
    ['volume-imbalance', 'one word', MARKET],
    [
      'volume-imbalance',
      'two-word lots, four-word sums, availability',
      { ...MARKET, maxLots: 2n ** 60n, received: true },
    ],
    ['volume-profile', 'one word', MARKET],
    [
      'volume-profile',
      'two-word lots, three-word sums, availability',
      { ...MARKET, maxLots: 2n ** 61n, received: true },
    ],
    ['value-area', 'one word', MARKET],
    ['footprint', 'two-word volumes', MARKET],
    ['footprint', 'four-word volumes', { ...MARKET, maxLots: 2n ** 60n }],
  ] as const)('%s, %s', async (name, _, options) => {
    const params = name === 'volume-imbalance' ? {} : { rowTicks: 1 };
    expect(shapeOf(await planOf(registry.get(name)!, options, params))).toMatchSnapshot();
  });

  it('a trade costs at most 13 bytes of upload', async () => {
    const plan = await planOf(registry.get('volume-imbalance')!, { ...MARKET, rows: 20_000 }, {});
    const bytes = plan.uploads.reduce((n, u) => n + ('byteLength' in u.data ? u.data.byteLength : 0), 0);
    expect(bytes / 20_000).toBeLessThan(13);
  });

  it('more than 65,535 workgroups go to a second dimension', () => {
    const limits = { ...DEFAULT_LIMITS, maxComputeWorkgroupsPerDimension: 65_535 };
    for (const threads of [1, 64 * 65_535, 64 * 65_535 + 1, 64 * 65_535 * 3 + 7]) {
      const [x, y, z] = gridGroups(threads, 64, limits);
      expect(x * y * 64).toBeGreaterThanOrEqual(threads);
      expect(x).toBeLessThanOrEqual(65_535);
      expect(y).toBe(Math.ceil(threads / 64 / 65_535));
      expect(z).toBe(1);
    }
  });

  it('a plan beyond a limit says which, with the number', async () => {
    const plan = await planOf(registry.get('volume-imbalance')!, MARKET, {});
    expect(exceeds(plan, { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 1000 })).toMatchObject({
      limit: 1000,
    });
    expect(exceeds(plan, { ...DEFAULT_LIMITS, maxStorageBuffersPerShaderStage: 7 })).toEqual({
      what: 'bars storage buffers',
      found: 8,
      limit: 7,
    });
    expect(exceeds(plan, DEFAULT_LIMITS)).toBeUndefined();
  });
});
