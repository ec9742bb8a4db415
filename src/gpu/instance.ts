import { DeviceError } from '../core/errors.js';

/** Which Dawn instance: `null` compiles and validates without a driver, and computes nothing. */
export interface InstanceOptions {
  readonly backend?: 'null';
  /** Nanosecond timestamps; Dawn rounds them to 100 µs otherwise. */
  readonly fineTimestamps?: boolean;
}

/** A counted hold on a Dawn instance. */
export interface Instance {
  readonly gpu: GPU;
  release(): void;
}

export const INSTALL_WEBGPU = 'install the optional dependency with: npm install webgpu@0.6.2';

// Dawn aborts the process if the object that create() returns is collected while a device lives,
// and Node may not exit while it is held: so it is held here, exactly as long as someone needs it.
const held = new Map<string, { gpu: GPU; holders: number }>();

/** Loads Dawn and holds its instance until released. Errors: DeviceError if the package does not load. */
export async function acquireInstance(options: InstanceOptions = {}): Promise<Instance> {
  const flags: string[] = [];
  if (options.backend) flags.push(`backend=${options.backend}`);
  if (options.fineTimestamps) flags.push('disable-dawn-features=timestamp_quantization');
  const key = flags.join(' ');
  const create = await loadCreate();
  let entry = held.get(key);
  if (!entry) {
    try {
      entry = { gpu: create(flags), holders: 0 };
    } catch (cause) {
      throw new DeviceError(`webgpu instance failed to start: ${reason(cause)}`, { cause });
    }
    held.set(key, entry);
  }
  entry.holders++;
  let released = false;
  const own = entry;
  return {
    gpu: own.gpu,
    release() {
      if (released) return;
      released = true;
      if (--own.holders === 0) held.delete(key);
    },
  };
}

async function loadCreate(): Promise<(options: string[]) => GPU> {
  try {
    return (await import('webgpu')).create;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    throw new DeviceError(
      missing
        ? `package webgpu is not installed; ${INSTALL_WEBGPU}`
        : `package webgpu does not load on ${process.platform}-${process.arch} (${reason(cause)}); ${INSTALL_WEBGPU}`,
      { cause },
    );
  }
}

/** An error's first line; the rest is candidates and source excerpts. A GPUError is no Error. */
export function reason(cause: unknown): string {
  const { message, name } = (cause ?? {}) as { message?: unknown; name?: unknown };
  const text = String(message || name || cause);
  return text.split('\n')[0]!;
}
