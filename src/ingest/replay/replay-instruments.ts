import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../core/errors.js';
import { type ReplayResult, replayBook } from './replay.js';
import type { ReplayAnswer, ReplayJob } from './replay-job.js';

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
  let next = 0;
  const pool = Array.from(
    { length: threads },
    () => new Worker(new URL('./replay-worker.js', import.meta.url)),
  );
  const stop = new AbortController();
  const halt = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  try {
    await Promise.all(
      pool.map(async (worker) => {
        while (next < jobs.length) {
          halt.throwIfAborted();
          const at = next++;
          worker.postMessage(jobs[at]);
          // an uncaught error of the worker rejects
          const [answer] = await once(worker, 'message', { signal: halt });
          results[at] = resultOf(answer as ReplayAnswer);
        }
      }),
    );
  } finally {
    stop.abort();
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
  return results;
}

function resultOf(answer: ReplayAnswer): ReplayResult {
  if ('result' in answer) return answer.result;
  if ('input' in answer) throw new InputError(answer.input.subject, answer.input.found, answer.input.bound);
  throw new Error(`replay worker failed: ${answer.failure}`);
}
