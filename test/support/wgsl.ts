import type { Gpu } from '../../src/gpu/device.js';
import { createExecutor } from '../../src/gpu/execute.js';

/**
 * Evaluates WGSL statements over rows on the GPU: `x` is the row's `vec4<u32>` inputs (an array of
 * `inputs / 4`), and the body assigns a `vec4<u32>` to `y`. Returns four words a row.
 */
export async function evaluateRows(
  gpu: Gpu,
  imports: readonly string[],
  body: string,
  rows: readonly (readonly number[])[],
): Promise<Uint32Array> {
  const width = rows[0]!.length / 4;
  const text = `${imports.map((name) => `//#import ${name}\n`).join('')}
@group(0) @binding(0) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> sink: array<vec4<u32>>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  let row = gid.x;
  if (row >= arrayLength(&sink)) { return; }
  var x: array<vec4<u32>, ${width}>;
  for (var i = 0u; i < ${width}u; i++) { x[i] = source[row * ${width}u + i]; }
  var y: vec4<u32>;
  ${body}
  sink[row] = y;
}`;
  const executor = createExecutor(gpu, { poison: true });
  try {
    const { reads } = await executor.execute(
      {
        buffers: {
          source: { bytes: rows.length * width * 16, usage: 'storage' },
          sink: { bytes: rows.length * 16, usage: 'storage' },
        },
        uploads: [{ buffer: 'source', data: Uint32Array.from(rows.flat()), encode: 'raw' }],
        dispatches: [
          {
            shader: 'rows',
            entry: 'main',
            constants: {},
            bind: ['source', 'sink'],
            groups: [Math.ceil(rows.length / 64), 1, 1],
          },
        ],
        reads: [{ name: 'sink', buffer: 'sink', words: rows.length * 4 }],
      },
      { rows: { text } },
    );
    return reads.sink!;
  } finally {
    await executor.close();
  }
}

/** A 128-bit integer as words, low first. */
export const wordsOf = (value: bigint): number[] =>
  [0n, 32n, 64n, 96n].map((shift) => Number((BigInt.asUintN(128, value) >> shift) & 0xffffffffn));

/** Row `row` of four words as an unsigned 128-bit integer. */
export const bigOf = (words: Uint32Array, row: number): bigint => {
  let value = 0n;
  for (let w = 3; w >= 0; w--) value = (value << 32n) | BigInt(words[row * 4 + w]!);
  return value;
};
