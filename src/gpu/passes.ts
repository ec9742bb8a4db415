import { DeviceError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import { paddedBytes } from './check.js';
import type { Pipeline } from './compile.js';
import type { Gpu } from './device.js';
import type { Timer } from './profile.js';
import { scoped } from './scope.js';

/** The bind group of each dispatch. Errors: DeviceError naming shader, entry and the binding at fault. */
export async function bindGroups(
  gpu: Gpu,
  plan: Plan,
  steps: readonly Pipeline[],
  buffers: ReadonlyMap<string, GPUBuffer>,
): Promise<GPUBindGroup[]> {
  const wanted = plan.dispatches.map((dispatch, i) => {
    const subject = `shader ${dispatch.shader} entry ${dispatch.entry}`;
    const entries = steps[i]!.bindings.map(({ binding, name }) => {
      const bound = dispatch.bind[binding];
      if (bound === undefined)
        throw new DeviceError(`${subject}: binding ${binding} (${name}) has no buffer in the plan`);
      // the pool's buffer may be larger: arrayLength must not see that
      const size = paddedBytes(plan.buffers[bound]!.bytes);
      return { binding, resource: { buffer: buffers.get(bound)!, offset: 0, size } };
    });
    return { subject, entries, layout: steps[i]!.layout };
  });
  const groups: GPUBindGroup[] = [];
  await Promise.all(
    wanted.map(({ subject, entries, layout }) =>
      scoped(gpu, 'validation', subject, () => {
        groups.push(gpu.device.createBindGroup({ label: subject, layout, entries }));
      }),
    ),
  );
  return groups;
}

/** One pass for all dispatches: WebGPU orders their memory accesses. One each if they are timed. */
export function encodePasses(
  encoder: GPUCommandEncoder,
  plan: Plan,
  steps: readonly Pipeline[],
  groups: readonly GPUBindGroup[],
  timer: Timer | undefined,
): void {
  let pass: GPUComputePassEncoder | undefined;
  plan.dispatches.forEach((dispatch, i) => {
    if (timer || !pass) {
      pass?.end();
      const timestampWrites = timer?.pass(i);
      pass = encoder.beginComputePass({
        label: `${dispatch.shader}:${dispatch.entry}`,
        ...(timestampWrites ? { timestampWrites } : {}),
      });
    }
    pass.setPipeline(steps[i]!.pipeline);
    pass.setBindGroup(0, groups[i]!);
    pass.dispatchWorkgroups(...dispatch.groups);
  });
  pass?.end();
}
