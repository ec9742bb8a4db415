import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { transpile } from '../support/transpile.js';

/** Runs a script beside the transpiled rooms; a process that does not exit by itself is killed, signal set. */
function runChild(folder: string, body: string, flags: readonly string[] = []) {
  const script = `
    import { openGpu } from ${JSON.stringify(join(folder, 'gpu/device.js'))};
    import { createExecutor } from ${JSON.stringify(join(folder, 'gpu/execute.js'))};
    import { listAdapters } from ${JSON.stringify(join(folder, 'gpu/adapters.js'))};
    const double = { text: \`
      @group(0) @binding(0) var<storage, read> a: array<u32>;
      @group(0) @binding(1) var<storage, read_write> b: array<u32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&b)) { b[id.x] = a[id.x] * 2u; } }\` };
    const run = async (executor, n) => {
      const data = new Uint32Array(new SharedArrayBuffer(n * 4)).fill(n);
      const { reads } = await executor.execute({
        buffers: { a: { bytes: n * 4, usage: 'storage' }, b: { bytes: n * 4, usage: 'storage' } },
        uploads: [{ buffer: 'a', data, encode: 'raw' }],
        dispatches: [{ shader: 'double', entry: 'main', constants: {}, bind: ['a', 'b'], groups: [Math.ceil(n / 64), 1, 1] }],
        reads: [{ name: 'b', buffer: 'b', words: n }],
      }, { double });
      if (!reads.b.every((x) => x === 2 * n)) throw new Error('wrong result at ' + n);
    };
    ${body}`;
  const child = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  return { status: child.status, signal: child.signal, stdout: child.stdout.trim(), stderr: child.stderr };
}

describeGpu('process lifetime', () => {
  let rooms: ReturnType<typeof transpile>;
  beforeAll(() => {
    rooms = transpile(['core', 'gpu']);
  });
  afterAll(() => rooms.remove());

  it('exits by itself after close', () => {
    const result = runChild(
      rooms.folder,
      `const gpu = await openGpu({ adapter: 'any' });
       const executor = createExecutor(gpu);
       await run(executor, 1000);
       await executor.close();
       await gpu.close();
       console.log('closed');`,
    );
    expect(result).toMatchObject({ status: 0, signal: null, stdout: 'closed' });
  });

  it('exits by itself after listing adapters and after a refused open', () => {
    const result = runChild(
      rooms.folder,
      `const found = await listAdapters();
       const software = found.every((adapter) => adapter.kind === 'software');
       if (software) await openGpu({ adapter: 'hardware' }).catch((error) => console.log(error.name));
       else console.log('DeviceError');`,
    );
    expect(result).toMatchObject({ status: 0, signal: null, stdout: 'DeviceError' });
  });

  it('survives 200 executions under garbage collection, holding the same buffers', () => {
    const result = runChild(
      rooms.folder,
      `const gpu = await openGpu({ adapter: 'any' });
       const executor = createExecutor(gpu);
       let settled;
       for (let i = 0; i < 200; i++) {
         await run(executor, 1000 + (i % 7) * 500);
         globalThis.gc();
         if (i === 100) settled = { ...executor.stats(), rss: process.memoryUsage().rss };
       }
       const last = executor.stats();
       if (last.buffers > settled.buffers || last.bytes > settled.bytes) throw new Error('the pool grows');
       const grown = process.memoryUsage().rss - settled.rss;
       if (grown > 64e6) throw new Error('memory grew by ' + grown);
       await executor.close();
       if (executor.stats().buffers !== 0) throw new Error('close left buffers');
       await gpu.close();
       console.log('done');`,
      ['--expose-gc'],
    );
    expect(result.stderr).not.toMatch(/Error/);
    expect(result).toMatchObject({ status: 0, signal: null, stdout: 'done' });
  });

  it('opens and closes 20 devices under garbage collection, two at a time', () => {
    const result = runChild(
      rooms.folder,
      `for (let i = 0; i < 20; i++) {
         const [one, two] = await Promise.all([openGpu({ adapter: 'any' }), openGpu({ adapter: 'any', timestamps: true })]);
         for (const gpu of [one, two]) {
           const executor = createExecutor(gpu);
           await run(executor, 100 + i);
           await executor.close();
           await gpu.close();
           globalThis.gc();
         }
       }
       globalThis.gc();
       await new Promise((resolve) => setTimeout(resolve, 50));
       globalThis.gc();
       console.log('done');`,
      ['--expose-gc'],
    );
    expect(result).toMatchObject({ status: 0, signal: null, stdout: 'done' });
  });

  it('needs no top-level await: require() loads it', () => {
    const result = runChild(
      rooms.folder,
      `import { createRequire } from 'node:module';
       const loaded = createRequire(${JSON.stringify(join(rooms.folder, 'x.js'))})('./gpu/execute.js');
       console.log(typeof loaded.createExecutor);`,
      ['--experimental-require-module', '--no-warnings'],
    );
    expect(result).toMatchObject({ status: 0, stdout: 'function' });
  });
});
