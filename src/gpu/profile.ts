import type { Dispatch } from '../core/plan.js';
import type { Gpu } from './device.js';
import { COPY_DST, COPY_SRC, MAP_MODE_READ, MAP_READ, QUERY_RESOLVE } from './usage.js';

/** WebGPU's bound on one query set; later dispatches go untimed. */
const MAX_TIMED = 2048;

export interface DispatchProfile {
  readonly shader: string;
  readonly entry: string;
  readonly groups: readonly [number, number, number];
  /** GPU time from timestamp queries; undefined where the adapter has none. */
  readonly gpuMs: number | undefined;
}

/** What one execution moved and how long it took; wall times in ms. */
export interface TileProfile {
  readonly uploadBytes: number;
  readonly readBytes: number;
  readonly uploadMs: number;
  readonly computeMs: number;
  readonly readMs: number;
  readonly dispatches: readonly DispatchProfile[];
}

/** Timestamps around each dispatch of one execution. */
export interface Timer {
  pass(index: number): GPUComputePassTimestampWrites | undefined;
  encode(encoder: GPUCommandEncoder): void;
  collect(dispatches: readonly Dispatch[]): Promise<DispatchProfile[]>;
  destroy(): void;
}

export function createTimer(gpu: Gpu, dispatches: number): Timer {
  const timed = gpu.timestamps ? Math.min(dispatches, MAX_TIMED) : 0;
  const { device } = gpu;
  const bytes = Math.max(1, timed) * 16;
  const set = timed > 0 ? device.createQuerySet({ type: 'timestamp', count: timed * 2 }) : undefined;
  const resolved = set && device.createBuffer({ size: bytes, usage: QUERY_RESOLVE | COPY_SRC });
  const mapped = set && device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
  return {
    pass: (index) =>
      set && index < timed
        ? { querySet: set, beginningOfPassWriteIndex: index * 2, endOfPassWriteIndex: index * 2 + 1 }
        : undefined,
    encode(encoder) {
      if (!set) return;
      encoder.resolveQuerySet(set, 0, timed * 2, resolved!, 0);
      encoder.copyBufferToBuffer(resolved!, 0, mapped!, 0, bytes);
    },
    async collect(list) {
      const ms: number[] = [];
      if (mapped) {
        await mapped.mapAsync(MAP_MODE_READ);
        const stamps = new BigUint64Array(mapped.getMappedRange());
        // stamps may be reset between passes: a negative span means no measurement
        for (let i = 0; i < timed; i++)
          ms.push(Math.max(0, Number(stamps[i * 2 + 1]! - stamps[i * 2]!) / 1e6));
        mapped.unmap();
      }
      return list.map(({ shader, entry, groups }, i) => ({ shader, entry, groups, gpuMs: ms[i] }));
    },
    destroy() {
      set?.destroy();
      resolved?.destroy();
      mapped?.destroy();
    },
  };
}
