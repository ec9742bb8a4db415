import { DeviceError, SteelyardError } from '../core/errors.js';
import type { Plan, ShaderSource } from '../core/plan.js';
import { checkPlan, planNames } from './check.js';
import { type Compiled, compilePipeline, compileShader, type Pipeline } from './compile.js';
import type { Gpu } from './device.js';
import { reason } from './instance.js';
import { createPool } from './pool.js';
import { type Execution, type RunOptions, runPlan } from './run-plan.js';
import { sourceKey } from './shaders.js';

/** Runs plans one after another on one device, keeping buffers and pipelines between them. */
export interface Executor {
  /**
   * Uploads, dispatches, reads. Errors: PlanError for a plan beyond the limits or at odds with itself;
   * DeviceError for everything the GPU reports. Nothing is returned then.
   */
  execute(plan: Plan, shaders: Readonly<Record<string, ShaderSource>>): Promise<Execution>;
  /** Buffers held, for memory accounting. */
  stats(): { buffers: number; bytes: number };
  /** Waits for what runs, then frees the buffers; the device stays open. */
  close(): Promise<void>;
}

/** Creates an executor; it knows no analytic. */
export function createExecutor(gpu: Gpu, options: RunOptions = {}): Executor {
  const pool = createPool(gpu.device);
  const modules = new Map<string, Promise<Compiled>>();
  const pipelines = new Map<string, Promise<Pipeline>>();
  let tail: Promise<unknown> = Promise.resolve();

  const pipelineOf = (
    name: string,
    source: ShaderSource,
    entry: string,
    constants: Readonly<Record<string, number>>,
  ) => {
    const key = sourceKey(source);
    const variant = JSON.stringify([
      key,
      entry,
      Object.entries(constants).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    let pipeline = pipelines.get(variant);
    if (!pipeline) {
      let module = modules.get(key);
      if (!module) {
        module = compileShader(gpu, name, source);
        modules.set(key, module);
      }
      pipeline = module.then((compiled) => compilePipeline(gpu, compiled, entry, constants));
      pipelines.set(variant, pipeline);
    }
    return pipeline;
  };

  const run = async (plan: Plan, shaders: Readonly<Record<string, ShaderSource>>): Promise<Execution> => {
    gpu.check();
    if (gpu.adapter.kind === 'null')
      throw new DeviceError('the null backend compiles but computes nothing: open an adapter');
    checkPlan(plan, shaders, gpu.limits);
    const steps: Pipeline[] = [];
    for (const d of plan.dispatches)
      steps.push(await pipelineOf(d.shader, shaders[d.shader]!, d.entry, d.constants));
    return runPlan(gpu, pool, plan, steps, options);
  };

  return {
    execute(plan, shaders) {
      const result = tail.then(async () => {
        try {
          return await run(plan, shaders);
        } catch (error) {
          throw await asDeviceError(gpu, plan, error);
        } finally {
          pool.sweep();
        }
      });
      tail = result.catch(() => undefined);
      return result;
    },
    stats: () => pool.stats(),
    async close() {
      await tail;
      pool.trim();
      modules.clear();
      pipelines.clear();
    },
  };
}

/** A lost device explains every other error, but is reported a turn later. */
async function asDeviceError(gpu: Gpu, plan: Plan, error: unknown): Promise<Error> {
  await new Promise((resolve) => setImmediate(resolve));
  const failure = gpu.failure();
  if (failure) return failure;
  if (error instanceof SteelyardError) return error;
  return new DeviceError(`${planNames(plan)}: ${reason(error)}`, { cause: error });
}
