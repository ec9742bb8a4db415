import { expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.js';
import { gridGroups } from '../../src/core/planners.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { describeGpu } from '../support/gpu.js';
import { counting, DOUBLE, doublePlan, shared } from './plans.js';

describeGpu('dispatches', (gpu) => {
  it('walks every size across a workgroup boundary, on reused poisoned buffers', async () => {
    const executor = createExecutor(gpu(), { poison: true });
    for (const n of [1, 2, 63, 64, 65, 127, 128, 129]) {
      const data = counting(n);
      const { reads } = await executor.execute(doublePlan(data, [Math.ceil(n / 64), 1, 1]), {
        double: DOUBLE,
      });
      expect(reads.b, `n = ${n}`).toEqual(Uint32Array.from(data, (x) => x * 2));
    }
    await executor.close();
  });

  it('covers a grid above 65,535 groups in two dimensions', async () => {
    const n = 64 * 65_535 + 64 * 3 + 5;
    const groups = gridGroups(n, 64, gpu().limits);
    expect(groups[1]).toBe(2);
    const data = counting(n);
    const executor = createExecutor(gpu());
    const { reads } = await executor.execute(doublePlan(data, groups), { double: DOUBLE });
    let wrong = -1;
    for (let i = 0; i < n && wrong < 0; i++) if (reads.b![i] !== (data[i]! * 2) >>> 0) wrong = i;
    expect(wrong).toBe(-1);
    await executor.close();
  });

  it('orders dispatches, keeps variants apart, and ignores buffers an entry does not use', async () => {
    const text = `override ADD: u32;
@group(0) @binding(0) var<storage, read> unused: array<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<u32>;
struct Params { mul: u32 }
@group(0) @binding(2) var<uniform> params: Params;
@compute @workgroup_size(1) fn add() { x[0] = x[0] * 10u + ADD; }
@compute @workgroup_size(1) fn scale() { x[0] = x[0] * params.mul; }`;
    const step = (entry: string, add: number) =>
      ({ shader: 's', entry, constants: { ADD: add }, bind: ['u', 'x', 'p'], groups: [1, 1, 1] }) as const;
    const executor = createExecutor(gpu(), { poison: true });
    const { reads } = await executor.execute(
      {
        buffers: {
          u: { bytes: 16, usage: 'storage' },
          x: { bytes: 16, usage: 'storage', zero: true },
          p: { bytes: 16, usage: 'uniform' },
        },
        uploads: [{ buffer: 'p', data: shared([1000, 0, 0, 0]), encode: 'raw' }],
        dispatches: [step('add', 1), step('add', 2), step('scale', 0), step('add', 3)],
        reads: [{ name: 'x', buffer: 'x', words: 4 }],
      },
      { s: { text } },
    );
    expect([...reads.x!]).toEqual([120003, 0, 0, 0]);
    await executor.close();
  });

  it('shows a shader the length the plan asked for, not the pool’s', async () => {
    const text = `@group(0) @binding(0) var<storage, read_write> x: array<u32>;
@compute @workgroup_size(1) fn main() { x[0] = arrayLength(&x); }`;
    const executor = createExecutor(gpu());
    for (const words of [300, 5, 77]) {
      const { reads } = await executor.execute(
        {
          buffers: { x: { bytes: words * 4, usage: 'storage' } },
          uploads: [],
          dispatches: [{ shader: 's', entry: 'main', constants: {}, bind: ['x'], groups: [1, 1, 1] }],
          reads: [{ name: 'x', buffer: 'x', words: 1 }],
        },
        { s: { text } },
      );
      expect(reads.x![0]).toBe(words);
    }
    await executor.close();
  });

  it('runs concurrent calls one after another', async () => {
    const executor = createExecutor(gpu(), { poison: true });
    const columns = [1, 2, 3, 4].map((k) => counting(k * 50));
    const all = await Promise.all(
      columns.map((data) => executor.execute(doublePlan(data, [4, 1, 1]), { double: DOUBLE })),
    );
    all.forEach(({ reads }, k) => {
      expect(reads.b).toEqual(Uint32Array.from(columns[k]!, (x) => x * 2));
    });
    await executor.close();
  });
});

describeGpu('reads', (gpu) => {
  const plan = (count: number, words: number, room: number): Plan => ({
    buffers: { n: { bytes: 16, usage: 'storage' }, x: { bytes: room, usage: 'storage' } },
    uploads: [
      { buffer: 'n', data: shared([9, count]), encode: 'raw' },
      { buffer: 'x', data: counting(8), encode: 'raw' },
    ],
    dispatches: [],
    reads: [
      { name: 'rows', buffer: 'x', words, count: { buffer: 'n', word: 1 } },
      { name: 'n', buffer: 'n', words: 2 },
    ],
  });

  it('copies as many words as the count says, none for zero', async () => {
    const executor = createExecutor(gpu(), { poison: true, profile: true });
    const three = await executor.execute(plan(3, 2, 64), {});
    expect(three.reads.rows).toEqual(Uint32Array.from(counting(6)));
    expect([...three.reads.n!]).toEqual([9, 3]);
    expect(three.profile!.readBytes).toBe(4 + 8 + 24);
    const none = await executor.execute(plan(0, 2, 64), {});
    expect(none.reads.rows).toEqual(new Uint32Array(0));
    await executor.close();
  });

  it('refuses a count beyond the buffer', async () => {
    const executor = createExecutor(gpu());
    await expect(executor.execute(plan(9, 2, 64), {})).rejects.toThrow(
      /count of read rows asks for 18 words, at most 16 are in buffer x/,
    );
    await expect(executor.execute(plan(4_000_000_000, 4, 64), {})).rejects.toThrow(/at most 16/);
    await executor.close();
  });

  it('moves more than one mapped buffer holds', async () => {
    const n = 9 * 1024 * 1024;
    const data = counting(n);
    const executor = createExecutor(gpu());
    const { reads } = await executor.execute(
      {
        buffers: {
          a: { bytes: n * 4, usage: 'storage' },
          b: { bytes: 400, usage: 'storage' },
          c: { bytes: n * 4, usage: 'storage' },
        },
        uploads: [
          { buffer: 'a', data, encode: 'raw' },
          { buffer: 'b', data: data.subarray(0, 100), encode: 'raw' },
          { buffer: 'c', data, encode: 'raw' },
        ],
        dispatches: [],
        reads: [
          { name: 'a', buffer: 'a', words: n },
          { name: 'b', buffer: 'b', words: 100 },
          { name: 'c', buffer: 'c', words: n },
        ],
      },
      {},
    );
    const bytes = (words: Uint32Array) => Buffer.from(words.buffer, words.byteOffset, words.byteLength);
    expect(bytes(reads.a!).equals(bytes(data))).toBe(true);
    expect(bytes(reads.b!).equals(bytes(data.subarray(0, 100)))).toBe(true);
    expect(bytes(reads.c!).equals(bytes(data))).toBe(true);
    await executor.close();
  });
});

describeGpu('profile', (gpu) => {
  it('times each dispatch and counts the bytes', async () => {
    const executor = createExecutor(gpu(), { profile: true });
    const { profile } = await executor.execute(doublePlan(counting(100_000), [1563, 1, 1]), {
      double: DOUBLE,
    });
    expect(profile).toMatchObject({ uploadBytes: 400_000, readBytes: 400_000 });
    expect(profile!.dispatches).toMatchObject([{ shader: 'double', entry: 'main', groups: [1563, 1, 1] }]);
    if (gpu().timestamps) expect(profile!.dispatches[0]!.gpuMs).toBeGreaterThan(0);
    for (const ms of [profile!.uploadMs, profile!.computeMs, profile!.readMs]) expect(ms).toBeGreaterThan(0);
    await executor.close();
  });

  it('is absent unless asked for', async () => {
    const executor = createExecutor(gpu());
    const result = await executor.execute(doublePlan(counting(10), [1, 1, 1]), { double: DOUBLE });
    expect(result.profile).toBeUndefined();
    await executor.close();
  });
});
