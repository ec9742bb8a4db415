import { DeviceError } from '../core/errors.js';
import type { Plan, Read } from '../core/plan.js';
import { paddedBytes, planNames } from './check.js';
import type { Pipeline } from './compile.js';
import type { Gpu } from './device.js';
import { encodeUpload } from './encode.js';
import { allocate, type Memory, poison, releaseMemory, transfer } from './memory.js';
import { bindGroups, encodePasses } from './passes.js';
import type { Pool } from './pool.js';
import { createTimer, type TileProfile, type Timer } from './profile.js';
import { scoped } from './scope.js';
import { createStaging, type Staging } from './staging.js';

export interface RunOptions {
  /** Measure: one pass per dispatch, and a wait between compute and read. */
  readonly profile?: boolean;
  /** Fill every buffer with 0xA5 bytes first, to prove that outputs never depend on stale memory. */
  readonly poison?: boolean;
}

/** The words read, by read name; each array is fresh. */
export interface Execution {
  readonly reads: Record<string, Uint32Array>;
  readonly profile?: TileProfile;
}

/** Runs one checked plan; `steps` are its dispatches' pipelines. Errors: DeviceError, PlanError; no result then. */
export async function runPlan(
  gpu: Gpu,
  pool: Pool,
  plan: Plan,
  steps: readonly Pipeline[],
  options: RunOptions,
): Promise<Execution> {
  const { device } = gpu;
  const clock = [performance.now()];
  let memory: Memory | undefined;
  let timer: Timer | undefined;
  let counted: Staging | undefined;
  let done = false;
  try {
    memory = await allocate(gpu, pool, plan);
    const { buffers, uploads, reads: firstReads } = memory;
    if (options.poison) for (const buffer of buffers.values()) poison(device, buffer);
    await uploads.visit((words, i) => encodeUpload(plan.uploads[i]!, words));
    clock.push(performance.now());

    const groups = await bindGroups(gpu, plan, steps, buffers);
    if (options.profile) timer = createTimer(gpu, steps.length);
    await scoped(gpu, 'validation', planNames(plan), () => {
      const encoder = device.createCommandEncoder();
      for (const [name, spec] of Object.entries(plan.buffers))
        if (spec.zero) encoder.clearBuffer(buffers.get(name)!, 0, paddedBytes(spec.bytes));
      uploads.encode(encoder);
      encodePasses(encoder, plan, steps, groups, timer);
      timer?.encode(encoder);
      firstReads.encode(encoder);
      device.queue.submit([encoder.finish()]);
    });
    if (options.profile) await device.queue.onSubmittedWorkDone();
    clock.push(performance.now());

    const reads: Record<string, Uint32Array> = {};
    const words = plan.reads.map(({ words }) => words);
    await firstReads.visit((found, i) => {
      if (plan.reads[i]!.count) words[i]! *= found[0]!;
      else reads[plan.reads[i]!.name] = found.slice();
    });
    counted = await readCounted(gpu, pool, plan, buffers, words, reads);
    gpu.check();
    clock.push(performance.now());
    const dispatches = await timer?.collect(plan.dispatches);
    done = true;
    if (!dispatches) return { reads };
    return {
      reads,
      profile: {
        uploadBytes: uploads.bytes,
        readBytes: firstReads.bytes + (counted?.bytes ?? 0),
        uploadMs: clock[1]! - clock[0]!,
        computeMs: clock[2]! - clock[1]!,
        readMs: clock[3]! - clock[2]!,
        dispatches,
      },
    };
  } finally {
    timer?.destroy();
    counted?.release();
    if (memory) releaseMemory(pool, memory);
    // after a failure nothing is known of the buffers, and a mapping may be pending
    if (!done) pool.trim();
  }
}

/** Second round: the reads whose size the data decided, in `words`. */
async function readCounted(
  gpu: Gpu,
  pool: Pool,
  plan: Plan,
  buffers: ReadonlyMap<string, GPUBuffer>,
  words: readonly number[],
  reads: Record<string, Uint32Array>,
): Promise<Staging | undefined> {
  const list: { read: Read; words: number }[] = [];
  plan.reads.forEach((read, i) => {
    if (!read.count) return;
    const room = paddedBytes(plan.buffers[read.buffer]!.bytes) / 4;
    if (words[i]! > room)
      throw new DeviceError(
        `${planNames(plan)}: count of read ${read.name} asks for ${words[i]} words, at most ${room} are in buffer ${read.buffer}`,
      );
    list.push({ read, words: words[i]! });
  });
  if (list.length === 0) return undefined;
  const transfers = list.map(({ read, words }) => transfer(buffers, read.buffer, 0, words * 4));
  const staging = createStaging(pool, gpu.limits.maxBufferSize, 'down', transfers);
  try {
    await scoped(gpu, 'validation', planNames(plan), () => {
      const encoder = gpu.device.createCommandEncoder();
      staging.encode(encoder);
      gpu.device.queue.submit([encoder.finish()]);
    });
    await staging.visit((found, i) => {
      reads[list[i]!.read.name] = found.slice();
    });
    return staging;
  } catch (error) {
    staging.release();
    throw error;
  }
}
