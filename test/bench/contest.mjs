/**
 * Times contestants in turn, so that whatever else the machine does falls on all of them: one warm-up round, then
 * `runs` rounds, each starting with another contestant. `reset` runs before each, untimed.
 */
export async function contest(contestants, runs) {
  const times = contestants.map(() => []);
  for (let round = -1; round < runs; round++)
    for (let n = 0; n < contestants.length; n++) {
      const at = (n + round + 1) % contestants.length;
      const { run, reset } = contestants[at];
      await reset?.();
      const started = performance.now();
      await run();
      const ms = performance.now() - started;
      if (round >= 0) times[at].push(ms);
    }
  return contestants.map(({ run: _, reset: __, ...about }, n) => ({ ...about, ...summary(times[n]) }));
}

/** Milliseconds: median, least, and the quartiles as spread. */
export function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const quantile = (q) => {
    const at = q * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return { median: quantile(0.5), min: sorted[0], q1: quantile(0.25), q3: quantile(0.75), times };
}
