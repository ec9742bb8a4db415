import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { evaluateRows } from '../support/wgsl.js';

describeGpu('segment', (gpu) => {
  it('cell_end is the end of the half-open cell, saturated at 32 bits', async () => {
    const rows: number[][] = [];
    for (const units of [1, 7, 60, 60_000, 86_400_000, 2 ** 31 - 1])
      for (const phase of new Set([0, 1 % units, units >> 1, units - 1]))
        for (const time of [0, 1, units - 1, units, units + 1, 3 * units - phase, 2 ** 31 - 1])
          if (time >= 0 && time < 2 ** 31) rows.push([time, phase, units, 0]);
    const got = await evaluateRows(
      gpu(),
      ['segment'],
      'y = vec4<u32>(cell_end(x[0].x, x[0].y, x[0].z), 0u, 0u, 0u);',
      rows,
    );
    rows.forEach(([time, phase, units], i) => {
      const end = (Math.floor((time! + phase!) / units!) + 1) * units! - phase!;
      const found = got[i * 4]!;
      // a cell that ends beyond all times may saturate: no row can tell
      const same = found === end || (found === 0xffffffff && end >= 2 ** 31);
      expect(same, `time ${time} phase ${phase} units ${units}: got ${found}, want ${end}`).toBe(true);
    });
  });
});
