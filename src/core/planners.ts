import type { BufferSpec, Limits } from './plan.js';

/**
 * Workgroups for `threads` threads, split over x and y when one dimension's limit is passed.
 * Shaders recover the thread as `(gid.y · groups.x · WG) + gid.x` (lib/grid.wgsl).
 */
export function gridGroups(threads: number, workgroup: number, limits: Limits): [number, number, number] {
  const groups = Math.max(1, Math.ceil(threads / workgroup));
  const max = limits.maxComputeWorkgroupsPerDimension;
  if (groups <= max) return [groups, 1, 1];
  const y = Math.ceil(groups / max);
  return [Math.ceil(groups / y), y, 1];
}

/** A storage buffer of `words` 32-bit words; WebGPU forbids empty bindings. */
export const storage = (words: number, zero = false): BufferSpec => ({
  bytes: Math.max(16, words * 4),
  usage: 'storage',
  zero,
});

export type Scalar = 'u32' | 'i32' | 'f32';
/** Field name → WGSL scalar type, in declaration order. */
export type Layout = Readonly<Record<string, Scalar>>;

/** Bytes of a uniform struct of scalars, rounded up to 16 as WGSL's uniform address space asks. */
export const uniform = (layout: Layout): BufferSpec => ({
  bytes: Math.ceil((Object.keys(layout).length * 4) / 16) * 16,
  usage: 'uniform',
});

/** The struct's words; every field must be given. Integers wrap to 32 bits as two's complement. */
export function packUniform<L extends Layout>(
  layout: L,
  values: { readonly [K in keyof L]: number },
): Uint32Array {
  const words = new Uint32Array(uniform(layout).bytes / 4);
  const floats = new Float32Array(words.buffer);
  Object.entries(layout).forEach(([name, type], i) => {
    if (type === 'f32') floats[i] = values[name]!;
    else words[i] = values[name]!;
  });
  return words;
}
