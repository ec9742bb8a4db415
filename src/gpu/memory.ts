import type { Plan } from '../core/plan.js';
import { paddedBytes, planNames } from './check.js';
import type { Gpu } from './device.js';
import { uploadBytes } from './encode.js';
import type { Pool } from './pool.js';
import { scoped } from './scope.js';
import { createStaging, type Staging, type Transfer } from './staging.js';
import { COPY_DST, COPY_SRC, STORAGE, UNIFORM } from './usage.js';

const POISON = 0xa5a5a5a5;

/** What one execution holds of the pool. */
export interface Memory {
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  readonly uploads: Staging;
  /** Every uncounted read, and the count word of the others. */
  readonly reads: Staging;
}

export function releaseMemory(pool: Pool, memory: Memory): void {
  memory.uploads.release();
  memory.reads.release();
  for (const buffer of memory.buffers.values()) pool.release(buffer);
}

/** All buffers of a plan; when memory runs out, once more after giving back what idles. */
export async function allocate(gpu: Gpu, pool: Pool, plan: Plan): Promise<Memory> {
  const max = gpu.limits.maxBufferSize;
  const bytes = Object.values(plan.buffers).reduce((sum, spec) => sum + spec.bytes, 0);
  for (let attempt = 0; ; attempt++) {
    const buffers = new Map<string, GPUBuffer>();
    let memory: Memory | undefined;
    try {
      await scoped(gpu, 'out-of-memory', `allocating ${bytes} bytes for ${planNames(plan)}`, () => {
        for (const [name, spec] of Object.entries(plan.buffers)) {
          const usage = spec.usage === 'uniform' ? UNIFORM | COPY_DST : STORAGE | COPY_SRC | COPY_DST;
          buffers.set(name, pool.acquire(usage, paddedBytes(spec.bytes)));
        }
        const uploads = plan.uploads.map((u) => transfer(buffers, u.buffer, 0, uploadBytes(u)));
        const reads = plan.reads.map(({ buffer, words, count }) =>
          count
            ? transfer(buffers, count.buffer, count.word * 4, 4)
            : transfer(buffers, buffer, 0, words * 4),
        );
        memory = {
          buffers,
          uploads: createStaging(pool, max, 'up', uploads),
          reads: createStaging(pool, max, 'down', reads),
        };
      });
      return memory!;
    } catch (error) {
      if (memory) releaseMemory(pool, memory);
      else for (const buffer of buffers.values()) pool.release(buffer);
      pool.trim();
      if (attempt > 0 || gpu.failure()) throw error;
    }
  }
}

export const transfer = (
  buffers: ReadonlyMap<string, GPUBuffer>,
  name: string,
  byteOffset: number,
  bytes: number,
): Transfer => ({ buffer: buffers.get(name)!, byteOffset, bytes });

/** Fills the whole pool buffer, beyond what the plan asked for too. */
export function poison(device: GPUDevice, buffer: GPUBuffer): void {
  const chunk = new Uint32Array(Math.min(buffer.size, 1 << 20) / 4).fill(POISON);
  for (let at = 0; at < buffer.size; at += chunk.byteLength)
    device.queue.writeBuffer(buffer, at, chunk, 0, Math.min(chunk.byteLength, buffer.size - at) / 4);
}
