/// <reference types="@webgpu/types" preserve="true" />
import { DeviceError } from '../core/errors.js';
import type { Limits } from '../core/plan.js';
import type { AdapterInfo, AdapterKind, AdapterReport } from './adapter-info.js';
import { acquireInstance, reason } from './instance.js';

const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|software|basic render|\bwarp\b/i;

/** Names and kind of an adapter. */
export function describeAdapter(adapter: GPUAdapter): AdapterInfo {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const names = `${vendor} ${architecture} ${device} ${description}`;
  return {
    description: description || device || 'unnamed adapter',
    vendor,
    architecture,
    // the null backend does not set isFallbackAdapter; its name is all that tells
    kind: /null-backend/.test(names)
      ? 'null'
      : isFallbackAdapter || SOFTWARE.test(names)
        ? 'software'
        : 'hardware',
  };
}

/**
 * The limits plans are made within, at the adapter's maxima. Workgroups are one-dimensional, so the
 * invocations are bounded by the x size too.
 */
export function adapterLimits(limits: GPUSupportedLimits): Limits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxComputeInvocationsPerWorkgroup: Math.min(
      limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupSizeX,
    ),
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  };
}

const REQUESTS: readonly GPURequestAdapterOptions[] = [
  { powerPreference: 'high-performance' },
  { powerPreference: 'low-power' },
  { forceFallbackAdapter: true },
];

/** Distinct adapters of an instance, hardware first. Errors: DeviceError if the driver throws. */
export async function findAdapters(gpu: GPU): Promise<{ adapter: GPUAdapter; info: AdapterInfo }[]> {
  const found = new Map<string, { adapter: GPUAdapter; info: AdapterInfo }>();
  for (const request of REQUESTS) {
    let adapter: GPUAdapter | null;
    try {
      adapter = await gpu.requestAdapter(request);
    } catch (cause) {
      throw new DeviceError(`requesting a GPU adapter failed: ${reason(cause)}`, { cause });
    }
    if (!adapter) continue;
    const info = describeAdapter(adapter);
    const key = `${info.kind} ${info.vendor} ${info.architecture} ${info.description}`;
    if (!found.has(key)) found.set(key, { adapter, info });
  }
  const order: readonly AdapterKind[] = ['hardware', 'software', 'null'];
  return [...found.values()].sort((a, b) => order.indexOf(a.info.kind) - order.indexOf(b.info.kind));
}

/** Every adapter Dawn offers here. Errors: DeviceError if the webgpu package does not load. */
export async function listAdapters(): Promise<AdapterReport[]> {
  const instance = await acquireInstance();
  try {
    const found = await findAdapters(instance.gpu);
    return found.map(({ adapter, info }) => ({
      ...info,
      limits: adapterLimits(adapter.limits),
      timestamps: adapter.features.has('timestamp-query'),
    }));
  } finally {
    instance.release();
  }
}
