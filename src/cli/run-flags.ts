import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import type { RunOptions } from '../engine/run.js';
import { MOST_THREADS } from '../engine/threads.js';
import { oneOf } from './input-flags.js';

export interface RunFlags {
  backend?: string;
  adapter?: string;
  threads?: string;
  tileRows?: string;
  workgroup?: string;
  profile?: boolean;
}

/** Adds the flags that say how an analytic is executed. */
export function runFlags(command: Command, backend: boolean): Command {
  if (backend)
    command.option(
      '--backend <name>',
      'auto (a hardware adapter, else the CPU), cpu or webgpu (default: auto, webgpu with --adapter)',
    );
  return command
    .option('--adapter <kind>', 'hardware, software or any')
    .option(
      '--threads <n>',
      'threads of the CPU backend (default: as many as the machine runs at once); results never depend on it',
    )
    .option('--tile-rows <n>', 'rows a tile at most; results never depend on it')
    .option('--workgroup <n>', 'preferred workgroup size; results never depend on it')
    .option('--profile', 'print GPU times by dispatch and the bytes moved');
}

/**
 * The checked options of `run`, `sweep` and, on `both` backends, `verify`. An adapter asked for is one that must be used:
 * it implies webgpu.
 */
export function runOptions(flags: RunFlags, both = false): RunOptions {
  const adapter = oneOf('--adapter', flags.adapter, ['hardware', 'software', 'any']);
  const backend = oneOf('--backend', flags.backend, ['auto', 'cpu', 'webgpu']);
  if (adapter !== undefined && backend !== undefined && backend !== 'webgpu')
    throw new InputError('--adapter', adapter, `needs --backend webgpu, not ${backend}`);
  const options = {
    backend: adapter === undefined ? backend : 'webgpu',
    adapter,
    threads: threadsOf(flags, both),
    tileRows: positive('--tile-rows', flags.tileRows),
    workgroup: positive('--workgroup', flags.workgroup),
    profile: flags.profile,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as RunOptions;
}

function threadsOf({ threads, backend, adapter }: RunFlags, both: boolean): number | undefined {
  const count = positive('--threads', threads);
  if (count === undefined) return undefined;
  if (count > MOST_THREADS) throw new InputError('--threads', count, `must be at most ${MOST_THREADS}`);
  if (!both && (backend === 'webgpu' || adapter !== undefined))
    throw new InputError('--threads', count, 'is of the CPU backend, not of webgpu');
  return count;
}

export function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1)
    throw new InputError(flag, text, 'must be a whole number of at least 1');
  return Number(text);
}
