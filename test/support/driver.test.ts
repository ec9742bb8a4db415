import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { extractSwiftshader, prepareDriver, tarFiles } from './driver.mjs';

const runner = fileURLToPath(new URL('../run.mjs', import.meta.url));
const suite = 'test/support/outcomes';

function npmTest(env: Record<string, string>) {
  const child = spawnSync(process.execPath, [runner, '--config', `${suite}/vitest.config.ts`], {
    encoding: 'utf8',
    env: { ...process.env, GPU: '', ...env },
    timeout: 120_000,
  });
  return { status: child.status, last: child.stdout.trim().split('\n').at(-1), out: child.stdout };
}

describe('npm test', () => {
  it('ends with the totals and fails with a failing test and a file that does not load', () => {
    const { status, last } = npmTest({ GPU_DRIVER: 'none', OUTCOME: 'fail' });
    expect(last).toBe('1 passed, 2 failed, 2 skipped');
    expect(status).toBe(1);
  });

  it('says how many GPU tests did not run; GPU=required makes that a failure', () => {
    const relaxed = npmTest({ GPU_DRIVER: 'none' });
    expect(relaxed).toMatchObject({ status: 0, last: '3 passed, 0 failed, 2 skipped' });
    expect(relaxed.out).toMatch(/!!! 1 GPU TESTS DID NOT RUN \(GPU_DRIVER=none\) !!!/);
    const required = npmTest({ GPU_DRIVER: 'none', GPU: 'required' });
    expect(required).toMatchObject({ status: 1, last: '3 passed, 0 failed, 2 skipped' });
  });
});

describe('test driver', () => {
  it('refuses an unknown name', () => {
    expect(() => prepareDriver('opengl')).toThrow(
      'GPU_DRIVER opengl must be lavapipe, swiftshader, system or none',
    );
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('unpacks SwiftShader once', () => {
    const folder = extractSwiftshader();
    expect(existsSync(join(folder, 'libvk_swiftshader.so'))).toBe(true);
    expect(extractSwiftshader()).toBe(folder);
    expect(prepareDriver('swiftshader').adapter?.description).toMatch(/SwiftShader/);
  });

  it('refuses a damaged archive', () => {
    expect(() => [...tarFiles(Buffer.alloc(1024, 'x'))]).toThrow('archive is damaged at byte 0');
    expect([...tarFiles(Buffer.alloc(1024))]).toEqual([]);
  });
});
