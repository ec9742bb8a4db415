import type { Column } from './columns.js';

/** WGSL as text (a notebook cell) or a file; `file` is a URL so that it works from dist and from src. */
export type ShaderSource = { readonly file: URL } | { readonly text: string };

export interface BufferSpec {
  readonly bytes: number;
  /** Uniform buffers hold the Params struct; storage buffers everything else. */
  readonly usage: 'storage' | 'uniform';
  /** Zeroed before the first dispatch. Others start with whatever the pool left in them. */
  readonly zero?: boolean;
}

/**
 * Fills a buffer from its start. `raw` copies 32-bit words; `u64` writes an f64 column of
 * non-negative integers as (lo, hi) word pairs; `f64` writes the bits of an f64 column as (lo, hi) word pairs, what
 * lib/f64.wgsl computes with; `i128` writes an exact column as four words.
 */
export interface Upload {
  readonly buffer: string;
  readonly data: Column;
  readonly encode: 'raw' | 'u64' | 'f64' | 'i128';
  /** For `u64`: subtracted from each value first. */
  readonly origin?: number;
}

export interface Dispatch {
  /** Key into the kernel's shaders. */
  readonly shader: string;
  readonly entry: string;
  /** Override constants. */
  readonly constants: Readonly<Record<string, number>>;
  /** Buffer names; position is the binding number of group 0. */
  readonly bind: readonly string[];
  readonly groups: readonly [number, number, number];
}

/**
 * Copied back after the last dispatch, as words. With `count`, only `words · buffer[word]` words are read,
 * the count itself being read first: outputs whose size the data decides.
 */
export interface Read {
  readonly name: string;
  readonly buffer: string;
  readonly words: number;
  readonly count?: { readonly buffer: string; readonly word: number };
}

/** What a backend executes, as plain data: uploads, then dispatches in order, then reads. */
export interface Plan {
  readonly buffers: Readonly<Record<string, BufferSpec>>;
  readonly uploads: readonly Upload[];
  readonly dispatches: readonly Dispatch[];
  readonly reads: readonly Read[];
}

/** The adapter limits a plan must stay within; names as in WebGPU. */
export interface Limits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

/** WebGPU's guaranteed minimum. */
export const DEFAULT_LIMITS: Limits = {
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
};

/** The first limit a plan breaks, as (what, found, limit); undefined if it fits. */
export function exceeds(
  plan: Plan,
  limits: Limits,
): { what: string; found: number; limit: number } | undefined {
  for (const [name, buffer] of Object.entries(plan.buffers)) {
    const limit = Math.min(
      limits.maxBufferSize,
      buffer.usage === 'storage' ? limits.maxStorageBufferBindingSize : 65536,
    );
    if (buffer.bytes > limit) return { what: `buffer ${name} of bytes`, found: buffer.bytes, limit };
  }
  for (const d of plan.dispatches) {
    const storage = d.bind.filter((name) => plan.buffers[name]?.usage === 'storage').length;
    if (storage > limits.maxStorageBuffersPerShaderStage)
      return {
        what: `${d.shader} storage buffers`,
        found: storage,
        limit: limits.maxStorageBuffersPerShaderStage,
      };
    const groups = Math.max(...d.groups);
    if (groups > limits.maxComputeWorkgroupsPerDimension)
      return {
        what: `${d.shader} workgroups`,
        found: groups,
        limit: limits.maxComputeWorkgroupsPerDimension,
      };
  }
  return undefined;
}
