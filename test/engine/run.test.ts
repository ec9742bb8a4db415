import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { valueArea } from '../../src/analytics/value-area/index.js';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { volumeProfile } from '../../src/analytics/volume-profile/index.js';
import { defineAnalytic } from '../../src/core/analytic.js';
import { DeviceError, InputError, PlanError } from '../../src/core/errors.js';
import { compareResults } from '../../src/engine/compare.js';
import { resolve } from '../../src/engine/resolve.js';
import { run } from '../../src/engine/run.js';
import { verify } from '../../src/engine/verify.js';
import { describeGpu } from '../support/gpu.js';
import { leaky } from '../support/leaky.js';
import { framesOf, mapLists, marketRowsOf } from '../support/market-rows.js';
import { market } from '../support/markets.js';

const frame = market({ seed: 31, rows: 500 });

describe('the graph of needs', () => {
  it('shares nodes of equal parameters and tells others apart', () => {
    const node = resolve(valueArea, { rowTicks: 2 }, registry);
    expect(node.needs.profile!.node.analytic).toBe(volumeProfile);
    const both = defineAnalytic({
      ...valueArea,
      name: 'two-profiles',
      needs: {
        profile: valueArea.needs!.profile!,
        same: valueArea.needs!.profile!,
        other: { ...valueArea.needs!.profile!, params: () => ({ rowTicks: 7 }) },
      },
    });
    const graph = resolve(both, { rowTicks: 2 }, registry);
    expect(graph.needs.same!.node).toBe(graph.needs.profile!.node);
    expect(graph.needs.other!.node).not.toBe(graph.needs.profile!.node);
  });

  it('runs a shared node once', async () => {
    let calls = 0;
    const counted = {
      ...volumeProfile,
      reference: (...args: Parameters<typeof volumeProfile.reference>) => {
        calls++;
        return volumeProfile.reference(...args);
      },
    };
    const need = { ...valueArea.needs!.profile!, analytic: counted };
    const twice = defineAnalytic({ ...valueArea, name: 'twice', needs: { profile: need, again: need } });
    await run(twice, frame, { rowTicks: 1 }, { backend: 'cpu' });
    expect(calls).toBe(1);
  });

  it('refuses unknown names, unknown outputs and cycles in one line', () => {
    const needing = (analytic: string, output: string) =>
      defineAnalytic({ ...leaky, needs: { x: { analytic, output, params: () => ({}) } } });
    expect(() => resolve(needing('volume-imbalence', 'bars'), {}, registry)).toThrow(
      'analytic volume-imbalence is unknown; known: volume-imbalance',
    );
    expect(() => resolve(needing('volume-imbalance', 'barz'), {}, registry)).toThrow(
      'leaky need x of output barz must be an output of volume-imbalance',
    );
    const loop = needing('leaky', 'totals');
    expect(() => resolve(loop, {}, new Map([['leaky', loop]]))).toThrow(
      'analytic leaky → leaky needs itself',
    );
  });
});

describe('run', () => {
  it('names backend, adapter kind, version, parameters and input in its result', async () => {
    const result = await run(volumeImbalance, frame, { every: '5m' }, { backend: 'cpu', inputHash: 'abc' });
    expect(result).toMatchObject({
      analytic: 'volume-imbalance',
      version: '1.0.0',
      backend: 'cpu',
      adapter: 'none',
      inputHash: 'abc',
      params: { every: '5m', anchor: 'run' },
    });
  });

  it('auto takes the CPU for an analytic without a shader, and says so', async () => {
    expect(await run(leaky, frame)).toMatchObject({ backend: 'cpu', adapter: 'none' });
  });

  it('an empty frame gives empty tables with every column', async () => {
    for (const analytic of registry.values()) {
      const nothing = mapLists(marketRowsOf(analytic, {}, { rows: 0 }), () => []);
      const { tables } = await run(analytic, framesOf(nothing), {}, { backend: 'cpu' });
      for (const [name, { table, spec }] of Object.entries(tables)) {
        expect(table.rows, `${analytic.name} ${name}`).toBe(0);
        expect(Object.keys(table.columns).sort()).toEqual(Object.keys(spec.columns).sort());
      }
    }
  });

  it('reports progress and stops at an abort between tiles', async () => {
    const seen: number[] = [];
    await run(
      volumeImbalance,
      frame,
      {},
      { backend: 'cpu', tileRows: 100, progress: (p) => seen.push(p.rows) },
    );
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.at(-1)).toBe(frame.rows);
    const controller = new AbortController();
    const stopped = run(
      volumeImbalance,
      frame,
      {},
      { backend: 'cpu', tileRows: 100, signal: controller.signal, progress: () => controller.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses parameters that are objects, and cuts between rows, in one line', async () => {
    const odd = { every: Object.create(null) } as object;
    await expect(run(volumeImbalance, frame, odd, { backend: 'cpu' })).rejects.toThrow(
      'volume-imbalance every object must be durations',
    );
    await expect(run(volumeImbalance, frame, {}, { backend: 'cpu', cuts: [10.5] })).rejects.toThrow(
      'cuts 10.5 must be whole numbers',
    );
    await expect(run(volumeImbalance, frame, {}, { backend: 'cpu', tileRows: 2.5 })).rejects.toThrow(
      'tileRows 2.5 must be a whole number',
    );
  });

  it('checks the whole graph before any tile runs', async () => {
    const seen: string[] = [];
    const wrong = run(
      valueArea,
      frame,
      { rowTicks: 1, share: 0.1234567891 },
      { backend: 'cpu', progress: (p) => seen.push(p.stage) },
    );
    await expect(wrong).rejects.toThrow('share');
    expect(seen).toEqual([]);
  });

  it('refuses a tile of no rows', async () => {
    await expect(run(volumeImbalance, frame, {}, { backend: 'cpu', tileRows: 0 })).rejects.toThrow(
      InputError,
    );
  });
});

describeGpu('run on an adapter', () => {
  const gpu = { backend: 'webgpu', adapter: 'any' } as const;

  it('auto never takes a software adapter, webgpu takes none unless told', async () => {
    const auto = await run(volumeImbalance, frame, {});
    const any = await run(volumeImbalance, frame, {}, gpu);
    if (any.adapter === 'software') {
      expect([auto.backend, auto.adapter]).toEqual(['cpu', 'none']);
      await expect(run(volumeImbalance, frame, {}, { backend: 'webgpu' })).rejects.toThrow(DeviceError);
    } else expect(auto.adapter).toBe('hardware');
    expect(compareResults(any, auto).mismatches).toBe(0);
  });

  it('an adapter asked for means webgpu, and contradicts any other backend', async () => {
    expect((await run(volumeImbalance, frame, {}, { adapter: 'any' })).backend).toBe('webgpu');
    for (const backend of ['auto', 'cpu'] as const)
      await expect(run(volumeImbalance, frame, {}, { backend, adapter: 'any' })).rejects.toThrow(
        `adapter any goes with backend webgpu, not ${backend}`,
      );
  });

  it('verify reports both sides, and names the worst cell of a wrong shader', async () => {
    const good = await verify(volumeImbalance, frame, { every: '5m' });
    expect(good).toMatchObject({ ok: true, mismatches: 0, worst: undefined });
    const kernel = volumeImbalance.kernel!;
    const wrong = {
      ...volumeImbalance,
      kernel: {
        ...kernel,
        decode: (...args: Parameters<typeof kernel.decode>) => {
          const out = kernel.decode(...args);
          (out.outputs.bars!.columns.trades as Uint32Array)[3]!++;
          return out;
        },
      },
    };
    const bad = await verify(wrong, frame, { every: '5m' });
    expect(bad.ok).toBe(false);
    expect(bad.worst).toMatchObject({ table: 'bars', column: 'trades', row: 3, bound: 'equal to the bit' });
    expect(Number(bad.worst!.got)).toBe(Number(bad.worst!.want) + 1);
  });

  it('refuses an analytic without a kernel, and a tile no cut can make fit', async () => {
    await expect(run(leaky, frame, {}, gpu)).rejects.toThrow(
      'analytic leaky has no shader and runs on the CPU only',
    );
    await expect(run(volumeImbalance, frame, {}, { ...gpu, limits: { maxBufferSize: 16 } })).rejects.toThrow(
      PlanError,
    );
  });
});
