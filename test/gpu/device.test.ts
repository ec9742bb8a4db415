import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/core/errors.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/core/plan.js';
import { describeAdapter } from '../../src/gpu/adapters.js';
import { openGpu } from '../../src/gpu/device.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { describeGpu } from '../support/gpu.js';

const named = (info: Partial<GPUAdapterInfo>): GPUAdapter =>
  ({
    info: { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...info },
  }) as GPUAdapter;

describe('adapter kinds', () => {
  it('takes the flag or the name as proof of software', () => {
    expect(describeAdapter(named({ description: 'Some GPU' })).kind).toBe('hardware');
    expect(describeAdapter(named({ description: 'Some GPU', isFallbackAdapter: true })).kind).toBe(
      'software',
    );
    expect(describeAdapter(named({ description: 'llvmpipe: Mesa 25' })).kind).toBe('software');
    expect(describeAdapter(named({ device: 'SwiftShader Device (LLVM)' })).kind).toBe('software');
    expect(describeAdapter(named({ device: 'null-backend' })).kind).toBe('null');
    expect(describeAdapter(named({ description: 'null-backend' })).kind).toBe('null');
  });
});

describe('null backend', () => {
  it('opens only when allowed', async () => {
    const gpu = await openGpu({ adapter: 'any', allowNull: true });
    expect(gpu.adapter.kind).toBe('null');
    await gpu.close();
  });

  it('is refused by the executor: it would return garbage', async () => {
    const gpu = await openGpu({ adapter: 'any', allowNull: true });
    const executor = createExecutor(gpu);
    const plan = { buffers: {}, uploads: [], dispatches: [], reads: [] };
    await expect(executor.execute(plan, {})).rejects.toThrow(/null backend/);
    await executor.close();
    await gpu.close();
  });
});

describeGpu('device', (gpu) => {
  it('opens with at least the guaranteed limits, and with the adapter’s own', () => {
    for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
      expect(gpu().limits[name], name).toBeGreaterThanOrEqual(DEFAULT_LIMITS[name]);
      expect(gpu().device.limits[name], name).toBeGreaterThanOrEqual(gpu().limits[name]);
    }
    expect(gpu().failure()).toBeUndefined();
  });

  it('hardware-only refuses a software adapter and names it', async () => {
    if (gpu().adapter.kind === 'hardware') {
      const open = await openGpu({ adapter: 'hardware' });
      expect(open.adapter.kind).toBe('hardware');
      return open.close();
    }
    const refused = openGpu({ adapter: 'hardware' });
    await expect(refused).rejects.toThrow(DeviceError);
    await expect(refused).rejects.toThrow(`${gpu().adapter.description} (software)`);
  });

  it('turns an uncaptured error into a failure that stays', async () => {
    const own = await openGpu({ adapter: 'any' });
    own.device.createBuffer({ size: 16, usage: 0 });
    await own.device.queue.onSubmittedWorkDone();
    expect(own.failure()).toBeInstanceOf(DeviceError);
    expect(() => own.check()).toThrow(/GPU error on .*usages/i);
    await own.close();
  });

  it('turns device loss into a failure', async () => {
    const own = await openGpu({ adapter: 'any' });
    own.device.destroy();
    await own.device.lost;
    expect(() => own.check()).toThrow(/GPU device lost on .*destroyed/);
    await own.close();
  });

  it('closing is no failure, may be repeated, and forbids use', async () => {
    const own = await openGpu({ adapter: 'any' });
    await own.close();
    await own.close();
    expect(own.failure()).toBeUndefined();
    expect(() => own.check()).toThrow(/is closed/);
  });
});
