import { expect, it } from 'vitest';
import { DeviceError, PlanError } from '../../src/core/errors.js';
import type { Plan } from '../../src/core/plan.js';
import { type Gpu, openGpu } from '../../src/gpu/device.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { describeGpu } from '../support/gpu.js';
import { DOUBLE, doublePlan, shared } from './plans.js';

const data = shared([1, 2, 3]);
const good = doublePlan(data, [1, 1, 1]);
const alter = (change: Partial<Plan>): Plan => ({ ...good, ...change });
const dispatch = good.dispatches[0]!;

describeGpu('refused plans', (gpu) => {
  const run = async (plan: Plan, on: Gpu = gpu()) => {
    const executor = createExecutor(on);
    try {
      return await executor.execute(plan, { double: DOUBLE });
    } finally {
      await executor.close();
    }
  };

  it('refuses what exceeds the limits, naming subject and bound', async () => {
    const tiny = { ...gpu(), limits: { ...gpu().limits, maxStorageBufferBindingSize: 8 } };
    const refused = run(good, tiny);
    await expect(refused).rejects.toThrow(PlanError);
    await expect(refused).rejects.toThrow("buffer a of bytes 12 must be at most 8, the adapter's limit");
    const wide = alter({ dispatches: [{ ...dispatch, groups: [65_536 * 65_536, 1, 1] }] });
    await expect(run(wide)).rejects.toThrow(/double workgroups 4294967296 must be at most \d+/);
  });

  it.each([
    ['upload buffer c', { uploads: [{ buffer: 'c', data, encode: 'raw' as const }] }],
    ['double main binding c', { dispatches: [{ ...dispatch, bind: ['a', 'c'] }] }],
    [
      'upload a of bytes 20 must be at most 12',
      { uploads: [{ buffer: 'a', data: shared([1, 2, 3, 4, 5]), encode: 'raw' as const }] },
    ],
    ['read b of words 4 must be at most 3', { reads: [{ name: 'b', buffer: 'b', words: 4 }] }],
    [
      'read b count word 3 must lie in its buffer',
      { reads: [{ name: 'b', buffer: 'b', words: 1, count: { buffer: 'a', word: 3 } }] },
    ],
    [
      'buffer a of bytes 0 must be at least 4',
      { buffers: { ...good.buffers, a: { bytes: 0, usage: 'storage' as const } } },
    ],
  ])('refuses: %s', async (message, change) => {
    await expect(run(alter(change))).rejects.toThrow(PlanError);
    await expect(run(alter(change))).rejects.toThrow(message);
  });

  it('names the shader, the entry and the binding that has no buffer', async () => {
    const short = alter({ dispatches: [{ ...dispatch, bind: ['a'] }] });
    await expect(run(short)).rejects.toThrow(
      'shader double entry main: binding 1 (b) has no buffer in the plan',
    );
  });

  it('names an unknown shader', async () => {
    const unknown = alter({ dispatches: [{ ...dispatch, shader: 'triple' }] });
    await expect(run(unknown)).rejects.toThrow(/shader triple is not among the kernel's: double/);
  });
});

describeGpu('GPU failures', (gpu) => {
  it('compile errors carry file, line and column, each time the plan is tried', async () => {
    const executor = createExecutor(gpu());
    const broken = { double: { text: '//#import grid\n\nfn main() { let x: u32 = 1.5; }' } };
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(executor.execute(good, broken)).rejects.toThrow(/^shader double: double\.wgsl:3:\d+: /);
    await executor.close();
  });

  it('a validation error names shader and entry, and the executor goes on', async () => {
    const executor = createExecutor(gpu());
    const same = alter({ dispatches: [{ ...dispatch, bind: ['a', 'a'] }] });
    const failed = executor.execute(same, { double: DOUBLE });
    await expect(failed).rejects.toThrow(DeviceError);
    await expect(failed).rejects.toThrow(/^shader double entry main: /);
    const { reads } = await executor.execute(good, { double: DOUBLE });
    expect([...reads.b!]).toEqual([2, 4, 6]);
    await executor.close();
  });

  it('memory that is not to be had is a DeviceError, and the executor goes on', async () => {
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu().limits;
    const bytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const executor = createExecutor({ ...gpu(), device: starved(gpu().device, 1 << 20) });
    const large = alter({ buffers: { ...good.buffers, a: { bytes, usage: 'storage' } } });
    await expect(executor.execute(large, { double: DOUBLE })).rejects.toThrow(
      /^allocating \d+ bytes for shader double/,
    );
    const { reads } = await executor.execute(good, { double: DOUBLE });
    expect([...reads.b!]).toEqual([2, 4, 6]);
    await executor.close();
  });

  it('an uncaptured error fails the run that was going and every later one', async () => {
    const own = await openGpu({ adapter: 'any' });
    const executor = createExecutor(own);
    // compiled before, and broken after the first check: only the run itself can notice
    await executor.execute(good, { double: DOUBLE });
    const breaking = {
      ...good.uploads[0]!,
      get data() {
        own.device.createBuffer({ size: 16, usage: 0 });
        return data;
      },
    };
    const running = executor.execute(alter({ uploads: [breaking] }), { double: DOUBLE });
    await expect(running).rejects.toThrow(/^GPU error on /);
    await expect(executor.execute(good, { double: DOUBLE })).rejects.toThrow(/^GPU error on /);
    await executor.close();
    await own.close();
  });

  it('device loss before, during and after a run is a DeviceError', async () => {
    for (const turns of [0, 1, 2, 3, 5, 8]) {
      const own = await openGpu({ adapter: 'any' });
      const executor = createExecutor(own);
      await executor.execute(good, { double: DOUBLE });
      const running = executor.execute(good, { double: DOUBLE });
      const settled = running.then(
        ({ reads }) => [...reads.b!],
        (error) => error,
      );
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      own.device.destroy();
      const result = await settled;
      // late enough, the run is done; then it must be right
      if (Array.isArray(result)) expect(result).toEqual([2, 4, 6]);
      else expect(String(result)).toMatch(/^DeviceError: GPU device lost on /);
      if (turns === 0) expect(result).toBeInstanceOf(DeviceError);
      await expect(executor.execute(good, { double: DOUBLE })).rejects.toThrow(/GPU device lost/);
      await executor.close();
      await own.close();
    }
  });
});

/** A device that reports out-of-memory, as Dawn does, for buffers above `limit`: drivers overcommit. */
function starved(device: GPUDevice, limit: number): GPUDevice {
  let short = false;
  return new Proxy(device, {
    get(target, property) {
      if (property === 'createBuffer')
        return (descriptor: GPUBufferDescriptor) => {
          short ||= descriptor.size > limit;
          return target.createBuffer({ ...descriptor, size: Math.min(descriptor.size, limit) });
        };
      if (property === 'popErrorScope')
        return async () => {
          const real = await target.popErrorScope();
          const error = short ? { message: 'buffer too large (out of memory)' } : real;
          short = false;
          return error;
        };
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
