import { describe, expect, it } from 'vitest';
import { doctor, formatDoctor } from '../../src/engine/doctor.js';
import { describeGpu } from '../support/gpu.js';

describe('doctor', () => {
  it('reports the machine without throwing and never lists the null backend', async () => {
    const report = await doctor();
    expect(report.node).toBe(process.version);
    expect(report.webgpu.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(report.webgpu.problem).toBeUndefined();
    expect(report.adapters.map((adapter) => adapter.kind)).not.toContain('null');
    const hardware = report.adapters.some((adapter) => adapter.kind === 'hardware');
    expect(report.auto.backend).toBe(hardware ? 'webgpu' : 'cpu');
    expect(report.install.length > 0).toBe(!hardware);
    expect(formatDoctor(report)).toContain(`auto       ${report.auto.backend}: `);
  });

  it('says what to install where webgpu does not load', () => {
    const text = formatDoctor({
      node: 'v20.20.0',
      platform: 'linux-x64',
      cpus: 2,
      webgpu: { version: undefined, problem: 'package webgpu is not installed' },
      adapters: [],
      auto: { backend: 'cpu', why: 'package webgpu is not installed' },
      install: ['npm install webgpu'],
    });
    expect(text).toMatch(/webgpu +package webgpu is not installed/);
    expect(text).toMatch(/adapters +none/);
    expect(text).toMatch(/install +npm install webgpu$/);
  });
});

describeGpu('doctor', () => {
  it('lists the adapter of the test driver with its limits', async () => {
    const report = await doctor();
    const names = process.env.STEELYARD_GPU!;
    const adapter = report.adapters.find(({ description }) => names.endsWith(description));
    expect(adapter, names).toBeDefined();
    expect(adapter!.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(134217728);
    expect(adapter!.limits.maxComputeInvocationsPerWorkgroup).toBeGreaterThanOrEqual(256);
    expect(formatDoctor(report)).toContain(`${adapter!.kind}: ${adapter!.description}`);
  });
});
