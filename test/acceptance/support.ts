import { expect } from 'vitest';
import { steelyard } from '../cli/support.js';
import { GPU_TAG, gpuAvailable } from '../support/gpu.js';

export { scratch } from '../support/scratch.js';

export type Row = Record<string, string>;

/** The two ways to run, as flags; the second is skipped, and counted, without an adapter. */
export const BACKENDS = [
  { title: 'on the CPU', flags: ['--backend', 'cpu'], missing: false },
  {
    title: `${GPU_TAG} on WebGPU`,
    flags: ['--backend', 'webgpu', '--adapter', 'any'],
    missing: !gpuAvailable(),
  },
] as const;

/** Runs the built command line and fails the test unless it succeeds; standard output. */
export function output(...args: string[]): string {
  const { code, out, err } = steelyard(args);
  expect(err).not.toMatch(/steelyard: |\n {4}at /);
  expect(code, err).toBe(0);
  return out;
}

/** CSV on standard output as records. */
export const rowsFrom = (...args: string[]): Row[] => records(output(...args, '--out', '-', '--quiet'));

/** CSV text without quoted fields to records. */
export function records(csv: string): Row[] {
  const [head, ...lines] = csv.trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]));
  });
}

/** Sum of decimal texts, exact, as decimal text. */
export function decimalSum(texts: readonly string[]): string {
  const places = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const units = texts.reduce((sum, text) => {
    const [whole, part = ''] = text.split('.');
    return sum + BigInt(`${whole}${part.padEnd(places, '0')}`);
  }, 0n);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return (units < 0n ? '-' : '') + (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}
