import { DeviceError } from '../core/errors.js';
import type { Gpu } from './device.js';
import { reason } from './instance.js';

/**
 * Runs `record` in an error scope and throws a DeviceError beginning with `subject` if it caught anything.
 * Nothing may be awaited inside: scopes are a stack of the whole device.
 */
export async function scoped(
  gpu: Gpu,
  filter: GPUErrorFilter,
  subject: string,
  record: () => void,
): Promise<void> {
  gpu.device.pushErrorScope(filter);
  let popped: Promise<GPUError | null>;
  try {
    record();
  } finally {
    popped = gpu.device.popErrorScope();
    popped.catch(() => undefined);
  }
  const error = await popped;
  gpu.check();
  if (error) throw new DeviceError(`${subject}: ${reason(error)}`, { cause: error });
}
