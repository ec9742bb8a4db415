import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/core/errors.js';
import { entryBindings } from '../../src/gpu/bindings.js';
import { lintShader } from '../../src/gpu/compile.js';
import { loadShader, originalPlace } from '../../src/gpu/shaders.js';

const folder = mkdtempSync(join(tmpdir(), 'steelyard-shaders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return { file: pathToFileURL(join(folder, name)) };
};
const libs = readdirSync(new URL('../../shaders/lib/', import.meta.url)).map((name) =>
  name.replace(/\.wgsl$/, ''),
);
const OUT = '@group(0) @binding(0) var<storage, read_write> out: array<u32>;\n';

describe('shader loading', () => {
  it('puts a library in place once and remembers where each line came from', async () => {
    const lib = libs[0]!;
    const shader = await loadShader('s', { text: `// first\n//#import ${lib}\n//#import ${lib}\n// last` });
    expect(shader.origins).toHaveLength(shader.code.split('\n').length);
    expect(
      shader.origins.filter(({ file, line }) => file === `shaders/lib/${lib}.wgsl` && line === 1),
    ).toHaveLength(1);
    expect(originalPlace(shader, shader.origins.length, 3)).toBe('s.wgsl:4:3');
    expect(originalPlace(shader, 2, 1)).toBe(`shaders/lib/${lib}.wgsl:1:1`);
  });

  it('names file and line of an unknown import', async () => {
    const unknown = loadShader('s', file('unknown.wgsl', '// a\n//#import no-such-library\n'));
    await expect(unknown).rejects.toThrow(DeviceError);
    await expect(unknown).rejects.toThrow(/^unknown\.wgsl:2: import no-such-library: cannot read/);
  });

  it('refuses a path as an import', async () => {
    await expect(loadShader('s', { text: '//#import ../volume-imbalance' })).rejects.toThrow(
      's.wgsl:1: import ../volume-imbalance must be a name in shaders/lib',
    );
  });

  it('names a shader file that is missing', async () => {
    const missing = { file: pathToFileURL(join(folder, 'missing.wgsl')) };
    await expect(loadShader('sums', missing)).rejects.toThrow(
      'shader sums: cannot read missing.wgsl (ENOENT)',
    );
  });
});

describe('null-backend compilation', () => {
  it.each(libs)('compiles library %s', async (lib) => {
    const bindings = await lintShader(
      { text: `//#import ${lib}\n${OUT}@compute @workgroup_size(64) fn main() { out[0] = 1u; }` },
      'main',
    );
    expect(bindings).toEqual([{ binding: 0, name: 'out', type: 'storage' }]);
  });

  it('maps a compile error behind an import to the original line', async () => {
    const source = file('broken.wgsl', `//#import ${libs[0]}\n\nfn f() -> u32 { return 1.5f; }\n`);
    await expect(lintShader(source, 'main')).rejects.toThrow(/^shader broken: broken\.wgsl:3:\d+: .*u32/);
  });

  it('maps a compile error inside a library to the library', async () => {
    // one that imports nothing, so that its lines are those of the assembled code
    const lib = 'grid';
    const { code } = await loadShader('s', { text: `//#import ${lib}` });
    const name = /fn ([a-z_0-9]+)/i.exec(code)![1]!;
    const line = code.split('\n').findIndex((text) => text.includes(`fn ${name}`)) + 1;
    // declared twice: the compiler points at the second, which is the library's
    const clash = lintShader({ text: `fn ${name}() {}\n//#import ${lib}` }, 'main');
    await expect(clash).rejects.toThrow(new RegExp(`shaders/lib/${lib}\\.wgsl:${line}:\\d+: redeclaration`));
  });

  it('names shader, entry and cause of a pipeline that cannot be made', async () => {
    const text = `override WG: u32;\n${OUT}@compute @workgroup_size(WG) fn main() { out[0] = 1u; }`;
    await expect(lintShader({ text }, 'nope', { WG: 1 }, 'sums')).rejects.toThrow(
      /^shader sums entry nope: .*nope/,
    );
    await expect(lintShader({ text }, 'main', { WG: 100_000 }, 'sums')).rejects.toThrow(
      /workgroup_size\(100000/,
    );
    await expect(lintShader({ text }, 'main', { WG: 1, ROWS: 1 }, 'sums')).rejects.toThrow(/ROWS/);
    await expect(lintShader({ text }, 'main', {}, 'sums')).rejects.toThrow(DeviceError);
    await expect(lintShader({ text }, 'main', { WG: 64 }, 'sums')).resolves.toHaveLength(1);
  });
});

describe('bindings of an entry', () => {
  const code = `
    @group(0) @binding(0) var<storage, read> a: array<u32>;
    @group(0) @binding(1) var<storage, read_write> b: array<u32>;
    @binding(2) @group(0) var<uniform> params: vec4u;
    @group(0) @binding(1) var<storage> other: array<u32>;
    // @group(0) @binding(7) var<storage, read> commented: array<u32>;
    /* nested /* @group(0) @binding(8) */ var<storage> gone: u32; */
    fn helper() -> u32 { if (params.x > 0u) { return a[0]; } return 0u; }
    @compute @workgroup_size(1) fn first() { b[0] = helper(); /* other gone */ }
    @compute @workgroup_size(1) fn second() { _ = other[0]; }`;

  it('follows calls, ignores comments, and tells entries apart that share a binding number', () => {
    expect(entryBindings(code, 'first')).toEqual([
      { binding: 0, name: 'a', type: 'read-only-storage' },
      { binding: 1, name: 'b', type: 'storage' },
      { binding: 2, name: 'params', type: 'uniform' },
    ]);
    expect(entryBindings(code, 'second')).toEqual([{ binding: 1, name: 'other', type: 'read-only-storage' }]);
  });

  it('makes layouts that Dawn accepts for both', async () => {
    await expect(lintShader({ text: code }, 'first')).resolves.toHaveLength(3);
    await expect(lintShader({ text: code }, 'second')).resolves.toHaveLength(1);
  });
});
