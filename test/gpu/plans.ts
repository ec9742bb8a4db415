import type { Column } from '../../src/core/columns.js';
import type { Plan, ShaderSource } from '../../src/core/plan.js';

/** A view on a SharedArrayBuffer, as all columns are. */
export function shared(values: ArrayLike<number>): Uint32Array {
  const view = new Uint32Array(new SharedArrayBuffer(values.length * 4));
  view.set(values);
  return view;
}

/** `n` different words. */
export const counting = (n: number): Uint32Array =>
  shared(Uint32Array.from({ length: n }, (_, i) => i * 2654435761));

export function sharedF64(values: ArrayLike<number>): Float64Array {
  const view = new Float64Array(new SharedArrayBuffer(values.length * 8));
  view.set(values);
  return view;
}

/** Writes `2 · a[i]` for every element that both buffers have. */
export const DOUBLE: ShaderSource = {
  text: `override WG: u32 = 64;
//#import grid
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> b: array<u32>;
@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_thread(gid, groups, WG);
  if (i < min(arrayLength(&a), arrayLength(&b))) { b[i] = a[i] * 2u; }
}`,
};

export const doublePlan = (data: Uint32Array, groups: readonly [number, number, number]): Plan => ({
  buffers: {
    a: { bytes: data.byteLength, usage: 'storage' },
    b: { bytes: data.byteLength, usage: 'storage' },
  },
  uploads: [{ buffer: 'a', data, encode: 'raw' }],
  dispatches: [{ shader: 'double', entry: 'main', constants: { WG: 64 }, bind: ['a', 'b'], groups }],
  reads: [{ name: 'b', buffer: 'b', words: data.length }],
});

/** Uploads a column and reads its words back: no shader at all. */
export const echoPlan = (
  data: Column,
  encode: 'raw' | 'u64' | 'f64' | 'i128',
  words: number,
  origin?: number,
): Plan => ({
  buffers: { a: { bytes: words * 4, usage: 'storage' } },
  uploads: [{ buffer: 'a', data, encode, ...(origin === undefined ? {} : { origin }) }],
  dispatches: [],
  reads: [{ name: 'a', buffer: 'a', words }],
});
