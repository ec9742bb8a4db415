import { expect, it } from 'vitest';
import { strategySweep } from '../../src/analytics/strategy-sweep/index.js';
import { run } from '../../src/engine/run.js';
import { goldenCases, goldenInputs, goldenPairs } from '../support/golden.js';

it.each(goldenCases('strategy-sweep').map((c) => [c.note, c] as const))('%s', async (_, c) => {
  const result = await run(strategySweep, goldenInputs(c), c.params, { backend: 'cpu' });
  for (const { what, got, want } of goldenPairs(c, result)) expect(got, what).toEqual(want);
});
