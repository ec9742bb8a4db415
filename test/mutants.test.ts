import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import type { AnyAnalytic } from '../src/core/analytic.js';
import { type Backend, openBackend } from '../src/engine/backend.js';
import { compareResults } from '../src/engine/compare.js';
import { resolve } from '../src/engine/resolve.js';
import { type Result, runOn } from '../src/engine/run.js';
import { loadShader } from '../src/gpu/shaders.js';
import { casesOf } from './support/cases.js';
import { goldenCases, goldenInputs } from './support/golden.js';
import { describeGpu } from './support/gpu.js';
import { marketOf } from './support/market-rows.js';
import { mutants } from './support/mutate.js';

/** Plain arithmetic, which test/primitives checks number by number. */
const ARITHMETIC = /^shaders\/lib\/(?:f64.*|[iu]\d+|mul.*|div64|sqrt64)\.wgsl$/;

/**
 * Mutants by file and name: of a shader the one of its analytic, of a library one in each analytic that imports it.
 */
async function mutantsByFile(): Promise<Map<string, Map<string, AnyAnalytic[]>>> {
  const files = new Map<string, Map<string, AnyAnalytic[]>>();
  for (const analytic of registry.values())
    for (const [shader, source] of Object.entries(analytic.kernel?.shaders ?? {})) {
      const { code, origins } = await loadShader(shader, source);
      for (const { file } of origins) if (!files.has(file)) files.set(file, new Map());
      for (const { name, line, place, text } of mutants(code)) {
        const { file, line: at } = origins[line - 1]!;
        const own = `${name}, line ${at}${place > 1 ? `, place ${place}` : ''}`;
        const shaders = { ...analytic.kernel!.shaders, [shader]: { text } };
        const changed = { ...analytic, kernel: { ...analytic.kernel!, shaders } };
        files.get(file)!.set(own, [...(files.get(file)!.get(own) ?? []), changed]);
      }
    }
  return files;
}

const files = await mutantsByFile();

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

  for (const [file, all] of files) {
    if (ARITHMETIC.test(file)) continue;
    if (!file.startsWith('shaders/lib/'))
      it(`${file} has at least three mutants`, () => {
        expect(all.size).toBeGreaterThanOrEqual(3);
      });
    // a library is told from its original in one of the analytics that import it
    it.each([...all])(`${file}: %s`, async (_, changed) => {
      let found = false;
      for (const analytic of changed) found ||= await killed(analytic);
      expect(found).toBe(true);
    });
  }
});
