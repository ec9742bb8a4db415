import { DeviceError, PlanError } from '../core/errors.js';
import { exceeds, type Limits, type Plan, type ShaderSource } from '../core/plan.js';
import { uploadBytes } from './encode.js';

/** Buffers are bound and copied in whole words. */
export const paddedBytes = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** The shaders of a plan, for error messages. */
export const planNames = (plan: Plan): string =>
  `shader ${[...new Set(plan.dispatches.map((d) => `${d.shader} entry ${d.entry}`))].join(', ') || '(none)'}`;

/**
 * Refuses a plan that breaks the adapter's limits or contradicts itself.
 * Errors: PlanError naming the buffer, shader or read; DeviceError for an unknown shader.
 */
export function checkPlan(plan: Plan, shaders: Readonly<Record<string, ShaderSource>>, limits: Limits): void {
  const over = exceeds(plan, limits);
  if (over) throw new PlanError(over.what, over.found, `must be at most ${over.limit}, the adapter's limit`);
  const bytesOf = (buffer: string, user: string): number => {
    const spec = Object.hasOwn(plan.buffers, buffer) ? plan.buffers[buffer] : undefined;
    if (!spec) throw new PlanError(user, buffer, 'must be a buffer of the plan');
    return paddedBytes(spec.bytes);
  };
  for (const [name, { bytes }] of Object.entries(plan.buffers))
    if (!Number.isSafeInteger(bytes) || bytes < 4)
      throw new PlanError(`buffer ${name} of bytes`, bytes, 'must be at least 4');
  for (const upload of plan.uploads) {
    const room = bytesOf(upload.buffer, 'upload buffer');
    const bytes = uploadBytes(upload);
    if (bytes > room)
      throw new PlanError(`upload ${upload.buffer} of bytes`, bytes, `must be at most ${room}`);
  }
  for (const dispatch of plan.dispatches) {
    if (!Object.hasOwn(shaders, dispatch.shader))
      throw new DeviceError(
        `shader ${dispatch.shader} is not among the kernel's: ${Object.keys(shaders).join(', ')}`,
      );
    for (const name of dispatch.bind) bytesOf(name, `${dispatch.shader} ${dispatch.entry} binding`);
  }
  for (const read of plan.reads) {
    const user = `read ${read.name} buffer`;
    const room = bytesOf(read.buffer, user);
    if (!Number.isSafeInteger(read.words) || read.words < 0)
      throw new PlanError(`read ${read.name} of words`, read.words, 'must be a whole number of at least 0');
    if (!read.count && read.words * 4 > room)
      throw new PlanError(`read ${read.name} of words`, read.words, `must be at most ${room / 4}`);
    if (read.count && read.count.word * 4 + 4 > bytesOf(read.count.buffer, user))
      throw new PlanError(`read ${read.name} count word`, read.count.word, 'must lie in its buffer');
    if (plan.buffers[read.buffer]!.usage === 'uniform')
      throw new PlanError(user, read.buffer, 'must be a storage buffer');
  }
}
