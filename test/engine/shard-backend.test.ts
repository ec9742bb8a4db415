import { expect, it, vi } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { runPart } from '../../src/engine/run.js';
import { marketOf } from '../support/market-rows.js';

// a machine with a GPU, which nothing here may open
vi.mock('../../src/gpu/adapters.js', () => ({ listAdapters: async () => [{ kind: 'hardware' }] }));
vi.mock('../../src/gpu/device.js', () => ({ openGpu: () => Promise.reject(new Error('opened')) }));

it('a shard runs under auto on the CPU where there is no shader, else on the GPU', async () => {
  const analytic = registry.get('volume-imbalance')!;
  const { kernel: _, ...hostOnly } = analytic;
  const inputs = marketOf(analytic, {}, { seed: 5, instruments: 2, rows: 40 });
  const shard = { index: 1, count: 2 };
  expect((await runPart(hostOnly, inputs, {}, {}, shard)).backend).toBe('cpu');
  await expect(runPart(analytic, inputs, {}, {}, shard)).rejects.toThrow('opened');
});
