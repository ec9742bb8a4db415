/** Idle buffers are destroyed after this many executions without use. */
const KEEP = 8;

/** Buffers by usage and size class, reused between tiles. */
export interface Pool {
  /** A buffer of at least `bytes`, with whatever its last user left in it. */
  acquire(usage: number, bytes: number): GPUBuffer;
  release(buffer: GPUBuffer): void;
  /** Call once an execution: destroys what has been idle for long. */
  sweep(): void;
  /** Destroys everything idle. */
  trim(): void;
  /** Buffers and bytes allocated, in use or idle. */
  stats(): { buffers: number; bytes: number };
}

interface Idle {
  readonly buffer: GPUBuffer;
  readonly since: number;
}

/** Sizes in quarter steps between powers of two: little waste, and tiles of like size share buffers. */
export function sizeClass(bytes: number, max: number): number {
  const wanted = Math.max(256, Math.ceil(bytes / 4) * 4);
  const step = 2 ** Math.floor(Math.log2(wanted)) / 4;
  // near the device's limit there is no room to round up
  return Math.max(wanted, Math.min(Math.ceil(wanted / step) * step, Math.floor(max / 4) * 4));
}

export function createPool(device: GPUDevice): Pool {
  const idle = new Map<string, Idle[]>();
  const alive = new Map<GPUBuffer, string>();
  const max = device.limits.maxBufferSize;
  let now = 0;

  const destroyIdle = (expired: (entry: Idle) => boolean): void => {
    for (const [key, list] of idle) {
      const kept = list.filter((entry) => !expired(entry));
      for (const entry of list) {
        if (!expired(entry)) continue;
        alive.delete(entry.buffer);
        entry.buffer.destroy();
      }
      if (kept.length > 0) idle.set(key, kept);
      else idle.delete(key);
    }
  };

  return {
    acquire(usage, bytes) {
      const size = sizeClass(bytes, max);
      const key = `${usage} ${size}`;
      const reused = idle.get(key)?.pop();
      if (reused) return reused.buffer;
      const buffer = device.createBuffer({ size, usage, label: `pool ${size}` });
      alive.set(buffer, key);
      return buffer;
    },
    release(buffer) {
      const key = alive.get(buffer);
      if (key === undefined) return;
      const list = idle.get(key);
      if (list) list.push({ buffer, since: now });
      else idle.set(key, [{ buffer, since: now }]);
    },
    sweep() {
      now++;
      destroyIdle((entry) => now - entry.since > KEEP);
    },
    trim() {
      destroyIdle(() => true);
    },
    stats() {
      let bytes = 0;
      for (const buffer of alive.keys()) bytes += buffer.size;
      return { buffers: alive.size, bytes };
    },
  };
}
