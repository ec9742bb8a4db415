import type { Result } from '../engine/result.js';
import { count } from './progress.js';

/** GPU time by shader and the bytes moved, summed over tiles, as lines of text. */
export function profileLines(profile: Result['profile']): string[] {
  if (profile.length === 0) return ['profile: no GPU tile ran'];
  const kernels = new Map<string, { dispatches: number; ms: number; timed: boolean }>();
  const total = { uploadBytes: 0, readBytes: 0, uploadMs: 0, computeMs: 0, readMs: 0 };
  for (const tile of profile) {
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += tile[name];
    for (const { shader, entry, gpuMs } of tile.dispatches) {
      const key = `${shader} ${entry}`;
      const kernel = kernels.get(key) ?? { dispatches: 0, ms: 0, timed: true };
      kernel.dispatches++;
      kernel.ms += gpuMs ?? 0;
      kernel.timed &&= gpuMs !== undefined;
      kernels.set(key, kernel);
    }
  }
  return [
    `profile: ${count(profile.length)} GPU ${profile.length === 1 ? 'tile' : 'tiles'}`,
    ...[...kernels].map(
      ([name, k]) =>
        `  ${name}: ${count(k.dispatches)} dispatches, ${k.timed ? `${k.ms.toFixed(3)} ms on the GPU` : 'no timestamps'}`,
    ),
    `  uploaded ${bytes(total.uploadBytes)} in ${total.uploadMs.toFixed(1)} ms, computed in ${total.computeMs.toFixed(1)} ms, read ${bytes(total.readBytes)} in ${total.readMs.toFixed(1)} ms`,
  ];
}

const bytes = (n: number): string => (n >= 1048576 ? `${(n / 1048576).toFixed(1)} MiB` : `${count(n)} bytes`);
