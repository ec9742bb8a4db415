import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import type { AnyAnalytic } from '../src/core/analytic.js';
import { type Backend, openBackend } from '../src/engine/backend.js';
import { compareResults } from '../src/engine/compare.js';
import { resolve } from '../src/engine/resolve.js';
import { type Result, runOn } from '../src/engine/run.js';
import { casesOf } from './support/cases.js';
import { goldenCases, goldenInputs } from './support/golden.js';
import { describeGpu } from './support/gpu.js';
import { marketOf } from './support/market-rows.js';
import { mutants } from './support/mutate.js';

/**
 * Every mutant of every shader must be told from the reference by the comparison, on the same cases the parity
 * test runs. A mutant that survives means a case is missing.
 */
describeGpu('mutants are killed', () => {
  let cpu: Backend;
  let gpu: Backend;
  beforeAll(async () => {
    cpu = await openBackend({ backend: 'cpu' });
    // few threads a workgroup, so that the scan's slices hold several chunks
    gpu = await openBackend({ backend: 'webgpu', adapter: 'any', poison: true, workgroup: 4 });
  });
  afterAll(() => gpu.close());

  const wanted = new Map<string, Result>();

  const killed = async (analytic: AnyAnalytic): Promise<boolean> => {
    const cases = [
      ...goldenCases(analytic.name).map((c) => ({ params: c.params, inputs: () => goldenInputs(c) })),
      ...casesOf(analytic.name).map((c) => ({
        params: c.params,
        inputs: () => marketOf(analytic, c.params, c.market),
      })),
    ];
    for (const [i, c] of cases.entries()) {
      const node = resolve(analytic, c.params, registry);
      const inputs = c.inputs();
      const key = `${analytic.name} ${i}`;
      const want = wanted.get(key) ?? (await runOn(cpu, node, inputs, {}));
      wanted.set(key, want);
      try {
        if (compareResults(await runOn(gpu, node, inputs, {}), want).mismatches > 0) return true;
      } catch (error) {
        // reading past a count that the mutant corrupted is noticed too, but a mutant must compile to count
        expect(String(error)).not.toMatch(/\.wgsl:\d+/);
        return true;
      }
    }
    return false;
  };

  for (const analytic of registry.values())
    for (const [name, source] of Object.entries(analytic.kernel?.shaders ?? {})) {
      const stem = 'file' in source ? fileURLToPath(source.file).split('/').at(-1)! : name;
      const text = 'file' in source ? readFileSync(source.file, 'utf8') : source.text;
      const all = mutants(text);
      it(`${stem} has at least three mutants`, () => {
        expect(all.length).toBeGreaterThanOrEqual(3);
      });
      it.each(all.map((m) => [m.name, m] as const))(`${stem}: %s`, async (_, mutant) => {
        const kernel = {
          ...analytic.kernel!,
          shaders: { ...analytic.kernel!.shaders, [name]: { text: mutant.text } },
        };
        expect(await killed({ ...analytic, kernel })).toBe(true);
      });
    }
});
