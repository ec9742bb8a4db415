import { availableParallelism } from 'node:os';
import { InputError } from '../../core/errors.js';
import { inWorkers } from './in-workers.js';
import { type ReplayResult, replayBook } from './replay.js';
import type { ReplayJob } from './replay-job.js';

export interface ReplayPool {
  /** Threads; default as many as the machine runs at once. 1 replays inline. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/**
 * Replays instruments in parallel, each as a whole in one thread; results come in the order of the jobs and do not depend
 * on the number of threads. Columns on SharedArrayBuffers are shared, others copied. The first error stops all.
 * Workers run the build: from TypeScript sources everything runs inline.
 */
export async function replayInstruments(
  jobs: readonly ReplayJob[],
  { workers = availableParallelism(), signal }: ReplayPool = {},
): Promise<ReplayResult[]> {
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new InputError('replay workers', workers, 'must be a whole number from 1');
  const results: ReplayResult[] = [];
  const threads = import.meta.url.endsWith('.ts') ? 1 : Math.min(workers, jobs.length);
  if (threads <= 1) {
    for (const { columns, options, until } of jobs) {
      signal?.throwIfAborted();
      results.push(replayBook(columns, options, until));
    }
    return results;
  }
  await inWorkers<ReplayJob, ReplayResult>(
    new URL('./replay-worker.js', import.meta.url),
    jobs,
    threads,
    (result, at) => {
      results[at] = result;
    },
    signal,
  );
  return results;
}
