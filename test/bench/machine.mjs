import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** What the times were taken on. */
export function machine() {
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/webgpu/package.json', import.meta.url), 'utf8'),
  );
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()}`,
    node: process.version,
    webgpu: version,
  };
}

/** From the call on: the share of all cores that other processes used. */
export function watchOthers() {
  const before = usage();
  return () => {
    const after = usage();
    const others = after.busy - before.busy - (after.own - before.own);
    return Math.max(0, others / (after.busy + after.idle - before.busy - before.idle));
  };
}

/** CPU time in ms: of all processes, of none, and of this one with all its threads. */
function usage() {
  let busy = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  const { user, system } = process.cpuUsage();
  return { busy, idle, own: (user + system) / 1000 };
}
