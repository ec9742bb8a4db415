import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/core/plan.js';
import { gridGroups } from '../../src/core/planners.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { describeGpu } from '../support/gpu.js';

describeGpu('grid', (gpu) => {
  it('gives every thread of a split grid its own index, and reaches them all', async () => {
    const text = `override WG: u32;
//#import grid
@group(0) @binding(0) var<storage, read_write> hits: array<atomic<u32>>;
@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_thread(gid, groups, WG);
  if (i < arrayLength(&hits)) { atomicAdd(&hits[i], 1u); }
}`;
    const executor = createExecutor(gpu(), { poison: true });
    const limits = { ...DEFAULT_LIMITS, maxComputeWorkgroupsPerDimension: 7 };
    for (const threads of [1, 31, 32, 33, 7 * 32, 7 * 32 + 1, 7 * 7 * 32 - 5, 7 * 7 * 32]) {
      const groups = gridGroups(threads, 32, limits);
      expect(Math.max(...groups)).toBeLessThanOrEqual(7);
      const { reads } = await executor.execute(
        {
          buffers: { hits: { bytes: threads * 4, usage: 'storage', zero: true } },
          uploads: [],
          dispatches: [{ shader: 'grid', entry: 'main', constants: { WG: 32 }, bind: ['hits'], groups }],
          reads: [{ name: 'hits', buffer: 'hits', words: threads }],
        },
        { grid: { text } },
      );
      expect(reads.hits, `${threads} threads in ${groups}`).toEqual(new Uint32Array(threads).fill(1));
    }
    await executor.close();
  });
});
