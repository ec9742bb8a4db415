/// <reference types="@webgpu/types" preserve="true" />
import { DeviceError } from '../core/errors.js';
import type { Limits } from '../core/plan.js';
import type { AdapterInfo } from './adapter-info.js';
import { adapterLimits, findAdapters } from './adapters.js';
import { acquireInstance, reason } from './instance.js';

export interface GpuOptions {
  /** hardware: refuses software adapters. software: refuses hardware. any: hardware if there is one. */
  readonly adapter: 'hardware' | 'software' | 'any';
  /** Ask for timestamp queries, where the adapter has them. */
  readonly timestamps?: boolean;
  /** Open the null backend instead, which compiles and validates but computes nothing. */
  readonly allowNull?: boolean;
}

/** An open device with the adapter's full limits. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly limits: Limits;
  readonly adapter: AdapterInfo;
  readonly timestamps: boolean;
  /** The first uncaptured error or the loss of the device. */
  failure(): DeviceError | undefined;
  /** Throws `failure()` if there is one. */
  check(): void;
  /** Destroys the device and lets the process exit; later calls do nothing. */
  close(): Promise<void>;
}

/** All that must be asked for; the sizes are the per-dimension side of the invocations limit. */
const REQUIRED = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const;

/**
 * Opens a device on an adapter of the wanted kind, with that adapter's maximal limits.
 * Errors: DeviceError when webgpu does not load, no such adapter exists, or the device gives less than asked.
 */
export async function openGpu(options: GpuOptions): Promise<Gpu> {
  const instance = await acquireInstance({
    ...(options.allowNull ? { backend: 'null' as const } : {}),
    fineTimestamps: options.timestamps ?? false,
  });
  try {
    const found = await findAdapters(instance.gpu);
    const chosen = found.find(({ info }) => accepts(options, info));
    if (!chosen)
      throw new DeviceError(
        refusal(
          options.adapter,
          found.map(({ info }) => info),
        ),
      );
    const { adapter, info } = chosen;
    const timestamps = options.timestamps === true && adapter.features.has('timestamp-query');
    const requiredLimits: Record<string, number> = {};
    for (const name of REQUIRED) requiredLimits[name] = adapter.limits[name];
    let device: GPUDevice;
    try {
      device = await adapter.requestDevice({
        requiredLimits,
        requiredFeatures: timestamps ? ['timestamp-query'] : [],
      });
    } catch (cause) {
      throw new DeviceError(`adapter ${info.description} gives no device: ${reason(cause)}`, { cause });
    }
    for (const name of REQUIRED)
      if (device.limits[name] < requiredLimits[name]!) {
        device.destroy();
        throw new DeviceError(
          `adapter ${info.description} ${name} ${device.limits[name]} must be at least ${requiredLimits[name]}, as it offered`,
        );
      }
    return watch(device, info, timestamps, () => instance.release());
  } catch (error) {
    instance.release();
    throw error;
  }
}

const accepts = (options: GpuOptions, info: AdapterInfo): boolean =>
  info.kind === 'null'
    ? options.allowNull === true
    : options.adapter === 'any' || options.adapter === info.kind;

function refusal(wanted: string, found: readonly AdapterInfo[]): string {
  const list = found.map((info) => `${info.description} (${info.kind})`).join(', ') || 'none';
  const what = wanted === 'any' ? 'GPU adapter' : `${wanted} GPU adapter`;
  return `no ${what} found; adapters present: ${list}; install a Vulkan driver, or see steelyard doctor`;
}

function watch(device: GPUDevice, adapter: AdapterInfo, timestamps: boolean, release: () => void): Gpu {
  let failure: DeviceError | undefined;
  let closed = false;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    failure ??= new DeviceError(`GPU error on ${adapter.description}: ${reason(event.error)}`, {
      cause: event.error,
    });
  });
  const lost = device.lost.then((info) => {
    if (closed) return;
    failure ??= new DeviceError(
      `GPU device lost on ${adapter.description} (${info.reason}): ${info.message || 'no reason given'}`,
    );
  });
  return {
    device,
    limits: adapterLimits(device.limits),
    adapter,
    timestamps,
    failure: () => failure,
    check() {
      if (failure) throw failure;
      if (closed) throw new DeviceError(`GPU device on ${adapter.description} is closed`);
    },
    async close() {
      if (closed) return;
      closed = true;
      device.destroy();
      await lost;
      release();
    },
  };
}
