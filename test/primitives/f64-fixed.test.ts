import { expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { random } from '../support/random.js';
import { bigOf, evaluateRows } from '../support/wgsl.js';

const words = (value: number): number[] => [...new Uint32Array(Float64Array.of(value).buffer)];

/** |value| · 2^bits to the nearest integer, halves up, from the bits of the value. */
function fixed(value: number, bits: number): bigint {
  const raw = BigInt.asUintN(63, new BigUint64Array(Float64Array.of(value).buffer)[0]!);
  const exponent = Number(raw >> 52n);
  const significand = (raw & (2n ** 52n - 1n)) | (exponent > 0 ? 2n ** 52n : 0n);
  // value = significand · 2^power
  const power = Math.max(exponent, 1) - 1075 + bits;
  return power >= 0 ? significand << BigInt(power) : ((significand >> BigInt(-power - 1)) + 1n) >> 1n;
}

describeGpu('f64_fixed', (gpu) => {
  it('rounds to the nearest multiple, halves away from zero', async () => {
    const next = random(3);
    const cases: [value: number, bits: number][] = [
      ...[0, -0, 1, -1, 0.5, 0.75, 1 / 3, -0.2, 1 - 2 ** -53, 2 ** -52, 2 ** -53, 2 ** -54].map(
        (value): [number, number] => [value, 52],
      ),
      ...[1.5 * 2 ** -52, -1.5 * 2 ** -52, 2.5 * 2 ** -52, 2 ** -53 - 2 ** -106, 2 ** -300, 2 ** -1074].map(
        (value): [number, number] => [value, 52],
      ),
      ...[1, 2, 3, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 60 + 2 ** 8, 2 ** 63 - 2 ** 10].map(
        (value): [number, number] => [value, 0],
      ),
    ];
    for (let i = 0; i < 20_000; i++) {
      const scale = 2 ** -Math.floor(next() * 70);
      cases.push([(next() - 0.5) * 2 * scale, i % 2 ? 52 : 30]);
      // exact halves
      cases.push([(Math.floor(next() * 2 ** 20) + 0.5) * 2 ** -30, 30]);
    }
    const rows = cases.map(([value, bits]) => [...words(value), bits, 0]);
    const got = await evaluateRows(
      gpu(),
      ['f64-fixed'],
      'y = vec4<u32>(f64_fixed(x[0].xy, x[0].z), 0u, 0u);',
      rows,
    );
    const wrong = cases.findIndex(([value, bits], i) => bigOf(got, i) !== fixed(value, bits));
    expect(wrong < 0 ? 'equal' : `${cases[wrong]} gives ${bigOf(got, wrong)}`).toBe('equal');
  });
});
