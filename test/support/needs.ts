import { registry } from '../../src/analytics/index.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import type { Frame } from '../../src/core/columns.js';
import { openBackend } from '../../src/engine/backend.js';
import { resolve } from '../../src/engine/resolve.js';
import { framesOfNode, type Inputs } from '../../src/engine/run.js';

/** The frames a tile of an analytic holds, by input name; its needs are computed on the CPU. */
export async function tileFrames(
  analytic: AnyAnalytic,
  inputs: Inputs,
  params: Readonly<Record<string, unknown>>,
): Promise<Record<string, Frame>> {
  const backend = await openBackend({ backend: 'cpu' });
  return framesOfNode(backend, resolve(analytic, params, registry), inputs);
}
