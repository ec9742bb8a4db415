/**
 * Times contestants in turn, so that whatever else the machine does falls on all of them: `warmUps` rounds, then `runs`
 * rounds, each starting with another contestant. `reset` runs before each, untimed. `cpu` is the CPU time of the whole
 * process, all threads added.
 */
export async function contest(contestants, runs, warmUps = 1) {
  const times = contestants.map(() => []);
  const cpu = contestants.map(() => []);
  for (let round = -warmUps; round < runs; round++)
    for (let n = 0; n < contestants.length; n++) {
      const at = (n + round + warmUps) % contestants.length;
      const { run, reset } = contestants[at];
      await reset?.();
      const before = process.cpuUsage();
      const started = performance.now();
      await run();
      const ms = performance.now() - started;
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      times[at].push(ms);
      cpu[at].push((user + system) / 1000);
    }
  return contestants.map(({ run: _, reset: __, ...about }, n) => ({
    ...about,
    ...summary(times[n]),
    cpu: summary(cpu[n]).median,
  }));
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
