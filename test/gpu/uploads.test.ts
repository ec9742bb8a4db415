import { expect, it } from 'vitest';
import { decodeF64, decodeWords, exactColumn, setBig } from '../../src/core/exact.js';
import type { Plan } from '../../src/core/plan.js';
import { createExecutor } from '../../src/gpu/execute.js';
import { describeGpu } from '../support/gpu.js';
import { counting, echoPlan, shared, sharedF64 } from './plans.js';

describeGpu('uploads', (gpu) => {
  const echo = async (plan: Plan): Promise<Uint32Array> => {
    const executor = createExecutor(gpu(), { poison: true });
    const { reads } = await executor.execute(plan, {});
    await executor.close();
    return reads.a!;
  };

  it('copies raw u32 and i32 words from shared memory', async () => {
    const words = counting(1000);
    expect(await echo(echoPlan(words, 'raw', 1000))).toEqual(Uint32Array.from(words));
    const signed = new Int32Array(new SharedArrayBuffer(12));
    signed.set([-1, 2147483647, -2147483648]);
    expect([...(await echo(echoPlan(signed, 'raw', 3)))]).toEqual([4294967295, 2147483647, 2147483648]);
  });

  it('copies part of a shared column at an odd offset', async () => {
    const words = counting(1000).subarray(333, 444);
    expect(await echo(echoPlan(words, 'raw', 111))).toEqual(Uint32Array.from(words));
  });

  it('splits f64 integers into pairs, minus the origin', async () => {
    const origin = 1_704_153_600_000_000;
    const offsets = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7];
    const column = sharedF64(offsets.map((x) => x + origin));
    const words = await echo(echoPlan(column, 'u64', offsets.length * 2, origin));
    expect([...decodeWords(words, offsets.length, 2, false).values]).toEqual(offsets);
  });

  it('encodes pairs beyond 2^53 exactly, from f64 and from exact columns', async () => {
    const high = 2 ** 63 + 2 ** 12;
    const f64 = decodeWords(await echo(echoPlan(sharedF64([high, 2 ** 53]), 'u64', 4)), 2, 2, false);
    expect(f64.wide!.get(0)).toBe(BigInt(high));
    expect(f64.values[1]).toBe(2 ** 53);
    const column = exactColumn(2);
    setBig(column, 0, 2n ** 64n - 1n);
    setBig(column, 1, 2n ** 53n + 1n);
    const exact = decodeWords(await echo(echoPlan(column, 'u64', 4, 0)), 2, 2, false);
    expect([exact.wide!.get(0), exact.wide!.get(1)]).toEqual([2n ** 64n - 1n, 2n ** 53n + 1n]);
  });

  it('copies the bits of f64 columns and reads them back', async () => {
    const values = [0.1, -0, Number.NaN, 5e-324, -1e300, 2 ** 53 + 2].map(Number);
    const words = await echo(echoPlan(sharedF64(values), 'f64', values.length * 2));
    const back = decodeF64(words);
    values.forEach((value, i) => {
      expect(Object.is(back[i], value), String(value)).toBe(true);
    });
    // of words that begin at an odd place, too
    const odd = new Uint32Array(words.length + 1);
    odd.set(words, 1);
    expect(decodeF64(odd.subarray(1))).toEqual(back);
  });

  it('encodes 128-bit columns, exact and f64, across the encoder’s step', async () => {
    const rows = 70_000;
    const column = exactColumn(rows);
    for (let i = 0; i < rows; i++) column.values[i] = i % 2 === 0 ? i : -i;
    setBig(column, 65_535, -(2n ** 127n));
    setBig(column, 65_536, 2n ** 127n - 1n);
    const back = decodeWords(await echo(echoPlan(column, 'i128', rows * 4)), rows, 4, true);
    expect(back.values).toEqual(column.values);
    expect(back.wide).toEqual(column.wide);
    const f64 = decodeWords(await echo(echoPlan(sharedF64([-1, 2 ** 60]), 'i128', 8)), 2, 4, true);
    expect([f64.values[0], f64.wide!.get(1)]).toEqual([-1, 2n ** 60n]);
  });

  it.each([
    ['u64', Number.NaN],
    ['u64', -1],
    ['u64', 0.5],
    ['u64', 2 ** 64],
    ['i128', Number.NaN],
    ['i128', Number.POSITIVE_INFINITY],
    ['i128', 0.25],
  ] as const)('refuses %s of %s in one line', async (encode, value) => {
    const plan = echoPlan(sharedF64([7, value]), encode, 8);
    await expect(echo(plan)).rejects.toThrow(/^upload a row 1 value \S+ must be an integer/);
    await expect(echo(echoPlan(sharedF64([7, 8]), 'raw', 8))).rejects.toThrow(
      /must be encoded as u64, f64 or i128/,
    );
  });

  it('uploads nothing from an empty column', async () => {
    expect([...(await echo(echoPlan(shared([]), 'raw', 2)))]).toEqual([0xa5a5a5a5, 0xa5a5a5a5]);
  });
});
