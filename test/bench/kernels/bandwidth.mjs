import { summary } from '../contest.mjs';

const BYTES = 2 ** 28;

/** Bytes a second that one thread copies from one typed array to another, read and written bytes added. */
export function copyBandwidth() {
  const from = new Float64Array(BYTES / 8).fill(1);
  const to = new Float64Array(BYTES / 8);
  const times = [];
  for (let run = 0; run < 9; run++) {
    const started = performance.now();
    to.set(from);
    times.push(performance.now() - started);
  }
  return (2 * BYTES) / (summary(times).median / 1000);
}
