import { registry as builtIn } from '../analytics/index.js';
import type { Analytic } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import type { ParamSpec, ParamsInput } from '../core/schema.js';
import { openBackend } from './backend.js';
import { type Comparison, compareResults } from './compare.js';
import { resolve } from './resolve.js';
import { type Inputs, type RunOptions, runOn } from './run.js';

export interface VerifyReport extends Comparison {
  readonly ok: boolean;
  readonly analytic: string;
  /** Adapter of the WebGPU side. */
  readonly adapter: 'hardware' | 'software';
  readonly device: string;
  readonly seconds: { readonly cpu: number; readonly webgpu: number };
}

/**
 * Runs both backends and compares every cell by its accuracy class. Takes any adapter unless told otherwise:
 * asking to verify is asking for both. Errors: as `run`; DeviceError if there is no adapter.
 */
export async function verify<S extends ParamSpec>(
  analytic: Analytic<S>,
  inputs: Frame | Inputs,
  params: ParamsInput<S> = {},
  options: RunOptions = {},
): Promise<VerifyReport> {
  const node = resolve(analytic, params, options.registry ?? builtIn);
  const { threads } = options;
  const gpu = await openBackend({ ...options, backend: 'webgpu', adapter: options.adapter ?? 'any' });
  try {
    const cpu = await openBackend({ backend: 'cpu', ...(threads === undefined ? {} : { threads }) });
    const want = await runOn(cpu, node, inputs, options).finally(() => cpu.close());
    const got = await runOn(gpu, node, inputs, options);
    const comparison = compareResults(got, want);
    return {
      ...comparison,
      ok: comparison.mismatches === 0,
      analytic: analytic.name,
      adapter: gpu.adapter === 'hardware' ? 'hardware' : 'software',
      device: gpu.description,
      seconds: { cpu: want.timing.seconds, webgpu: got.timing.seconds },
    };
  } finally {
    await gpu.close();
  }
}
