import { registry } from '../../src/analytics/index.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import type { Frame } from '../../src/core/columns.js';
import { find } from '../../src/engine/resolve.js';
import { run, tableFrame } from '../../src/engine/run.js';

/** The frames an analytic's needs give it, computed on the CPU. */
export async function needFrames(
  analytic: AnyAnalytic,
  frame: Frame,
  params: unknown,
): Promise<Record<string, Frame>> {
  const out: Record<string, Frame> = {};
  for (const [name, need] of Object.entries(analytic.needs ?? {})) {
    const needed = typeof need.analytic === 'string' ? find(need.analytic, registry) : need.analytic;
    const { tables } = await run(needed, frame, need.params(params as never), { backend: 'cpu' });
    out[name] = tableFrame(need.output, tables[need.output]!, frame);
  }
  return out;
}
