import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { evaluateRows } from '../support/wgsl.js';

/** mul · x / den: rounded down, or to the nearest row with ties to the even one (`odd`: parity of row 0). */
function wanted(mul: bigint, x: bigint, den: bigint, odd: bigint, halfEven: boolean): bigint {
  const row = (mul * x) / den;
  const twice = 2n * ((mul * x) % den);
  if (!halfEven || twice < den) return row;
  if (twice > den) return row + 1n;
  return (row + odd) % 2n === 0n ? row : row + 1n;
}

describeGpu('row', (gpu) => {
  it('direct_row equals the integer division, with ties to the even row', async () => {
    const rows: number[][] = [];
    // ties need an even den, and a row 0 that starts at least half a row lower
    for (const [mul, den] of [
      [1, 1],
      [1, 5],
      [1, 10],
      [2, 10],
      [4, 6],
      [1000, 250],
    ] as const)
      for (const low of [-100, 0, 7])
        for (const odd of [0, 1])
          for (const halfEven of [0, 1])
            for (let offset = halfEven ? den : 0; offset < 60 + den; offset++)
              if (!halfEven || den % 2 === 0)
                rows.push([
                  (low + offset) >>> 0,
                  low >>> 0,
                  mul,
                  halfEven ? den / 2 : 0,
                  den,
                  odd,
                  halfEven,
                  0,
                ]);
    const body = `let grid = RowGrid(0u, 0u, 0u, bitcast<i32>(x[0].y), x[0].z, x[0].w, x[1].x, x[1].y, 0u, 0u);
  y = vec4<u32>(direct_row(grid, bitcast<i32>(x[0].x), x[1].z == 1u), 0u, 0u, 0u);`;
    const got = await evaluateRows(gpu(), ['row'], body, rows);
    rows.forEach(([tick, low, mul, , den, odd, halfEven], i) => {
      const x = BigInt((tick! | 0) - (low! | 0));
      const want = wanted(BigInt(mul!), x, BigInt(den!), BigInt(odd!), halfEven === 1);
      expect(BigInt(got[i * 4]!), `${rows[i]}`).toBe(want);
    });
  });
});
