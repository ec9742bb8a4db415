import { DeviceError } from '../core/errors.js';
import type { ShaderSource } from '../core/plan.js';
import { type Binding, entryBindings } from './bindings.js';
import { type Gpu, openGpu } from './device.js';
import { reason } from './instance.js';
import { type LoadedShader, loadShader, originalPlace } from './shaders.js';
import { COMPUTE_STAGE } from './usage.js';

/** A checked shader module. */
export interface Compiled {
  readonly shader: LoadedShader;
  readonly module: GPUShaderModule;
}

/** A pipeline and the group 0 it takes. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: readonly Binding[];
}

/** Compiles a shader. Errors: DeviceError naming the original file, line and column of the first error. */
export async function compileShader(gpu: Gpu, name: string, source: ShaderSource): Promise<Compiled> {
  const shader = await loadShader(name, source);
  const { device } = gpu;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: shader.code, label: name });
  const scope = device.popErrorScope();
  const info = await module.getCompilationInfo();
  const error = info.messages.find((message) => message.type === 'error');
  const invalid = await scope;
  gpu.check();
  if (error)
    throw new DeviceError(
      `shader ${name}: ${originalPlace(shader, error.lineNum, error.linePos)}: ${error.message.split('\n')[0]}`,
    );
  if (invalid)
    throw new DeviceError(`shader ${name}: ${mapPlaces(shader, reason(invalid))}`, { cause: invalid });
  return { shader, module };
}

/**
 * Creates the pipeline of one entry point with a layout of exactly the resources it can reach.
 * Errors: DeviceError naming shader, entry and cause.
 */
export async function compilePipeline(
  gpu: Gpu,
  compiled: Compiled,
  entry: string,
  constants: Readonly<Record<string, number>>,
): Promise<Pipeline> {
  const { device } = gpu;
  const label = `${compiled.shader.name}:${entry}`;
  const bindings = entryBindings(compiled.shader.code, entry);
  device.pushErrorScope('validation');
  const layout = device.createBindGroupLayout({
    label,
    entries: bindings.map(({ binding, type }) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type } })),
  });
  const pending = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module: compiled.module, entryPoint: entry, constants: { ...constants } },
  });
  const [pipeline, invalid] = await Promise.allSettled([pending, device.popErrorScope()]);
  gpu.check();
  const cause =
    invalid.status === 'fulfilled' && invalid.value
      ? invalid.value
      : pipeline.status === 'rejected'
        ? pipeline.reason
        : undefined;
  if (cause || pipeline.status === 'rejected')
    throw new DeviceError(
      `shader ${compiled.shader.name} entry ${entry}: ${mapPlaces(compiled.shader, reason(cause))}`,
      { cause },
    );
  return { pipeline: pipeline.value, layout, bindings };
}

/** Replaces `:line:column` of the assembled code by the original places. */
const mapPlaces = (shader: LoadedShader, message: string): string =>
  message.replace(/(?<![\w.]):(\d+):(\d+)/g, (_, line, column) =>
    originalPlace(shader, Number(line), Number(column)),
  );

/**
 * Compiles a shader and creates its pipeline on the null backend: no driver is needed and nothing runs.
 * Returns the resources the entry reaches. Errors: DeviceError as the real compilation would throw.
 */
export async function lintShader(
  source: ShaderSource,
  entry: string,
  constants: Readonly<Record<string, number>> = {},
  name = 'file' in source
    ? source.file.pathname
        .split('/')
        .at(-1)!
        .replace(/\.wgsl$/, '')
    : 'shader',
): Promise<readonly Binding[]> {
  const gpu = await openGpu({ adapter: 'any', allowNull: true });
  try {
    return (await compilePipeline(gpu, await compileShader(gpu, name, source), entry, constants)).bindings;
  } finally {
    await gpu.close();
  }
}
